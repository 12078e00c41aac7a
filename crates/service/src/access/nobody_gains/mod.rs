//! Whatever the people of an organization do with roles, permissions, invitations and memberships, nobody there gains what
//! nobody there held.

mod world;

use super::{
    RESOURCES,
    permissions::{CreatePermission, create_permission},
    roles::{CreateRole, ReplaceRolePermissions, create_role, replace_role_permissions},
};
use crate::{
    App,
    organizations::{
        invitations::{CreateInvitation, accept_invitation, create_invitation},
        members::{SetMemberRoles, SetMemberStatus, remove_member, set_member_roles, set_member_status},
    },
    testing::{organization, user},
};
use keystead_access::own_permissions_of_everyone;
use keystead_domain::{
    RoleId,
    access::{ADMIN, MANAGER, PermissionScope, USER},
    organizations::MembershipStatus,
};
use proptest::prelude::*;
use secrecy::SecretString;
use std::collections::BTreeSet;
use world::{NAMES, State, World, custom_role};

/// How many people there are; the last two are no members at first.
const PEOPLE: usize = 6;
const MEMBERS: usize = 4;
const CUSTOM_ROLES: usize = 3;

/// Somebody tries something. Roles and permissions are numbers that are taken modulo what there is.
#[derive(Clone, Debug)]
enum Deed {
    SetRoles { whose: usize, roles: Vec<usize> },
    SetStatus { whose: usize, suspended: bool },
    Remove { whom: usize },
    Invite { whom: usize, role: usize },
    Accept { invitation: usize },
    CreateRole { permissions: Vec<usize> },
    ReplacePermissions { role: usize, permissions: Vec<usize> },
    DefinePermission { name: usize },
}

fn deed() -> impl Strategy<Value = Deed> {
    let names = || prop::collection::vec(0..NAMES.len(), 0..4);
    let roles = prop::collection::vec(0..8_usize, 0..3);
    prop_oneof![
        3 => (0..PEOPLE, roles).prop_map(|(whose, roles)| Deed::SetRoles { whose, roles }),
        1 => (0..PEOPLE, any::<bool>()).prop_map(|(whose, suspended)| Deed::SetStatus { whose, suspended }),
        1 => (0..PEOPLE).prop_map(|whom| Deed::Remove { whom }),
        2 => (0..PEOPLE, 0..8_usize).prop_map(|(whom, role)| Deed::Invite { whom, role }),
        2 => (0..4_usize).prop_map(|invitation| Deed::Accept { invitation }),
        2 => names().prop_map(|permissions| Deed::CreateRole { permissions }),
        3 => (0..8_usize, names()).prop_map(|(role, permissions)| Deed::ReplacePermissions { role, permissions }),
        1 => (0..NAMES.len()).prop_map(|name| Deed::DefinePermission { name }),
    ]
}

/// What the custom roles permit at first, and what the members hold.
fn beginnings() -> impl Strategy<Value = (Vec<Vec<&'static str>>, Vec<Vec<RoleId>>)> {
    let names = prop::collection::vec(prop::sample::select(&NAMES[..]), 0..6);
    let mut roles = vec![ADMIN.id, MANAGER.id, USER.id];
    roles.extend((0..CUSTOM_ROLES).map(custom_role));
    let held = prop::collection::vec(prop::sample::select(roles), 0..3);
    (prop::collection::vec(names, CUSTOM_ROLES), prop::collection::vec(held, MEMBERS))
}

