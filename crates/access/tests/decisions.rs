//! The engine against a naive evaluator, and the rules one by one.

use keystead_access::{
    Context, Decision, Denial, Reason, Resource, Subject, Version, decide, own_permissions_of_everyone,
};
use keystead_domain::{
    Grant, OrganizationId, PLATFORM, PermissionId, RoleId, Timestamp, UserId,
    access::{ADMIN, Action, BUILT_IN_ROLES, BuiltInRole, Permission, PermissionScope, USER, built_in_permission_id},
};
use proptest::prelude::*;
use std::hash::{DefaultHasher, Hash, Hasher};
use uuid::Uuid;

const KINDS: [&str; 5] = ["teams", "users", "sessions", "reports", ""];
const ACTIONS: [&str; 4] = ["read", "update", "delete", "publish"];

fn organization(number: u8) -> OrganizationId {
    if number == 0 { PLATFORM } else { OrganizationId::from_uuid(Uuid::from_u128(u128::from(number))) }
}

fn user(number: u8) -> UserId {
    UserId::from_uuid(Uuid::from_u128(0x100 + u128::from(number)))
}

fn permission(resource: &str, action: &str, scope: PermissionScope) -> Permission {
    let mut hasher = DefaultHasher::new();
    (resource, action, scope).hash(&mut hasher);
    Permission {
        id: PermissionId::from_uuid(Uuid::from_u128(u128::from(hasher.finish()))),
        organization_id: PLATFORM,
        resource: resource.to_owned(),
        action: action.to_owned(),
        scope,
        description: None,
        created_at: Timestamp::from_unix_seconds(0),
    }
}

fn built_in(role: &BuiltInRole) -> Grant {
    let mut permissions = Vec::new();
    for (resource, actions, scope) in role.permissions {
        permissions.extend(actions.iter().map(|action| permission(resource, action.as_str(), *scope)));
    }
    Grant { role_id: role.id, role: role.name.to_owned(), permissions: permissions.into() }
}

/// The rules as the data model writes them, without any order or shortcut.
fn naive(subject: &Subject<'_>, action: &str, resource: &Resource<'_>) -> bool {
    let held = subject.grants.iter().flat_map(|grant| grant.permissions.iter());
    let mut rules: Vec<_> = held.map(|p| (p.resource.clone(), p.action.clone(), p.scope)).collect();
    for (kind, actions, scope) in USER.permissions {
        for own in actions.iter().filter(|_| *scope == PermissionScope::Own) {
            rules.push(((*kind).to_owned(), own.as_str().to_owned(), *scope));
        }
    }
    rules.iter().filter(|(kind, does, _)| kind == resource.kind && does == action).any(|(_, _, scope)| match scope {
        PermissionScope::Own => subject.user_id.is_some_and(|me| resource.owner == Some(me)),
        PermissionScope::Organization => resource.organization_id.is_some_and(|o| o == subject.organization_id),
        PermissionScope::Any => subject.organization_id == PLATFORM,
    })
}

prop_compose! {
    fn a_permission()(kind in 0..4_usize, action in 0..4_usize, scope in 0..3_usize) -> Permission {
        permission(KINDS[kind], ACTIONS[action], PermissionScope::ALL[scope])
    }
}

