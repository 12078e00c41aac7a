"""Which real thing an operation gets: identifiers for its path, a body that can succeed, the current `If-Match`."""

import entitlements


def path(world, operation, template):
    """Real values for the path's parameters, or None where it has none."""
    who = world.anybody()
    fresh = operation.startswith(("delete_", "remove_", "revoke_", "archive_", "end_", "cancel_", "retry_", "take_"))

    def one(kind, make):
        return make() if fresh else world.kept(kind, make)

    def create(plural, body):
        return lambda: who.call("POST", f"/api/v1/{plural}", json=body).json()["id"]

    def team():
        return create("teams", {"name": world.name()})()

    def member():
        return one("members", lambda: world.joined(who, "user").id)

    ids = entitlements.path(world, who, operation, template, one)
    if ids:
        return ids
    if operation in ("cancel_job", "retry_job", "get_job"):
        return {"job_id": world.job("dead" if operation == "retry_job" else "queued")}
    if operation == "get_audit_event":
        events = who.call("GET", "/api/v1/audit-events", params={"limit": 20}).json()["items"]
        return {"audit_event_id": world.random.choice(events)["id"]}
    if operation == "end_session":
        return {"session_id": world.sign_in(who.name, who.password).session}
    if operation in ("add_team_member", "remove_team_member"):
        ids = {"team_id": team(), "user_id": world.joined(who, "user").id if world.random.random() < 0.2 else who.id}
        if operation == "remove_team_member":
            who.call("PUT", f"/api/v1/teams/{ids['team_id']}/members/{ids['user_id']}")
        return ids
    if "{team_id}" in template:
        return {"team_id": one("teams", team)}
    if "{role_id}" in template:
        return {"role_id": one("roles", create("roles", {"name": world.name()[:50]}))}
    if "{rule_id}" in template:
        return {"rule_id": one("rules", lambda: _rule(world, who))}
    if "{entity_type}" in template:
        return {"entity_type": "document", "entity_id": one("entities", lambda: _entity(world, who))}
    if "{permission_id}" in template:
        word = world.name().replace("-", "_")
        return {"permission_id": one("permissions", create("permissions", {"name": f"{word}:read:organization"}))}
    if "{invitation_id}" in template:
        return {"invitation_id": one("invitations", lambda: who.invite(f"{world.name()}@example.org", "user")[1])}
    if "{organization_id}" in template and "{user_id}" in template:
        return {"organization_id": who.organization, "user_id": member()}
    if operation == "archive_organization":
        return {"organization_id": world.found(who)} if world.persona == "admin" else {"organization_id": who.organization}
    if "{organization_id}" in template:
        return {"organization_id": who.organization}
    if template.endswith(("/users/{user_id}/user-levels", "/users/{user_id}/permissions")):
        return {"user_id": member()}
    if "{user_id}" in template:
        other = one("people", world.person)
        return {"user_id": other.id, **({"session_id": other.session} if "{session_id}" in template else {})}
    return None


def etag(world, method, path):
    """The current version of what is at this path, as `If-Match` wants it."""
    path = path.removesuffix("/roles") if method == "PUT" and "/members/" in path else path
    # All that a user level says at once is of the level's version.
    path = path.removesuffix("/feature-permissions/all").removesuffix("/view-permissions/all")
    answer = world.anybody().call("GET", path, ok=False)
    return answer.headers.get("etag")


def body(world, operation):
    """A body that can succeed, or None where any valid one can."""
    who = world.anybody()
    make = BODIES.get(operation)
    return make(world, who) if make else None


def _new_rule(world):
    return {"ptype": "p", "values": [world.name(), "*", "document:*", "read"]}


def _rule(world, who):
    """A new rule's identifier."""
    return who.call("POST", "/api/v1/access/rules", json={"rules": [_new_rule(world)]}).json()["ids"][0]


def _entity(world, who):
    """The identifier of a new document that decisions know."""
    name = world.name()
    who.call("PUT", "/api/v1/access/entities", json={"entities": [{"type": "document", "id": name}]})
    return name


def _invitation(world, who):
    host = world.kept("hosts", world.person)
    return {"token": host.invite(who.email, "user")[0]}


def _refresh(world, _):
    person = world.kept("refreshing", world.person)
    answer = world.http.post("/api/v1/sessions/refresh", json={"refresh_token": person.refresh_token})
    if answer.is_success:
        person.refresh_token = answer.json()["refresh_token"]
    else:
        world.stock["refreshing"].remove(person)
        person = world.person()
    return {"refresh_token": person.refresh_token}


def _user(world, _):
    return {**world.registration(), "must_change_password": True}


def _home(world, who):
    return {"organization_id": who.organization}


BODIES = {
    **entitlements.BODIES,
    "register": lambda world, _: world.registration(),
    "sign_in": lambda world, who: {"login": who.name, "password": who.password, "device_info": {"name": "a test"}},
    "refresh": _refresh,
    "accept_invitation": _invitation,
    "decline_invitation": _invitation,
    "switch_organization": _home,
    "change_password": lambda world, who: {"current_password": who.password, "new_password": f"another phrase for {world.name()}"},
    "reset_password": lambda world, _: {"password": f"a phrase given to {world.name()}"},
    "create_user": _user,
    "update_user": lambda world, _: {"first_name": "Grace", "metadata": {"desk": 4}},
    "update_me": lambda world, _: {"first_name": "Ada", "preferences": {"theme": "dark"}},
    "create_invitation": lambda world, _: {"email": f"{world.name()}@example.org", "role": "user"},
    "create_organization": lambda world, _: {"name": world.name()},
    "update_organization": lambda world, _: {"name": world.name()},
    "create_team": lambda world, _: {"name": world.name()},
    "update_team": lambda world, _: {"name": world.name()},
    "create_role": lambda world, _: {"name": world.name()[:50], "permissions": ["teams:read:organization"]},
    "update_role": lambda world, _: {"description": "changed"},
    "set_role_permissions": lambda world, _: {"permissions": ["teams:read:organization"]},
    "set_member_roles": lambda world, _: {"roles": ["user"]},
    "update_member": lambda world, _: {"status": "active"},
    "put_policy_model": lambda _, who: {"text": who.call("GET", "/api/v1/access/model").json()["text"]},
    "create_rules": lambda world, _: {"rules": [_new_rule(world), {**_new_rule(world), "is_active": False}]},
    "replace_rules": lambda world, _: {"rules": [_new_rule(world)]},
    "update_rule": lambda world, _: {"values": _new_rule(world)["values"], "priority": 3},
    "delete_rules": lambda world, who: {"ids": [_rule(world, who)]},
    "import_rules": lambda world, _: f"p, {world.name()}, *, document:*, read\n",
    "reimport_rules": lambda world, _: f"p, {world.name()}, *, document:*, read\n",
    "put_entities": lambda world, _: {"entities": [{"type": "document", "id": world.name(), "properties": {"n": 1}}]},
    "delete_entities": lambda world, who: {"entities": [{"type": "document", "id": _entity(world, who)}]},
    "create_permission": lambda world, _: {"name": world.name().replace("-", "_")[:30].lower() + ":read:organization"},
}
