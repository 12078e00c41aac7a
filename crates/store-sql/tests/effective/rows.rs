//! Rows as the world begins with them.

use keystead_domain::{
    Ids, OrganizationId, Timestamp, UserId,
    access::{Feature, Module, UserLevel, View},
    accounts::{Email, NewUser, PasswordHash, User, UserStatus, Username},
    organizations::{Isolation, Membership, MembershipStatus, Organization, OrganizationKind, OrganizationStatus},
};
use serde_json::json;

pub(super) fn now() -> Timestamp {
    Timestamp::parse("2026-11-21T12:00:00Z").unwrap()
}

pub(super) fn organization(id: OrganizationId, kind: OrganizationKind) -> Organization {
    Organization {
        id,
        name: "Name".to_owned(),
        kind,
        isolation: Isolation::Shared,
        status: OrganizationStatus::Active,
        metadata: json!({}),
        created_at: now(),
        updated_at: now(),
        version: 1,
    }
}

pub(super) fn person(id: UserId, name: &str) -> NewUser {
    let user = User {
        id,
        username: Username::new(name).unwrap(),
        email: Email::new(&format!("{name}@example.org")).unwrap(),
        status: UserStatus::Active,
        tier: "free".to_owned(),
        first_name: None,
        last_name: None,
        must_change_password: false,
        failed_login_attempts: 0,
        locked_until: None,
        last_login_at: None,
        password_changed_at: now(),
        email_verified_at: None,
        profile_data: json!({}),
        preferences: json!({}),
        metadata: json!({}),
        created_at: now(),
        updated_at: now(),
        version: 1,
    };
    NewUser { user, password_hash: PasswordHash::new("x".to_owned()) }
}

pub(super) fn view(ids: &Ids, number: usize) -> View {
    View {
        id: ids.next(),
        key: format!("view-{number}"),
        name: "View".to_owned(),
        description: None,
        path: None,
        icon: None,
        is_active: true,
        created_at: now(),
        updated_at: now(),
        version: 1,
    }
}

pub(super) fn feature(ids: &Ids, number: usize) -> Feature {
    Feature {
        id: ids.next(),
        key: format!("feature-{number}"),
        name: "Feature".to_owned(),
        description: None,
        is_active: true,
        created_at: now(),
        updated_at: now(),
        version: 1,
    }
}

pub(super) fn module(ids: &Ids, number: usize) -> Module {
    Module {
        id: ids.next(),
        key: format!("module-{number}"),
        name: "Module".to_owned(),
        description: None,
        icon: None,
        order_index: 0,
        is_active: true,
        created_at: now(),
        updated_at: now(),
        version: 1,
    }
}

pub(super) fn level(ids: &Ids, organization_id: OrganizationId, number: usize) -> UserLevel {
    UserLevel {
        id: ids.next(),
        organization_id,
        name: format!("Level {number}"),
        description: None,
        created_at: now(),
        updated_at: now(),
        version: 1,
    }
}

pub(super) fn membership(ids: &Ids, organization_id: OrganizationId, user_id: UserId) -> Membership {
    Membership {
        id: ids.next(),
        organization_id,
        user_id,
        status: MembershipStatus::Active,
        created_at: now(),
        updated_at: now(),
        version: 1,
    }
}