prop_compose! {
    fn a_grant()(id in 0..4_u128, permissions in prop::collection::vec(a_permission(), 0..6)) -> Grant {
        Grant { role_id: RoleId::from_uuid(Uuid::from_u128(id)), role: format!("role-{id}"), permissions: permissions.into() }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_engine_agrees_with_the_naive_evaluator(
        grants in prop::collection::vec(a_grant(), 0..4),
        place in 0..3_u8, kind in 0..5_usize, action in 0..4_usize,
        id in prop::option::of(0..3_u128),
        of in prop::option::of(0..3_u8), owner in prop::option::of(0..2_u8),
        me in prop::option::of(Just(0_u8)),
    ) {
        let subject = Subject { user_id: me.map(user), organization_id: organization(place), grants: &grants };
        let resource = Resource {
            kind: KINDS[kind],
            id: id.map(Uuid::from_u128),
            organization_id: of.map(organization),
            owner: owner.map(user),
        };
        let decision = decide(&subject, ACTIONS[action], &resource, &Context::default());
        prop_assert_eq!(decision.allowed, naive(&subject, ACTIONS[action], &resource));
        // The explanation names a rule that is really held, and only an allowing one when it allows.
        match decision.reason {
            Reason::Granted { role, permission, scope } => {
                prop_assert!(decision.allowed);
                let held = grants.iter().any(|grant| grant.role_id == role
                    && grant.permissions.iter().any(|p| p.id == permission && p.scope == scope
                        && p.resource == resource.kind && p.action == ACTIONS[action]));
                let everyones = role == USER.id && scope == PermissionScope::Own
                    && own_permissions_of_everyone().any(|(_, _, id)| id == permission);
                prop_assert!(held || everyones);
            }
            Reason::Denied(_) => prop_assert!(!decision.allowed),
            other => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn a_further_role_never_takes_anything_away(
        grants in prop::collection::vec(a_grant(), 0..3), more in a_grant(),
        place in 0..3_u8, kind in 0..5_usize, action in 0..4_usize,
        of in prop::option::of(0..3_u8), owner in prop::option::of(0..2_u8),
    ) {
        let resource = Resource { kind: KINDS[kind], id: None, organization_id: of.map(organization), owner: owner.map(user) };
        let ask = |grants: &[Grant]| {
            let subject = Subject { user_id: Some(user(0)), organization_id: organization(place), grants };
            decide(&subject, ACTIONS[action], &resource, &Context::default()).allowed
        };
        let with = [grants.clone(), vec![more]].concat();
        prop_assert!(!ask(&grants) || ask(&with));
    }
}

fn ask(grants: &[Grant], place: u8, action: &str, resource: Resource<'_>) -> Decision {
    let subject = Subject { user_id: Some(user(0)), organization_id: organization(place), grants };
    decide(&subject, action, &resource, &Context::default())
}

#[test]
fn an_organizations_administrator_stays_in_the_organization() {
    let grants = [built_in(&ADMIN)];
    assert!(ask(&grants, 1, "update", Resource::all("teams", organization(1))).allowed);
    assert!(!ask(&grants, 1, "update", Resource::all("teams", organization(2))).allowed);
    assert!(!ask(&grants, 1, "update", Resource::all("users", organization(1))).allowed);
    // `any` counts in the platform organization only.
    assert!(!ask(&grants, 1, "read", Resource::all("users", organization(2))).allowed);
    assert!(ask(&grants, 0, "read", Resource::all("users", organization(2))).allowed);
}

#[test]
fn everyone_keeps_what_is_their_own_without_any_role() {
    let mine = Resource::personal("sessions", Some(Uuid::from_u128(7)), user(0));
    let decision = ask(&[], 3, "delete", mine);
    let permission = built_in_permission_id("sessions", Action::Delete, PermissionScope::Own);
    let expected = Reason::Granted { role: USER.id, permission, scope: PermissionScope::Own };
    assert_eq!(decision, Decision { allowed: true, reason: expected, version: Version::default() });
    assert!(!ask(&[], 3, "delete", Resource::personal("sessions", None, user(1))).allowed);
}

#[test]
fn what_is_not_known_allows_nothing() {
    let grants: Vec<Grant> = BUILT_IN_ROLES.iter().map(built_in).collect();
    let nowhere = Resource { kind: "teams", id: None, organization_id: None, owner: None };
    assert!(!ask(&grants, 1, "read", nowhere).allowed);
    assert_eq!(ask(&grants, 1, "explode", nowhere).reason, Reason::Denied(Denial::NoPermission));
    assert!(matches!(ask(&grants, 1, "read", nowhere).reason, Reason::Denied(Denial::OutOfScope { .. })));
    assert!(!ask(&grants, 0, "read", Resource::all("weapons", PLATFORM)).allowed);
}

#[test]
fn a_service_account_owns_nothing() {
    let grants = [built_in(&ADMIN)];
    let ask = |resource: Resource<'_>, action| {
        let subject = Subject { user_id: None, organization_id: organization(1), grants: &grants };
        decide(&subject, action, &resource, &Context::default()).allowed
    };
    assert!(ask(Resource::all("teams", organization(1)), "update"));
    for owned in [Resource::personal("sessions", None, user(0)), Resource::installation("sessions")] {
        assert!(!ask(owned, "read"));
    }
}
