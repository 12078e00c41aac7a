//! User levels, what they permit, who has them, and the matrix.

use super::*;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = levels();
    cases.extend(permissions());
    cases
}

const LEVEL: &str = "/api/v1/user-levels/{user_level_id}";

fn levels() -> Vec<Case> {
    vec![
        case("GET /api/v1/user-levels", User).needs("user_levels", Read),
        case("POST /api/v1/user-levels", Manager)
            .needs("user_levels", Create)
            .with(|_| json!({ "name": "Auditors" }))
            .events(&["user_level.created"]),
        case("GET /api/v1/user-levels/{user_level_id}", User).needs("user_levels", Read),
        case("PATCH /api/v1/user-levels/{user_level_id}", Manager)
            .needs("user_levels", Update)
            .with(|_| json!({ "description": "They write things down." }))
            .version_at(LEVEL)
            .events(&["user_level.updated"]),
        case("DELETE /api/v1/user-levels/{user_level_id}", Manager)
            .needs("user_levels", Delete)
            .after("DELETE", "/api/v1/user-levels/{user_level_id}/members/{user_id}")
            .version_at(LEVEL)
            .events(&["user_level.deleted"]),
        case("GET /api/v1/user-levels/{user_level_id}/members", User).needs("user_levels", Read),
        case("PUT /api/v1/user-levels/{user_level_id}/members/{user_id}", Manager)
            .needs("user_levels", Update)
            .after("DELETE", "/api/v1/user-levels/{user_level_id}/members/{user_id}")
            .events(&["user_level.given"]),
        case("DELETE /api/v1/user-levels/{user_level_id}/members/{user_id}", Manager)
            .needs("user_levels", Update)
            .events(&["user_level.taken"]),
        case("GET /api/v1/users/{user_id}/user-levels", User).needs("user_levels", Read),
        case("PUT /api/v1/users/{user_id}/user-levels", Manager)
            .needs("user_levels", Update)
            .with(|_| json!({ "user_levels": [] }))
            .events(&["member.user_levels_changed"]),
        case("GET /api/v1/access/matrix", User).needs("user_levels", Read),
        case("PUT /api/v1/access/matrix", Manager)
            .needs("user_levels", Update)
            .with(|world| {
                let (level, feature, view) = (&world.levels.level, &world.levels.feature, &world.levels.view);
                json!({
                    "features": [{ "user_level_id": level, "feature_id": feature, "action": "read", "value": null }],
                    "views": [{ "user_level_id": level, "view_id": view, "value": "deny" }],
                })
            })
            .events(&["user_level.permissions_changed"]),
    ]
}

const VIEW_PERMISSIONS: &str = "/api/v1/user-levels/{user_level_id}/view-permissions/{view_permission_id}";
const FEATURE_PERMISSIONS: &str = "/api/v1/user-levels/{user_level_id}/feature-permissions/{feature_permission_id}";

fn permissions() -> Vec<Case> {
    let changed = &["user_level.permissions_changed"];
    let on_view = |world: &World| json!({ "permissions": [{ "view_id": world.levels.view, "value": "deny" }] });
    let on_feature = |world: &World| {
        let permission =
            json!({ "feature_id": world.levels.feature, "action": "read", "value": "deny", "scope": "own" });
        json!({ "permissions": [permission] })
    };
    let read = |operation| case(operation, User).needs("user_levels", Read);
    let update = |operation| case(operation, Manager).needs("user_levels", Update).events(changed);
    vec![
        read("GET /api/v1/user-levels/{user_level_id}/view-permissions"),
        update("PUT /api/v1/user-levels/{user_level_id}/view-permissions").with(on_view),
        update("PUT /api/v1/user-levels/{user_level_id}/view-permissions/all").with(on_view).version_at(LEVEL),
        read("GET /api/v1/user-levels/{user_level_id}/view-permissions/{view_permission_id}"),
        update("PATCH /api/v1/user-levels/{user_level_id}/view-permissions/{view_permission_id}")
            .with(|_| json!({ "value": "deny" }))
            .version_at(VIEW_PERMISSIONS),
        update("DELETE /api/v1/user-levels/{user_level_id}/view-permissions/{view_permission_id}")
            .version_at(VIEW_PERMISSIONS),
        read("GET /api/v1/user-levels/{user_level_id}/feature-permissions"),
        update("PUT /api/v1/user-levels/{user_level_id}/feature-permissions").with(on_feature),
        update("PUT /api/v1/user-levels/{user_level_id}/feature-permissions/all").with(on_feature).version_at(LEVEL),
        read("GET /api/v1/user-levels/{user_level_id}/feature-permissions/{feature_permission_id}"),
        update("PATCH /api/v1/user-levels/{user_level_id}/feature-permissions/{feature_permission_id}")
            .with(|_| json!({ "scope": "own" }))
            .version_at(FEATURE_PERMISSIONS),
        update("DELETE /api/v1/user-levels/{user_level_id}/feature-permissions/{feature_permission_id}")
            .version_at(FEATURE_PERMISSIONS),
    ]
}

/// Requests of one world that name another's levels, or its own for another's people.
pub(super) fn with_foreign_ids(own: &World, foreign: &World) -> Vec<Request> {
    let get = |path: String| Request::new(Method::GET, path, Value::Null);
    let put = |path: String, body| Request::new(Method::PUT, path, body);
    let (level, theirs, stranger) = (&own.levels.level, &foreign.levels.level, &foreign.cat.id);
    let cell = json!({ "user_level_id": theirs, "view_id": foreign.levels.view, "value": "allow" });
    let there = format!("organization_id={}", foreign.organization_id);
    vec![
        put(format!("/api/v1/user-levels/{level}/members/{stranger}"), Value::Null),
        put(format!("/api/v1/users/{}/user-levels", own.cat.id), json!({ "user_levels": [theirs] })),
        put(format!("/api/v1/users/{stranger}/user-levels"), json!({ "user_levels": [level] })),
        put("/api/v1/access/matrix".to_owned(), json!({ "views": [cell] })),
        put(format!("/api/v1/access/matrix?{there}"), json!({ "views": [cell] })),
        get(format!("/api/v1/user-levels?{there}")),
        get(format!("/api/v1/access/matrix?{there}")),
        get(format!("/api/v1/user-levels/{theirs}?{there}")),
    ]
}
