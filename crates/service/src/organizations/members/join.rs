//! Becoming a member.

use crate::App;
use keystead_domain::{
    OrganizationId, PLATFORM, Result, RoleId, UserId,
    access::{ADMIN, RoleAssignment},
    organizations::{Membership, MembershipStatus},
};
use keystead_store::UnitOfWork;

/// Makes `user` an active member of `organization` with `roles`: each with the organization that it belongs to. The
/// transaction works in `organization`.
///
/// # Errors
/// `Conflict` with code `already_member`.
pub(crate) async fn join(
    app: &App,
    unit: &dyn UnitOfWork,
    organization: OrganizationId,
    user: UserId,
    roles: &[(RoleId, OrganizationId)],
) -> Result<Membership> {
    let now = app.now();
    let membership = Membership {
        id: app.ids.next(),
        organization_id: organization,
        user_id: user,
        status: MembershipStatus::Active,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    unit.memberships().insert(&membership).await?;
    unit.roles().replace_held(organization, user, &assignments(app, organization, user, roles)).await?;
    Ok(membership)
}

/// Makes `user` an active member of `organization` who runs it, with the built-in role `admin`.
///
/// # Errors
/// As [`join`].
pub(crate) async fn join_as_administrator(
    app: &App,
    unit: &dyn UnitOfWork,
    organization: OrganizationId,
    user: UserId,
) -> Result<()> {
    join(app, unit, organization, user, &[(ADMIN.id, PLATFORM)]).await.map(drop)
}

/// That `user` holds each of `roles` in `organization`.
pub(super) fn assignments(
    app: &App,
    organization: OrganizationId,
    user: UserId,
    roles: &[(RoleId, OrganizationId)],
) -> Vec<RoleAssignment> {
    let one = |(role_id, role_organization_id): &(RoleId, OrganizationId)| RoleAssignment {
        organization_id: organization,
        user_id: user,
        role_id: *role_id,
        role_organization_id: *role_organization_id,
        created_at: app.now(),
    };
    roles.iter().map(one).collect()
}
