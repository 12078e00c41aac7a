//! A member for the tests.

use crate::testing::{account, grant, now, organization};
use keystead_domain::{
    MembershipId,
    access::BuiltInRole,
    organizations::{Member, Membership, MembershipStatus},
};
use keystead_store::mocks::MockUnitOfWork;
use uuid::Uuid;

/// The person 8 in organization 1.
pub(super) fn grace(status: MembershipStatus, role: &BuiltInRole) -> Member {
    let user = account(8);
    let membership = Membership {
        id: MembershipId::from_uuid(Uuid::from_u128(8)),
        organization_id: organization(1),
        user_id: user.id,
        status,
        created_at: now(),
        updated_at: now(),
        version: 1,
    };
    Member { membership, user, roles: vec![(role.id, role.name.to_owned())] }
}

/// Lets `count` run the organization.
pub(super) fn administrators(unit: &mut MockUnitOfWork, count: u64) {
    unit.memberships.expect_count_administrators().returning(move |_| Ok(count));
}

/// Lets the store know what `role` permits.
pub(super) fn permissions_of(unit: &mut MockUnitOfWork, role: &'static BuiltInRole) {
    unit.roles.expect_permissions().returning(move |_, ids| {
        assert_eq!(ids, [role.id]);
        Ok(grant(role).permissions.iter().map(|permission| (role.id, permission.clone())).collect())
    });
}
