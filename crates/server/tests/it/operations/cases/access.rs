//! Roles, permissions, questions, service accounts.

use super::*;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = roles();
    cases.extend(questions());
    cases.extend(service_accounts());
    cases
}

fn roles() -> Vec<Case> {
    vec![
        case("GET /api/v1/roles", User).needs("roles", Read),
        case("POST /api/v1/roles", Admin)
            .needs("roles", Create)
            .with(|_| json!({ "name": "reader", "permissions": ["teams:read:organization"] }))
            .events(&["role.created"]),
        case("GET /api/v1/roles/{role_id}", User).needs("roles", Read),
        case("PATCH /api/v1/roles/{role_id}", Admin)
            .needs("roles", Update)
            .with(|_| json!({ "description": "prints" }))
            .version_at("/api/v1/roles/{role_id}")
            .events(&["role.updated"]),
        case("DELETE /api/v1/roles/{role_id}", Admin)
            .needs("roles", Delete)
            .version_at("/api/v1/roles/{role_id}")
            .events(&["role.deleted"]),
        case("GET /api/v1/roles/{role_id}/permissions", User).needs("roles", Read),
        case("PUT /api/v1/roles/{role_id}/permissions", Admin)
            .needs("roles", Update)
            .with(|_| json!({ "permissions": ["teams:read:organization"] }))
            .version_at("/api/v1/roles/{role_id}")
            .events(&["role.permissions_changed"]),
        case("GET /api/v1/permissions", User).needs("permissions", Read),
        case("POST /api/v1/permissions", Admin)
            .needs("permissions", Create)
            .with(|_| json!({ "name": "reports:read:organization" }))
            .events(&["permission.created"]),
        case("GET /api/v1/permissions/{permission_id}", User).needs("permissions", Read),
        case("DELETE /api/v1/permissions/{permission_id}", Admin)
            .needs("permissions", Delete)
            .events(&["permission.deleted"]),
    ]
}

fn entity(kind: &str, id: &str) -> Value {
    json!({ "type": kind, "id": id })
}

/// May the user read the team? In parts.
fn asked(world: &World) -> (Value, Value, Value) {
    (entity("user", &world.cat.id), json!({ "name": "read" }), entity("teams", &world.team_id))
}

/// What anybody may ask about themselves, and nothing about others.
fn questions() -> Vec<Case> {
    vec![
        case("POST /access/v1/evaluation", User).with(|world| {
            let (subject, action, resource) = asked(world);
            json!({ "subject": subject, "action": action, "resource": resource })
        }),
        case("POST /access/v1/evaluations", User).with(|world| {
            let (subject, action, resource) = asked(world);
            json!({ "subject": subject, "action": action, "evaluations": [{ "resource": resource }] })
        }),
        case("POST /access/v1/search/subject", User).with(|world| {
            let (_, action, resource) = asked(world);
            json!({ "subject": { "type": "user" }, "action": action, "resource": resource })
        }),
        case("POST /access/v1/search/resource", User).with(|world| {
            let (subject, action, _) = asked(world);
            json!({ "subject": subject, "action": action, "resource": { "type": "teams" } })
        }),
        case("POST /access/v1/search/action", User).with(|world| {
            let (subject, _, resource) = asked(world);
            json!({ "subject": subject, "resource": resource })
        }),
    ]
}

const SERVICE_ACCOUNT: &str = "/api/v1/service-accounts/{service_account_id}";

fn service_accounts() -> Vec<Case> {
    let account = |operation, action| case(operation, Admin).needs("service_accounts", action);
    let terms = |_: &World| json!({ "scopes": ["teams:read"], "expires_in_days": 30 });
    vec![
        account("GET /api/v1/service-accounts", Read),
        account("POST /api/v1/service-accounts", Create)
            .with(|_| json!({ "name": "other robot", "scopes": ["teams:read:organization"] }))
            .events(&["service_account.created", "api_key.created"]),
        account("GET /api/v1/service-accounts/{service_account_id}", Read),
        account("PATCH /api/v1/service-accounts/{service_account_id}", Update)
            .with(|_| json!({ "is_active": false }))
            .version_at(SERVICE_ACCOUNT)
            .events(&["service_account.disabled"]),
        account("DELETE /api/v1/service-accounts/{service_account_id}", Delete)
            .version_at(SERVICE_ACCOUNT)
            .events(&["service_account.deleted"]),
        account("GET /api/v1/service-accounts/{service_account_id}/keys", Read),
        account("POST /api/v1/service-accounts/{service_account_id}/keys", Update)
            .with(terms)
            .events(&["api_key.created"]),
        account("GET /api/v1/service-accounts/{service_account_id}/keys/{key_id}", Read),
        account("DELETE /api/v1/service-accounts/{service_account_id}/keys/{key_id}", Update)
            .events(&["api_key.revoked"]),
        account("POST /api/v1/service-accounts/{service_account_id}/keys/{key_id}/rotate", Update)
            .with(|_| json!({ "overlap_seconds": 60 }))
            .events(&["api_key.rotated", "api_key.created"]),
    ]
}
