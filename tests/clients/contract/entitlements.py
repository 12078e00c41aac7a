"""What the access capability's operations get: catalogue, user levels, service accounts, questions."""

# Which parameter of a path names what, and where such a thing is made.
CATALOGUE = {
    "view_id": "views", "feature_id": "features", "module_id": "modules", "menu_item_id": "menu-items",
    "sub_menu_item_id": "sub-menu-items",
}  # fmt: skip


def path(world, who, operation, template, one):
    """Real values for the parameters of these operations' paths, or None where none of them is meant."""
    for parameter, plural in CATALOGUE.items():
        if template.startswith(f"/api/v1/{plural}/"):
            return {parameter: one(plural, lambda: thing(world, plural))}
    if "{organization_id}/modules/{module_id}" in template:
        return {"organization_id": who.organization, "module_id": _module_of(world, who)}
    if template.startswith("/api/v1/service-accounts/"):
        return _service_account(world, who, template, one)
    if template.startswith("/api/v1/user-levels/"):
        return _user_level(world, who, operation, template, one)
    return None


def thing(world, plural):
    """The identifier of a new thing of the catalogue, which only the platform makes."""
    return world.keeper.call("POST", f"/api/v1/{plural}", json=_new(world, plural)).json()["id"]


def _kept(world, plural):
    return world.kept(plural, lambda: thing(world, plural))


def _new(world, plural):
    name = world.name()
    body = {"key": name, "name": name}
    return {**body, "menu_item_id": _kept(world, "menu-items")} if plural == "sub-menu-items" else body


def _module_of(world, who):
    """A module that the organization has."""
    module = thing(world, "modules")
    path = f"/api/v1/organizations/{who.organization}/modules/{module}"
    if world.persona == "admin":
        world.keeper.call("PUT", path, json={"is_active": True})
    return module


def _service_account(world, who, template, one):
    def account():
        return who.call("POST", "/api/v1/service-accounts", json=_account(world)).json()["id"]

    ids = {"service_account_id": account() if "{key_id}" in template else one("accounts", account)}
    if "{key_id}" in template:
        keys = f"/api/v1/service-accounts/{ids['service_account_id']}/keys"
        ids["key_id"] = who.call("GET", keys).json()["items"][0]["id"]
    return ids


def _account(world):
    return {"name": world.name(), "scopes": ["teams:read:organization"]}


def _user_level(world, who, operation, template, one):
    def level():
        return who.call("POST", "/api/v1/user-levels", json={"name": world.name()}).json()["id"]

    ids = {"user_level_id": one("levels", level)}
    at = f"/api/v1/user-levels/{ids['user_level_id']}"
    if "{user_id}" in template:
        ids["user_id"] = world.joined(who, "user").id
        if operation == "take_user_level":
            who.call("PUT", f"{at}/members/{ids['user_id']}")
    for parameter, kind in (("feature_permission_id", "feature"), ("view_permission_id", "view")):
        if f"{{{parameter}}}" in template:
            permission = BODIES[f"put_{kind}_permissions"](world, who)
            who.call("PUT", f"{at}/{kind}-permissions", json=permission)
            ids[parameter] = who.call("GET", f"{at}/{kind}-permissions").json()["items"][0]["id"]
    return ids


def _items(plural):
    return lambda world, _: {"items": [_new(world, plural)]}


def _feature_permission(world, value="allow"):
    return {"feature_id": _kept(world, "features"), "action": "read", "value": value, "scope": "organization"}


def _view_permission(world, value="allow"):
    return {"view_id": _kept(world, "views"), "value": value}


def _question(_, who):
    return {
        "subject": {"type": "user", "id": who.id}, "action": {"name": "read"}, "resource": {"type": "document", "id": "1"},
    }  # fmt: skip


def _without(place):
    """A search: the question without what is searched for, but for its type."""

    def search(world, who):
        question = _question(world, who)
        sought = question.pop(place)
        return question if place == "action" else {**question, place: {"type": sought["type"]}}

    return search


def _levels(world, who):
    level = who.call("POST", "/api/v1/user-levels", json={"name": world.name()}).json()["id"]
    return {"user_levels": [level]}


def _cell(world, who):
    level = who.call("POST", "/api/v1/user-levels", json={"name": world.name()}).json()["id"]
    return {"features": [{"user_level_id": level, **_feature_permission(world)}]}


def _entry(world):
    name = world.name()
    return {"key": name, "name": name}


BODIES = {
    **{f"create_{one}": (lambda plural: lambda world, _: _new(world, plural))(plural) for one, plural in {
        "view": "views", "feature": "features", "module": "modules", "menu_item": "menu-items", "sub_menu_item": "sub-menu-items",
    }.items()},
    "put_views": _items("views"),
    "put_features": _items("features"),
    "put_modules": _items("modules"),
    "put_menu_items": _items("menu-items"),
    "put_sub_menu_items": _items("sub-menu-items"),
    **{f"update_{one}": lambda world, _: {"name": world.name()} for one in (
        "view", "feature", "module", "menu_item", "sub_menu_item", "user_level", "service_account",
    )},
    "set_feature_views": lambda world, _: {"views": [_kept(world, "views")]},
    "set_module_views": lambda world, _: {"views": [_kept(world, "views")]},
    "set_module_features": lambda world, _: {"features": [_kept(world, "features")]},
    "replace_organization_modules": lambda world, _: {"modules": [{"module_id": _kept(world, "modules")}]},
    "set_organization_module": lambda *_: {"is_active": False},
    "import_catalogue": lambda world, _: {"views": [_entry(world)], "features": [_entry(world)]},
    "import_access_set": lambda world, _: {"entities": [{"type": "document", "id": world.name()}]},
    "record_trail": lambda world, _: {"visits": [{"view_id": _kept(world, "views")}]},
    "create_user_level": lambda world, _: {"name": world.name()},
    "put_feature_permissions": lambda world, _: {"permissions": [_feature_permission(world)]},
    "replace_feature_permissions": lambda world, _: {"permissions": [_feature_permission(world, "deny")]},
    "update_feature_permission": lambda *_: {"value": "deny"},
    "put_view_permissions": lambda world, _: {"permissions": [_view_permission(world)]},
    "replace_view_permissions": lambda world, _: {"permissions": [_view_permission(world, "deny")]},
    "update_view_permission": lambda *_: {"value": "deny"},
    "set_levels_of_member": _levels,
    "change_access_matrix": _cell,
    "create_service_account": lambda world, _: _account(world),
    "create_api_key": lambda *_: {"scopes": ["teams:read:organization"]},
    "rotate_api_key": lambda *_: {"overlap_seconds": 60},
    "evaluate": _question,
    "evaluate_many": lambda world, who: {"evaluations": [_question(world, who)] * 2},
    "explain_access": _question,
    "preview_access": lambda world, _: {"changes": [{"add_rules": {"rules": [
        {"ptype": "p", "values": [world.name(), "*", "document:*", "read"]},
    ]}}]},
    "search_subjects": _without("subject"),
    "search_resources": _without("resource"),
    "search_actions": _without("action"),
}
