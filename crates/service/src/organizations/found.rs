//! What every new organization begins with.

use crate::App;
use keystead_domain::{
    Json, PLATFORM, Result, RoleId, UserId,
    access::RoleAssignment,
    organizations::{Isolation, Membership, MembershipStatus, Organization, OrganizationKind, OrganizationStatus},
};
use keystead_store::UnitOfWork;

/// An organization about to be made, with a new identifier.
pub(crate) fn new_organization(app: &App, name: String, kind: OrganizationKind) -> Organization {
    let now = app.now();
    Organization {
        id: app.ids.next(),
        name,
        kind,
        isolation: Isolation::Shared,
        status: OrganizationStatus::Active,
        metadata: Json::Object(serde_json::Map::new()),
        created_at: now,
        updated_at: now,
        version: 1,
    }
}

/// Writes `organization` with its first member, who holds the built-in roles `roles`. The transaction works in that organization.
///
/// # Errors
/// Only when the store fails.
pub(crate) async fn found(
    unit: &dyn UnitOfWork,
    app: &App,
    organization: &Organization,
    first: UserId,
    roles: &[RoleId],
) -> Result<Membership> {
    unit.organizations().insert(organization).await?;
    let membership = Membership {
        id: app.ids.next(),
        organization_id: organization.id,
        user_id: first,
        status: MembershipStatus::Active,
        created_at: organization.created_at,
        updated_at: organization.created_at,
        version: 1,
    };
    unit.memberships().insert(&membership).await?;
    let held = |role: &RoleId| RoleAssignment {
        organization_id: organization.id,
        user_id: first,
        role_id: *role,
        role_organization_id: PLATFORM,
        created_at: organization.created_at,
    };
    let held: Vec<RoleAssignment> = roles.iter().map(held).collect();
    unit.roles().replace_held(organization.id, first, &held).await?;
    Ok(membership)
}
