"""The main job, by an independent client: register, sign in, verify the token, refresh, replay, restart, go on.

Run by the project's tests once per store. By hand:
KEYSTEAD_TEST_BINARY=target/debug/keystead KEYSTEAD_TEST_DATABASE_URL=sqlite:/tmp/x/k.db python journey.py /tmp/x
"""

import os
import sys

import httpx
import jwt

from keystead_process import ADMIN_PASSWORD, Keystead, secrets_in_logs

ISSUER = "http://keystead.test"


def expect(response: httpx.Response, status: int):
    """The answer's JSON, if it has the expected status."""
    if response.status_code != status:
        raise AssertionError(f"{response.request.method} {response.request.url}: {response.status_code}, not {status}: {response.text}")
    if status >= 400:
        assert response.headers["content-type"].startswith("application/problem+json"), response.headers
        problem = response.json()
        assert problem["status"] == status and problem["code"], problem
        return problem
    return response.json() if response.content else None


def verified(server, token):
    """The claims of an access token, verified with nothing but the published key set (RFC 7517, RFC 9068)."""
    keys = jwt.PyJWKClient(server.base + "/.well-known/jwks.json")
    key = keys.get_signing_key_from_jwt(token)
    header = jwt.get_unverified_header(token)
    assert header["typ"] == "at+jwt", header
    claims = jwt.decode(token, key.key, algorithms=["EdDSA", "ES256", "RS256"], issuer=ISSUER, audience="keystead",
                        options={"require": ["iss", "sub", "aud", "exp", "iat", "jti"]})
    assert set(claims) == {"iss", "sub", "aud", "exp", "iat", "jti", "sid", "org", "roles"}, claims
    assert claims["exp"] - claims["iat"] == 600, claims
    return claims


def sign_in(server, login, password, status=200):
    with server.client() as http:
        return expect(http.post("/api/v1/sessions", json={"login": login, "password": password}), status)


def refresh(server, token, status=200):
    with server.client() as http:
        return expect(http.post("/api/v1/sessions/refresh", json={"refresh_token": token}), status)


def journey(server, keeps_rows):
    password = "correct horse battery staple"
    person = {"username": "Ada", "email": "Ada@Example.org", "password": password}
    with server.client() as http:
        account = expect(http.post("/api/v1/accounts", json=person), 201)
        assert account["username"] == "Ada" and password not in str(account) and "password_hash" not in account, account
        taken = expect(http.post("/api/v1/accounts", json={**person, "username": "ADA", "email": "b@example.org"}), 409)
        assert taken["code"] == "username_taken", taken
        taken = expect(http.post("/api/v1/accounts", json={**person, "username": "ada2", "email": "ada@EXAMPLE.org"}), 409)
        assert taken["code"] == "email_taken", taken

    wrong = sign_in(server, "ada", "not the password at all", 401)
    unknown = sign_in(server, "nobody", "not the password at all", 401)
    for problem in (wrong, unknown):
        problem.pop("request_id", None)
    assert wrong == unknown, (wrong, unknown)

    first = sign_in(server, "ADA", password)
    assert first["token_type"] == "Bearer" and first["expires_in"] == 600, first
    claims = verified(server, first["access_token"])
    assert claims["sub"] == account["id"] and claims["sid"] == first["session"]["id"], claims

    with server.client(first["access_token"]) as http:
        me = http.get("/api/v1/me")
        body = expect(me, 200)
        assert body["email"] == "Ada@example.org", body
        expect(http.patch("/api/v1/me", json={"first_name": "Ada"}), 428)
        changed = http.patch("/api/v1/me", json={"first_name": "Ada"}, headers={"If-Match": me.headers["etag"]})
        assert expect(changed, 200)["first_name"] == "Ada"
        expect(http.patch("/api/v1/me", json={"first_name": "Eve"}, headers={"If-Match": me.headers["etag"]}), 412)

    second = refresh(server, first["refresh_token"])
    third = refresh(server, second["refresh_token"])
    assert len({first["refresh_token"], second["refresh_token"], third["refresh_token"]}) == 3
    lost = refresh(server, second["refresh_token"])
    assert lost["refresh_token"] == third["refresh_token"], "a lost reply is answered with the same successor"

    # The first token is old now: the whole family ends, and with it the access tokens.
    refresh(server, first["refresh_token"], 401)
    refresh(server, third["refresh_token"], 401)
    with server.client(third["access_token"]) as http:
        expect(http.get("/api/v1/me"), 401)

    again = sign_in(server, "ada@example.org", password)
    with server.client(again["access_token"]) as http:
        team_key = {"Idempotency-Key": "one-team-please"}
        team = expect(http.post("/api/v1/teams", json={"name": "Engines"}, headers=team_key), 201)
        same = expect(http.post("/api/v1/teams", json={"name": "Engines"}, headers=team_key), 201)
        assert team["id"] == same["id"], (team, same)
        expect(http.post("/api/v1/teams", json={"name": "Other"}, headers=team_key), 409)
        events = expect(http.get("/api/v1/audit-events", params={"limit": 200}), 200)["items"]
        types = {event["event_type"] for event in events}
        assert {"session.created", "team.created", "session.refresh_replayed"} <= types, types

    logged = secrets_in_logs(server.lines, [password, ADMIN_PASSWORD, first["refresh_token"], again["access_token"]])
    server.stop()
    server.start()
    if not keeps_rows:
        sign_in(server, "ada", password, 401)
        return logged

    verified(server, again["access_token"])
    with server.client(again["access_token"]) as http:
        teams = expect(http.get("/api/v1/teams"), 200)["items"]
        assert [item["name"] for item in teams] == ["Engines"], teams
    renewed = refresh(server, again["refresh_token"])
    with server.client(renewed["access_token"]) as http:
        sessions = expect(http.get("/api/v1/sessions"), 200)["items"]
        assert len(sessions) == 1 and sessions[0]["is_current"], sessions
        expect(http.post("/api/v1/me/password", json={"current_password": password, "new_password": "another fine long phrase"}), 204)
        expect(http.delete("/api/v1/sessions/current"), 204)
        expect(http.get("/api/v1/me"), 401)
    refresh(server, renewed["refresh_token"], 401)
    sign_in(server, "ada", password, 401)
    sign_in(server, "ada", "another fine long phrase")
    return logged


def main():
    database_url = os.environ["KEYSTEAD_TEST_DATABASE_URL"]
    server = Keystead(database_url, sys.argv[1]).start()
    try:
        logged = journey(server, keeps_rows=database_url != "memory:")
        assert not logged, f"secrets in the log: {logged}"
        server.stop()
    finally:
        if server.process.poll() is None:
            server.kill()
    print(f"journey: ok on {database_url.split(':')[0]}")


if __name__ == "__main__":
    main()
