//! User levels for the tests.

use crate::testing::{account, caller, now, organization};
use keystead_domain::{
    Caller, FeatureId, FeaturePermissionId, MembershipId, UserLevelId, ViewId, ViewPermissionId,
    access::{FeaturePermission, LevelScope, MANAGER, PermissionValue, USER, UserLevel, ViewPermission},
    organizations::{Member, Membership, MembershipStatus},
};
use keystead_store::mocks::MockUnitOfWork;
use uuid::Uuid;

/// A manager of organization 1.
pub(crate) fn manager() -> Caller {
    caller(organization(1), 7, &[MANAGER])
}

/// The person `number`, a plain member of organization 1.
pub(crate) fn plain_member(number: u128) -> Member {
    let user = account(number);
    let membership = Membership {
        id: MembershipId::from_uuid(user.id.as_uuid()),
        organization_id: organization(1),
        user_id: user.id,
        status: MembershipStatus::Active,
        created_at: now(),
        updated_at: now(),
        version: 1,
    };
    Member { membership, user, roles: vec![(USER.id, USER.name.to_owned())] }
}

pub(crate) fn level_id(number: u128) -> UserLevelId {
    UserLevelId::from_uuid(Uuid::from_u128(0x5000 + number))
}

pub(crate) fn view(number: u128) -> ViewId {
    ViewId::from_uuid(Uuid::from_u128(0x6000 + number))
}

pub(crate) fn feature(number: u128) -> FeatureId {
    FeatureId::from_uuid(Uuid::from_u128(0x7000 + number))
}

/// The level `number` of organization 1.
pub(crate) fn level(number: u128) -> UserLevel {
    UserLevel {
        id: level_id(number),
        organization_id: organization(1),
        name: format!("Level {number}"),
        description: None,
        created_at: now(),
        updated_at: now(),
        version: 1,
    }
}

/// The level `number` opens a view.
pub(crate) fn on_view(number: u128, what: u128) -> ViewPermission {
    ViewPermission {
        id: ViewPermissionId::from_uuid(Uuid::from_u128(0x8000_0000 + number * 0x1000 + what)),
        organization_id: organization(1),
        user_level_id: level_id(number),
        view_id: view(what),
        value: PermissionValue::Allow,
        modifiable: true,
        created_at: now(),
        updated_at: now(),
        version: 1,
    }
}

/// The level `number` allows an action on a feature in the whole organization.
pub(crate) fn on_feature(number: u128, what: u128, action: &str) -> FeaturePermission {
    FeaturePermission {
        id: FeaturePermissionId::from_uuid(Uuid::from_u128(0x9000_0000 + number * 0x1000 + what)),
        organization_id: organization(1),
        user_level_id: level_id(number),
        feature_id: feature(what),
        action: action.to_owned(),
        value: PermissionValue::Allow,
        scope: LevelScope::Organization,
        modifiable: true,
        created_at: now(),
        updated_at: now(),
        version: 1,
    }
}

/// Lets the organization's version be locked.
pub(crate) fn locked(unit: &mut MockUnitOfWork) {
    unit.access.access_changes.expect_raise().times(0..=1).returning(|_, _| Ok(2));
}
