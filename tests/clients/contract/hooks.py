"""Hooks of schemathesis: real identifiers, a caller who stays signed in, and a record of what was answered."""

import json
import os

import schemathesis

import supply
from world import World

WORLD = World(
    os.environ["CONTRACT_BASE"], os.environ["CONTRACT_DATABASE"], os.environ["CONTRACT_PERSONA"], os.environ["CONTRACT_SEED"]
)
LEDGER = open(os.environ["CONTRACT_LEDGER"], "a", encoding="utf-8", buffering=1)
TOKENS = set()
SUCCEEDED = set()

# After these the caller may have no session, account, password or place any more.
ENDS_CALLER = {
    "sign_out", "end_other_sessions", "end_session", "change_password", "switch_organization", "archive_organization",
    "update_me", "accept_invitation", "end_sessions_of_user", "end_session_of_user", "reset_password", "disable_user",
    "remove_member", "update_member", "set_member_roles", "update_role", "set_role_permissions", "delete_role", "update_user",
}


def token():
    value = WORLD.anybody().token
    TOKENS.add(value)
    return value


if WORLD.persona != "nobody":

    @schemathesis.auth(refresh_interval=None)
    class Bearer:
        """Signs requests in. What is set here is replaced by the latest token when the request goes out."""

        def get(self, case, context):
            return token()

        def set(self, case, data, context):
            case.headers = case.headers or {}
            case.headers["Authorization"] = f"Bearer {data}"


def operation_of(case):
    return case.operation.definition.raw.get("operationId", case.operation.label)


def is_valid(case, place):
    """Whether this part of the request was made to be valid; what was made to be refused must stay as it is."""
    if case.meta is None:
        return True
    data = case.meta.phase.data
    location = getattr(data, "parameter_location", None)
    if case.meta.generation.mode.is_negative and (location is None or location.name == place):
        return False
    for known, component in case.meta.components.items():
        if known.name == place and component.mode.is_negative:
            return False
    return not str(getattr(data, "scenario", "")).startswith("un")


@schemathesis.hook
def before_call(context, case, kwargs):
    operation, template = operation_of(case), case.operation.path

    def real(share):
        """Mostly real things, sometimes random ones; always real ones until the operation has succeeded once."""
        return operation not in SUCCEEDED or WORLD.random.random() < share

    sent = (case.headers or {}).get("Authorization", "")
    if sent.removeprefix("Bearer ") in TOKENS:
        case.headers["Authorization"] = f"Bearer {token()}"
    if "{" in template and is_valid(case, "PATH") and real(0.85):
        ids = supply.path(WORLD, operation, template)
        assert ids, f"{operation}: nothing is known that {template} could name"
        case.path_parameters = {**(case.path_parameters or {}), **ids}
    # The keeper makes all the others; without one there is no world any more.
    for name, value in (case.path_parameters or {}).items():
        if value == WORLD.keeper.id:
            case.path_parameters[name] = WORLD.anybody().id
    # The library that sends takes this value for an order of its own, and fails.
    headers = {name: value for name, value in (case.headers or {}).items() if value != "@@@SKIP_HEADER@@@"}
    if case.headers:
        case.headers = headers
    # HTTP knows no headers that must not be there: a known one takes the place of one that was made up to be refused.
    if "Keystead-At-Least" in headers and not is_valid(case, "HEADER") and any(name.lower().startswith("x-schemathesis-unknown") for name in headers):
        case.headers = {**headers, "Keystead-At-Least": "unknown"}
    if "If-None-Match" in headers and operation not in SUCCEEDED:
        case.headers = {name: value for name, value in headers.items() if name != "If-None-Match"}
    # A cursor is opaque: none can be made up, and the document cannot say so.
    if "cursor" in (case.query or {}) and is_valid(case, "QUERY"):
        case.query = {name: value for name, value in case.query.items() if name != "cursor"}
    if "organization_id" in (case.query or {}) and is_valid(case, "QUERY") and real(0.7):
        case.query = {**case.query, "organization_id": WORLD.anybody().organization}
    if is_valid(case, "BODY") and real(0.5):
        body = supply.body(WORLD, operation)
        if body is not None:
            case.body = body
    wants_tag = any(item["name"] == "If-Match" for item in case.operation.definition.raw.get("parameters", []))
    if wants_tag and "If-Match" in (case.headers or {}) and is_valid(case, "HEADER") and real(0.85):
        tag = supply.etag(WORLD, case.method.upper(), case.formatted_path)
        if tag:
            case.headers["If-Match"] = tag


@schemathesis.hook
def after_call(context, case, response):
    operation = operation_of(case)
    signed_in = (case.headers or {}).get("Authorization", "").removeprefix("Bearer ") in TOKENS
    if response.status_code < 300:
        SUCCEEDED.add(operation)
    LEDGER.write(json.dumps([operation, case.method.upper(), response.status_code]) + "\n")
    if operation in ENDS_CALLER or (signed_in and response.status_code == 401):
        WORLD.forget_caller()