/// Lets the person `who` do `deed`. Whether it succeeds does not matter here.
async fn act(app: &App, state: &State, who: usize, deed: &Deed, tokens: &mut Vec<(usize, SecretString)>) {
    let (caller, organization, known) = (state.caller(who), organization(1), state.role_ids());
    let role = |number: &usize| known[number % known.len()].to_string();
    let names = |numbers: &[usize]| numbers.iter().map(|number| NAMES[*number].to_owned()).collect::<Vec<_>>();
    let version = 1;
    match deed {
        Deed::SetRoles { whose, roles } => {
            let (user, roles) = (user(*whose as u128), roles.iter().map(role).collect());
            let _ = set_member_roles(app, &caller, SetMemberRoles { organization, user, version, roles }).await;
        }
        Deed::SetStatus { whose, suspended } => {
            let status = if *suspended { MembershipStatus::Suspended } else { MembershipStatus::Active };
            let user = user(*whose as u128);
            let _ = set_member_status(app, &caller, SetMemberStatus { organization, user, version, status }).await;
        }
        Deed::Remove { whom } => {
            let _ = remove_member(app, &caller, organization, user(*whom as u128)).await;
        }
        Deed::Invite { whom, role: number } => {
            let (email, role) = (format!("person-{whom}@example.org"), Some(role(number)));
            let input = CreateInvitation { organization, email, role };
            if let Ok(created) = create_invitation(app, &caller, input, None).await {
                tokens.push((*whom, created.token));
            }
        }
        Deed::Accept { invitation } => {
            if let Some((whom, token)) = tokens.get(*invitation) {
                let _ = accept_invitation(app, &state.caller(*whom), token).await;
            }
        }
        Deed::CreateRole { permissions } => {
            let (name, permissions) = (format!("made-{}", known.len()), names(permissions));
            let _ = create_role(app, &caller, CreateRole { organization, name, description: None, permissions }, None)
                .await;
        }
        Deed::ReplacePermissions { role: number, permissions } => {
            let (role, permissions) = (known[number % known.len()], names(permissions));
            let input = ReplaceRolePermissions { organization, role, version, permissions };
            let _ = replace_role_permissions(app, &caller, input).await;
        }
        Deed::DefinePermission { name } => {
            let name = NAMES[*name].to_owned();
            let _ =
                create_permission(app, &caller, CreatePermission { organization, name, description: None }, None).await;
        }
    }
}

fn is_keysteads(name: &str) -> bool {
    RESOURCES.contains(&name.split(':').next().unwrap_or_default())
}

fn everyones() -> BTreeSet<String> {
    own_permissions_of_everyone()
        .map(|(resource, action, _)| format!("{resource}:{action}:{}", PermissionScope::Own))
        .collect()
}

fn run(custom: &[Vec<&'static str>], held: &[Vec<RoleId>], deeds: &[(usize, Deed)]) -> Result<(), TestCaseError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let world = World::new(custom, held);
    let (app, journal) = world.app(deeds.len());
    let everyones = everyones();
    let people = || (0..PEOPLE).map(|number| user(number as u128));
    let at_first: BTreeSet<String> =
        people().flat_map(|person| world.state().permitted(person)).chain(everyones.clone()).collect();
    let mut tokens = Vec::new();
    for (who, deed) in deeds {
        let (before, commits) = (world.state().clone(), journal.commits());
        runtime.block_on(act(&app, &before, *who, deed, &mut tokens));
        if journal.commits() == commits {
            // Rolled back.
            *world.state() = before;
            continue;
        }
        let after = world.state().clone();
        let actor = before.held(user(*who as u128));
        for person in people() {
            let has = after.held(person);
            let unheard_of = has.iter().find(|name| is_keysteads(name) && !at_first.contains(*name));
            prop_assert_eq!(unheard_of, None, "{:?} by {} gives {} what nobody held", deed, who, person);
            if matches!(deed, Deed::Accept { .. }) {
                continue;
            }
            for gained in has.difference(&before.held(person)) {
                let may = actor.contains(gained)
                    || everyones.contains(gained)
                    || (!is_keysteads(gained) && actor.contains("permissions:create:organization"));
                prop_assert!(may, "{:?} by {} gives {} {}, which the giver lacks", deed, who, person, gained);
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, max_shrink_iters: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn nobody_gains_what_nobody_held(
        (custom, held) in beginnings(),
        deeds in prop::collection::vec((0..PEOPLE, deed()), 1..24),
    ) {
        run(&custom, &held, &deeds)?;
    }
}

/// The property says nothing if nothing ever succeeds.
#[test]
fn much_of_what_an_administrator_tries_succeeds() {
    let world = World::new(&[vec!["teams:create:organization"], vec![], vec![]], &[vec![ADMIN.id], vec![USER.id]]);
    let deeds = [
        Deed::SetRoles { whose: 1, roles: vec![1] },
        Deed::SetStatus { whose: 1, suspended: true },
        Deed::SetStatus { whose: 1, suspended: false },
        Deed::Invite { whom: 4, role: 1 },
        Deed::Accept { invitation: 0 },
        Deed::CreateRole { permissions: vec![0, 1, 14] },
        Deed::Remove { whom: 1 },
    ];
    let (app, journal) = world.app(deeds.len());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut tokens = Vec::new();
    for (number, deed) in deeds.iter().enumerate() {
        let state = world.state().clone();
        runtime.block_on(act(&app, &state, 0, deed, &mut tokens));
        assert_eq!(journal.commits(), number + 1, "{deed:?}");
    }
    assert!(world.state().members.contains_key(&user(4)) && !world.state().members.contains_key(&user(1)));
}
