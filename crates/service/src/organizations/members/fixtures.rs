//! A member for the tests.

use crate::testing::{account, caller, grant, holding, now, organization};
use keystead_domain::{
    Caller, Grant, InvitationId, MembershipId,
    access::{ADMIN, BuiltInRole, MANAGER},
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

/// Lets one invitation be withdrawn, which the person 8 has made or was sent.
pub(super) fn withdrawing(unit: &mut MockUnitOfWork) {
    unit.invitations.expect_revoke_of().times(0..=1).returning(|place, person, address, _| {
        assert_eq!((place, person, address.as_str()), (organization(1), account(8).id, "person-8@example.org"));
        Ok(vec![InvitationId::from_uuid(Uuid::from_u128(5))])
    });
}

/// The person `number`, who may do with members of organization 1 what administrators may, and nothing else.
pub(super) fn managing_members(number: u128) -> Caller {
    let by = caller(organization(1), number, &[MANAGER]);
    let permissions = grant(&ADMIN).permissions.iter().filter(|one| one.resource == "members").cloned().collect();
    holding(by.clone(), vec![Grant { permissions, ..by.grants[0].clone() }])
}
