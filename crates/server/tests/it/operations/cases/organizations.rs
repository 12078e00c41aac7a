//! Organizations, invitations, teams.

use super::*;

const ORGANIZATION: &str = "/api/v1/organizations/{organization_id}";
const MEMBER: &str = "/api/v1/organizations/{organization_id}/members/{user_id}";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = organizations();
    cases.extend(invitations());
    cases.extend(teams());
    cases
}

fn organizations() -> Vec<Case> {
    vec![
        case("GET /api/v1/organizations", User),
        case("POST /api/v1/organizations", User)
            .needs("organizations", Create)
            .own(EVERYONE)
            .with(|_| json!({ "name": "Another" }))
            .events(&["organization.created"]),
        case("GET /api/v1/organizations/{organization_id}", User).needs("organizations", Read),
        case("PATCH /api/v1/organizations/{organization_id}", Admin)
            .needs("organizations", Update)
            .with(|_| json!({ "name": "Renamed" }))
            .version_at(ORGANIZATION)
            .events(&["organization.updated"]),
        case("DELETE /api/v1/organizations/{organization_id}", Admin)
            .needs("organizations", Delete)
            .version_at(ORGANIZATION)
            .events(&["organization.archived"]),
        case("GET /api/v1/organizations/{organization_id}/members", User).needs("members", Read),
        case("GET /api/v1/organizations/{organization_id}/members/{user_id}", User).needs("members", Read),
        case("PATCH /api/v1/organizations/{organization_id}/members/{user_id}", Admin)
            .needs("members", Update)
            .with(|_| json!({ "status": "suspended" }))
            .version_at(MEMBER)
            .events(&["member.suspended"]),
        case("PUT /api/v1/organizations/{organization_id}/members/{user_id}/roles", Admin)
            .needs("members", Update)
            .with(|_| json!({ "roles": ["user"] }))
            .version_at(MEMBER)
            .events(&["member.roles_changed"]),
        case("DELETE /api/v1/organizations/{organization_id}/members/{user_id}", Admin)
            .needs("members", Delete)
            .own(&[User])
            .events(&["member.removed"]),
    ]
}

fn invitations() -> Vec<Case> {
    vec![
        case("GET /api/v1/invitations", Admin).needs("invitations", Read),
        case("POST /api/v1/invitations", Admin)
            .needs("invitations", Create)
            .with(|_| json!({ "email": "fay@example.org", "role": "user" }))
            .events(&["invitation.created"]),
        case("GET /api/v1/invitations/{invitation_id}", Admin).needs("invitations", Read),
        case("DELETE /api/v1/invitations/{invitation_id}", Admin)
            .needs("invitations", Delete)
            .version_at("/api/v1/invitations/{invitation_id}")
            .events(&["invitation.revoked"]),
        case("POST /api/v1/invitations/accept", User)
            .with(|world| json!({ "token": world.invitation_token }))
            .events(&["invitation.accepted"]),
        case("POST /api/v1/invitations/decline", User)
            .with(|world| json!({ "token": world.invitation_token }))
            .events(&["invitation.declined"]),
    ]
}

fn teams() -> Vec<Case> {
    vec![
        case("GET /api/v1/teams", User).needs("teams", Read),
        case("POST /api/v1/teams", Admin)
            .needs("teams", Create)
            .with(|_| json!({ "name": "Blue" }))
            .events(&["team.created"]),
        case("GET /api/v1/teams/{team_id}", User).needs("teams", Read),
        case("PATCH /api/v1/teams/{team_id}", Admin)
            .needs("teams", Update)
            .with(|_| json!({ "name": "Green" }))
            .version_at("/api/v1/teams/{team_id}")
            .events(&["team.updated"]),
        case("DELETE /api/v1/teams/{team_id}", Admin)
            .needs("teams", Delete)
            .version_at("/api/v1/teams/{team_id}")
            .events(&["team.deleted"]),
        case("GET /api/v1/teams/{team_id}/members", User).needs("teams", Read),
        case("PUT /api/v1/teams/{team_id}/members/{user_id}", Admin)
            .needs("teams", Update)
            .after("DELETE", "/api/v1/teams/{team_id}/members/{user_id}")
            .events(&["team.member_added"]),
        case("DELETE /api/v1/teams/{team_id}/members/{user_id}", Admin)
            .needs("teams", Update)
            .events(&["team.member_removed"]),
    ]
}
