"""What the API is tried on: people, organizations and their things, made through the API when an operation needs one.

Random identifiers name nothing, so they only ever show 404. Whoever asks here gets one that is real and may be used up.
"""

import random
import sqlite3
import time
import uuid

import httpx

ADMIN_PASSWORD = "a quite long administrator password"
KEEPER_PASSWORD = "what the keeper of the world knows"
PLATFORM_ROLE = "admin"


class Person:
    """Somebody who has signed in."""

    def __init__(self, world, name, password, body):
        self.world, self.name, self.password = world, name, password
        self.id, self.email = body["user"]["id"], body["user"]["email"]
        self.token, self.refresh_token = body["access_token"], body["refresh_token"]
        self.session, self.organization = body["session"]["id"], body["session"]["organization_id"]

    def call(self, method, path, *, ok=True, **arguments):
        """The answer; an error unless it is a success or `ok` is False."""
        headers = {"Authorization": f"Bearer {self.token}", **arguments.pop("headers", {})}
        answer = self.world.http.request(method, path, headers=headers, **arguments)
        if ok and not answer.is_success:
            raise RuntimeError(f"{self.name}: {method} {path}: {answer.status_code} {answer.text}")
        return answer

    def switch(self, organization):
        """Works in `organization` from now on."""
        answer = self.call("POST", "/api/v1/sessions/current/organization", json={"organization_id": organization}).json()
        self.token, self.organization = answer["access_token"], organization
        return self

    def invite(self, email, role):
        """The token of a new invitation, and its identifier."""
        answer = self.call("POST", "/api/v1/invitations", json={"email": email, "role": role}).json()
        return answer["token"], answer["id"]


class World:
    """One server's people. `persona` is who calls: `admin`, `user` or `nobody`."""

    def __init__(self, base, database, persona, seed):
        self.http = httpx.Client(base_url=base, timeout=30)
        self.database, self.persona = database, persona
        self.random = random.Random(f"{seed} {persona}")
        self.made = 0
        self.keeper = self.sign_in("admin", KEEPER_PASSWORD)
        self.caller = None
        self.stock = {}

    def name(self):
        """A name that nobody has."""
        self.made += 1
        return f"{self.persona}-{self.made}-{self.random.randrange(10**9)}"

    def sign_in(self, name, password):
        answer = self.http.post("/api/v1/sessions", json={"login": name, "password": password})
        if not answer.is_success:
            raise RuntimeError(f"{name} cannot sign in: {answer.status_code} {answer.text}")
        return Person(self, name, password, answer.json())

    def registration(self):
        """What a new person sends to register."""
        name = self.name()
        return {"username": name, "email": f"{name}@example.org", "password": f"the long phrase of {name}"}

    def person(self):
        """A new person, signed in."""
        account = self.registration()
        answer = self.http.post("/api/v1/accounts", json=account)
        if answer.status_code != 201:
            raise RuntimeError(f"registration: {answer.status_code} {answer.text}")
        return self.sign_in(account["username"], account["password"])

    def joined(self, host, role):
        """A new person who works in the host's organization."""
        guest = self.person()
        token, _ = host.invite(guest.email, role)
        guest.call("POST", "/api/v1/invitations/accept", json={"token": token})
        return guest

    def anybody(self):
        """Who makes things for the calls: the caller, or somebody of the caller's kind where nobody calls."""
        if self.caller is None:
            self.caller = self.person()
            if self.persona == "admin":
                platform = self.keeper.organization
                token, _ = self.keeper.invite(self.caller.email, PLATFORM_ROLE)
                self.caller.call("POST", "/api/v1/invitations/accept", json={"token": token})
                self.caller.switch(platform)
            else:
                self.caller.switch(self.found(self.caller))
        return self.caller

    def forget_caller(self):
        """The caller's session, account or place may be gone."""
        self.caller = None
        self.stock.clear()

    @staticmethod
    def found(person):
        """A new organization of this person's."""
        return person.call("POST", "/api/v1/organizations", json={"name": "Engines"}).json()["id"]

    def job(self, status):
        """A job in this state, put into the database itself: no operation makes one."""
        job, now = uuid.uuid4(), time.strftime("%Y-%m-%dT%H:%M:%S.000000+00:00", time.gmtime())
        with sqlite3.connect(self.database, timeout=30) as database:
            # In a far future, so that no worker takes it.
            database.execute(
                "INSERT INTO jobs (id, organization_id, kind, payload, status, run_at, attempts, max_attempts, progress,"
                " result, created_at, updated_at, finished_at) VALUES (?, ?, 'delete_expired_rows', '{}', ?,"
                " '2999-01-01T00:00:00.000000+00:00', 0, 3, 0, 'null', ?, ?, ?)",
                (job.bytes, uuid.UUID(self.anybody().organization).bytes, status, now, now, now if status == "dead" else None),
            )
        return str(job)

    def kept(self, kind, make):
        """One of a few that are made once and used again."""
        stock = self.stock.setdefault(kind, [])
        if len(stock) < 2:
            stock.append(make())
        return self.random.choice(stock)
