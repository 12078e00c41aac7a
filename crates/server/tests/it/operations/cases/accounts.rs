//! Accounts and sessions.

use super::*;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = public();
    cases.extend(own());
    cases.extend(users());
    cases
}

fn public() -> Vec<Case> {
    vec![
        case("GET /.well-known/jwks.json", Nobody),
        case("GET /.well-known/authzen-configuration", Nobody),
        case("GET /health/live", Nobody),
        case("GET /health/ready", Nobody),
        case("POST /api/v1/accounts", Nobody)
            .with(|world| {
                let name = format!("new{}", &world.team_id[24..]);
                json!({ "username": name, "email": format!("{name}@example.org"), "password": "a phrase that is long" })
            })
            .events(&["user.registered"]),
        case("POST /api/v1/sessions", Nobody)
            .with(|world| json!({ "login": world.cat.name, "password": world.cat.password }))
            .events(&["session.created"]),
        case("POST /api/v1/sessions/refresh", Nobody)
            .with(|world| json!({ "refresh_token": world.cat.refresh_token }))
            .events(&["session.refreshed"]),
    ]
}

fn own() -> Vec<Case> {
    vec![
        case("GET /api/v1/me", User),
        case("PATCH /api/v1/me", User)
            .with(|_| json!({ "first_name": "Cat" }))
            .version_at("/api/v1/me")
            .events(&["user.updated"]),
        case("GET /api/v1/me/organizations", User),
        case("GET /api/v1/me/permissions", User),
        case("GET /api/v1/me/navigation", User),
        case("GET /api/v1/me/trail", User),
        case("POST /api/v1/me/trail", User)
            .with(|world| json!({ "visits": [{ "view_id": world.levels.view }] }))
            .events(&["trail.recorded"]),
        case("DELETE /api/v1/me/trail", User).events(&["trail.cleared"]),
        case("POST /api/v1/me/password", User)
            .with(
                |world| json!({ "current_password": world.cat.password, "new_password": "quite another long phrase" }),
            )
            .events(&["password.changed"]),
        case("GET /api/v1/sessions", User),
        case("DELETE /api/v1/sessions/current", User).events(&["session.ended"]),
        case("DELETE /api/v1/sessions/others", User).events(&["session.others_ended"]),
        case("DELETE /api/v1/sessions/{session_id}", User)
            .needs("sessions", Delete)
            .own(&[User])
            .of_the_platform()
            .events(&["session.ended"]),
        case("POST /api/v1/sessions/current/organization", User)
            .with(|world| json!({ "organization_id": world.organization_id }))
            .events(&["session.organization_switched"]),
    ]
}

fn users() -> Vec<Case> {
    let platform = |operation, action| case(operation, Platform).needs("users", action).of_the_platform();
    vec![
        case("GET /api/v1/users", Admin).needs("users", Read),
        platform("POST /api/v1/users", Create)
            .with(|world| {
                let name = format!("made{}", &world.team_id[24..]);
                json!({ "username": name, "email": format!("{name}@example.org"), "password": "a phrase that is long" })
            })
            .events(&["user.created"]),
        case("GET /api/v1/users/{user_id}", Admin).needs("users", Read).own(&[User]),
        case("GET /api/v1/users/{user_id}/permissions", Admin).needs("access", Read),
        platform("PATCH /api/v1/users/{user_id}", Update)
            .with(|_| json!({ "first_name": "Cat" }))
            .version_at("/api/v1/users/{user_id}")
            .events(&["user.updated"]),
        platform("POST /api/v1/users/{user_id}/disable", Update).events(&["user.disabled"]),
        platform("POST /api/v1/users/{user_id}/enable", Update)
            .after("POST", "/api/v1/users/{user_id}/disable")
            .events(&["user.enabled"]),
        platform("POST /api/v1/users/{user_id}/unlock", Update).events(&["user.unlocked"]),
        platform("POST /api/v1/users/{user_id}/password-reset", Update)
            .with(|_| json!({ "password": "a phrase from the administrator" }))
            .events(&["password.reset"]),
        case("GET /api/v1/users/{user_id}/sessions", Platform).needs("sessions", Read).own(&[User]).of_the_platform(),
        case("DELETE /api/v1/users/{user_id}/sessions", Platform)
            .needs("sessions", Delete)
            .own(&[User])
            .of_the_platform()
            .events(&["session.revoked"]),
        case("DELETE /api/v1/users/{user_id}/sessions/{session_id}", Platform)
            .needs("sessions", Delete)
            .own(&[User])
            .of_the_platform()
            .events(&["session.revoked"]),
    ]
}
