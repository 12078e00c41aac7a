"""Keystead, asked over its API, against PyPI casbin: generated models, rules and requests.

Run by the project's tests. By hand: differential.py FOLDER MODELS SEED, with the environment of the other clients.
"""

import logging
import os
import sys

import casbin
import httpx

from generate import DENY, Case
from keystead_process import Keystead

REQUESTS = 40


def expect(response: httpx.Response, status: int):
    if response.status_code != status:
        request = response.request
        raise AssertionError(f"{request.method} {request.url}: {response.status_code}, not {status}: {response.text}")
    return response.json() if response.content else None


def start(server):
    """A person's organization: her client, the one of a program that may ask about everybody, and the organization."""
    person = {"username": "ada", "email": "ada@example.org", "password": "correct horse battery staple"}
    with server.client() as http:
        expect(http.post("/api/v1/accounts", json=person), 201)
        login = {"login": "ada", "password": person["password"]}
        token = expect(http.post("/api/v1/sessions", json=login), 200)["access_token"]
    ada = server.client(token)
    organization = expect(ada.get("/api/v1/me"), 200)["organization_id"]
    scopes = {"name": "oracle", "scopes": ["access:evaluate"]}
    key = expect(ada.post("/api/v1/service-accounts", json=scopes), 201)["key"]
    return ada, server.client(key), organization


def load(ada, case):
    """Puts the model and the rules into force."""
    expect(ada.put("/api/v1/access/rules", json={"rules": []}), 200)
    version = ada.get("/api/v1/access/model").headers["etag"]
    expect(ada.put("/api/v1/access/model", json={"text": case.text}, headers={"If-Match": version}), 200)
    rules = [{"ptype": rule[0], "values": list(rule[1:])} for rule in case.rules]
    expect(ada.put("/api/v1/access/rules", json={"rules": rules}), 200)


def oracle(case):
    enforcer = casbin.Enforcer(casbin.Enforcer.new_model(text=case.text))
    for kind, *values in case.rules:
        add = enforcer.add_named_grouping_policy if kind == "g" else enforcer.add_named_policy
        assert add(kind, values), case.rules
    return enforcer


def question(subject, resource, action):
    def entity(kind, value):
        return {"type": kind, "id": "1", "properties": value} if isinstance(value, dict) else {"type": kind, "id": value}

    return {"subject": entity("user", subject), "resource": entity("path", resource), "action": {"name": action}}


def compare(program, case, organization, seed):
    """Asks both. Returns how many were allowed."""
    enforcer, requests = oracle(case), [case.request() for _ in range(REQUESTS)]
    body = {"evaluations": [question(*request) for request in requests]}
    answers = expect(program.post("/access/v1/evaluations", json=body), 200)["evaluations"]
    allowed = 0
    for (subject, resource, action), answer in zip(requests, answers, strict=True):
        domain = [organization] if case.domains else []
        expected = enforcer.enforce(subject, *domain, resource, action)
        reason = answer["context"].get("reason")
        assert answer["decision"] == (reason == "rule"), answer
        # Where nothing matches, Casbin allows under this effect, and here rules say nothing.
        found = reason != "denied_by_rule" if case.effect == DENY else answer["decision"]
        if found != expected:
            rules = "\n".join(", ".join(rule) for rule in case.rules)
            raise AssertionError(
                f"seed {seed}: {answer}, Casbin says {expected} to {subject} {domain} {resource} {action}\n{case.text}\n{rules}"
            )
        allowed += answer["decision"]
    return allowed


def main(folder, models, first):
    logging.disable(logging.CRITICAL)
    server = Keystead(os.environ["KEYSTEAD_TEST_DATABASE_URL"], folder).start()
    try:
        ada, program, organization = start(server)
        allowed = 0
        for number in range(models):
            case = Case(first + number, [organization, "elsewhere"])
            load(ada, case)
            allowed += compare(program, case, organization, first + number)
            if (number + 1) % 250 == 0:
                print(f"{(number + 1) * REQUESTS} of {models * REQUESTS} cases agree with PyPI casbin", flush=True)
        cases = models * REQUESTS
        print(f"{cases} cases agree with PyPI casbin, {allowed} of them allowed", flush=True)
        assert allowed > cases // 20, "so few were allowed that this shows little"
    finally:
        server.kill()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
