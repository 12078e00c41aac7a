//! An organization in memory, behind the mocks.

use crate::{
    App,
    access::roles::fixtures,
    testing::{TestApp, Trail, account, caller, deciding_rows, holding, now, organization, user},
};
use keystead_domain::{
    Caller, Error, Grant, MembershipId, PLATFORM, Page, PermissionId, RoleId, UserId,
    access::{ADMIN, Action, BUILT_IN_ROLES, NewPermission, Permission, PermissionScope, Role, built_in_permission_id},
    organizations::{Invitation, InvitationStatus, Member, Membership, MembershipStatus, OrganizationKind},
};
use keystead_store::{
    AccessVersions,
    mocks::{Journal, MockUnitOfWork},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard},
};
use uuid::Uuid;

/// What the roles of the tests may permit, beside what the built-in roles do.
pub(super) const NAMES: [&str; 16] = [
    "teams:create:organization",
    "teams:read:organization",
    "members:update:organization",
    "members:delete:organization",
    "roles:create:organization",
    "roles:update:organization",
    "permissions:create:organization",
    "invitations:create:organization",
    "audit_events:read:organization",
    "organizations:update:organization",
    // Nobody holds these by a built-in role in an organization.
    "jobs:delete:organization",
    "members:update:own",
    "teams:update:any",
    "users:delete:any",
    // A product's.
    "reports:read:organization",
    "reports:print:own",
];

#[derive(Clone)]
pub(super) struct State {
    roles: BTreeMap<RoleId, (Role, Vec<PermissionId>)>,
    permissions: BTreeMap<PermissionId, Permission>,
    pub(super) members: BTreeMap<UserId, (Membership, Vec<RoleId>)>,
    invitations: Vec<(Invitation, Vec<u8>)>,
}

#[derive(Clone)]
pub(super) struct World(Arc<Mutex<State>>);

fn named(name: &str) -> Permission {
    let NewPermission { resource, action, scope } = NewPermission::parse(name).unwrap();
    let id = Action::parse(&action).map_or_else(
        || PermissionId::from_uuid(Uuid::from_u128(0x9000 + name.len() as u128)),
        |action| built_in_permission_id(&resource, action, scope),
    );
    Permission { id, organization_id: PLATFORM, resource, action, scope, description: None, created_at: now() }
}

pub(super) fn custom_role(number: usize) -> RoleId {
    RoleId::from_uuid(Uuid::from_u128(0x7000 + number as u128))
}

impl World {
    /// The built-in roles, custom roles that permit what `custom` says, and the people 0, 1, … with what `held` says.
    pub(super) fn new(custom: &[Vec<&'static str>], held: &[Vec<RoleId>]) -> Self {
        let mut permissions: BTreeMap<_, _> = NAMES.iter().map(|name| named(name)).map(|p| (p.id, p)).collect();
        let mut roles = BTreeMap::new();
        for built_in in BUILT_IN_ROLES {
            let granted = crate::testing::grant(built_in).permissions;
            roles.insert(built_in.id, (fixtures::built_in(built_in), granted.iter().map(|p| p.id).collect()));
            permissions.extend(granted.iter().map(|p| (p.id, p.clone())));
        }
        for (number, names) in custom.iter().enumerate() {
            let (id, name) = (custom_role(number), format!("custom-{number}"));
            roles.insert(
                id,
                (fixtures::role(id, organization(1), &name), names.iter().map(|name| named(name).id).collect()),
            );
        }
        let members = held.iter().enumerate().map(|(number, roles)| {
            let person = user(number as u128);
            (person, (membership(person), roles.clone()))
        });
        Self(Arc::new(Mutex::new(State { roles, permissions, members: members.collect(), invitations: Vec::new() })))
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// An app for `units` deeds in this world.
    pub(super) fn app(&self, units: usize) -> (App, Journal) {
        let test = TestApp::new();
        // Names are looked up in one of their own.
        for _ in 0..2 * units {
            test.unit(self.unit());
        }
        let journal = test.journal();
        (test.build(), journal)
    }

    fn unit(&self) -> MockUnitOfWork {
        let mut unit = MockUnitOfWork::new();
        Trail::default().record(&mut unit);
        self.wire_roles(&mut unit);
        self.wire_permissions(&mut unit);
        self.wire_members(&mut unit);
        self.wire_invitations(&mut unit);
        unit
    }

    fn wire_roles(&self, unit: &mut MockUnitOfWork) {
        let world = self.clone();
        unit.roles.expect_find().returning(move |_, id| Ok(world.state().roles.get(&id).map(|(role, _)| role.clone())));
        let world = self.clone();
        unit.roles.expect_find_many().returning(move |_, ids| {
            Ok(ids.iter().filter_map(|id| world.state().roles.get(id).map(|(role, _)| role.clone())).collect())
        });
        let world = self.clone();
        unit.roles.expect_list().returning(move |_, _| {
            Ok(Page { items: world.state().roles.values().map(|(role, _)| role.clone()).collect(), next: None })
        });
        let world = self.clone();
        unit.roles.expect_insert().returning(move |role| {
            world.state().roles.insert(role.id, (role.clone(), Vec::new()));
            Ok(())
        });
        let world = self.clone();
        unit.roles.expect_update().returning(move |_, role| {
            world.state().roles.get_mut(&role.id).unwrap().0 = role.clone();
            Ok(role.clone())
        });
        let world = self.clone();
        unit.roles.expect_permissions().returning(move |_, ids| {
            let state = world.state();
            let of =
                |id: &RoleId| state.roles[id].1.iter().map(|p| (*id, state.permissions[p].clone())).collect::<Vec<_>>();
            Ok(ids.iter().flat_map(of).collect())
        });
        let world = self.clone();
        unit.roles.expect_replace_permissions().returning(move |_, id, permissions, _| {
            world.state().roles.get_mut(&id).unwrap().1 = permissions.to_vec();
            Ok(())
        });
        let world = self.clone();
        unit.roles.expect_replace_held().returning(move |_, person, held| {
            let mut state = world.state();
            state.members.get_mut(&person).unwrap().1 = held.iter().map(|held| held.role_id).collect();
            Ok(())
        });
        unit.roles.expect_raise_version().returning(|_| Ok(1));
        unit.roles.expect_count_own().returning(|_| Ok(1));
        let world = self.clone();
        unit.roles.expect_grants().returning(move |_, ids| Ok(ids.iter().map(|id| world.state().grant(id)).collect()));
        unit.access.access_changes.expect_versions().returning(|_| Ok(AccessVersions::default()));
        let world = self.clone();
        unit.access
            .access_snapshots
            .expect_load()
            .returning(move |organization, _| Ok(deciding_rows(organization, &world.state().active())));
    }

    fn wire_permissions(&self, unit: &mut MockUnitOfWork) {
        let world = self.clone();
        unit.permissions.expect_find().returning(move |_, id| Ok(world.state().permissions.get(&id).cloned()));
        let world = self.clone();
        unit.permissions.expect_find_many().returning(move |_, ids| {
            Ok(ids.iter().filter_map(|id| world.state().permissions.get(id).cloned()).collect())
        });
        let world = self.clone();
        unit.permissions.expect_list().returning(move |_, _| {
            Ok(Page { items: world.state().permissions.values().cloned().collect(), next: None })
        });
        let world = self.clone();
        unit.permissions.expect_insert().returning(move |_, new| {
            world.state().permissions.extend(new.iter().map(|permission| (permission.id, permission.clone())));
            Ok(new.len() as u64)
        });
        unit.permissions.expect_count_own().returning(|_| Ok(1));
    }

    fn wire_members(&self, unit: &mut MockUnitOfWork) {
        let world = self.clone();
        unit.memberships.expect_find().returning(move |_, person| {
            let state = world.state();
            let found = state.members.get(&person);
            Ok(found.map(|(membership, roles)| Member {
                membership: membership.clone(),
                user: account(person.as_uuid().as_u128() - 0x2000),
                roles: roles.iter().map(|id| (*id, state.roles[id].0.name.clone())).collect(),
            }))
        });
        let world = self.clone();
        unit.memberships.expect_insert().returning(move |membership| {
            let mut state = world.state();
            if state.members.contains_key(&membership.user_id) {
                return Err(Error::conflict("already_member", "There is one."));
            }
            state.members.insert(membership.user_id, (membership.clone(), Vec::new()));
            Ok(())
        });
        let world = self.clone();
        unit.memberships.expect_update().returning(move |_, membership| {
            world.state().members.get_mut(&membership.user_id).unwrap().0 = membership.clone();
            Ok(membership.clone())
        });
        let world = self.clone();
        unit.memberships
            .expect_delete()
            .returning(move |_, person| Ok(world.state().members.remove(&person).is_some()));
        let world = self.clone();
        unit.memberships.expect_count_administrators().returning(move |_| {
            let state = world.state();
            let runs = |(membership, roles): &&(Membership, Vec<RoleId>)| {
                membership.status == MembershipStatus::Active && roles.contains(&ADMIN.id)
            };
            Ok(state.members.values().filter(runs).count() as u64)
        });
    }

    fn wire_invitations(&self, unit: &mut MockUnitOfWork) {
        let world = self.clone();
        unit.invitations.expect_insert().returning(move |invitation, hash| {
            world.state().invitations.push((invitation.clone(), hash.to_vec()));
            Ok(())
        });
        let world = self.clone();
        unit.invitations.expect_find_by_token().returning(move |hash| {
            let state = world.state();
            let found = state.invitations.iter().find(|(_, known)| known == hash);
            Ok(found.map(|(invitation, _)| invitation.clone()))
        });
        let world = self.clone();
        unit.invitations.expect_update().returning(move |_, changed| {
            let mut state = world.state();
            for (invitation, _) in state.invitations.iter_mut().filter(|(known, _)| known.id == changed.id) {
                *invitation = changed.clone();
            }
            Ok(changed.clone())
        });
        let world = self.clone();
        unit.invitations.expect_revoke_of().returning(move |_, person, address, _| {
            let mut state = world.state();
            let theirs = |known: &Invitation| known.invited_by == person || known.email.key() == address.key();
            let open = state.invitations.iter_mut().map(|(invitation, _)| invitation);
            let open = open.filter(|known| known.status == InvitationStatus::Pending && theirs(known));
            let revoke = |invitation: &mut Invitation| {
                invitation.status = InvitationStatus::Revoked;
                invitation.id
            };
            Ok(open.map(revoke).collect())
        });
        unit.users.expect_find_own().returning(|person| Ok(Some(account(person.as_uuid().as_u128() - 0x2000))));
        let home = crate::organizations::new_organization(
            &TestApp::new().build(),
            "Engines".to_owned(),
            OrganizationKind::Shared,
        );
        unit.organizations.expect_find().returning(move |_, _| Ok(Some(home.clone())));
    }
}

impl State {
    /// The person as a caller, with what is held now.
    pub(super) fn caller(&self, number: usize) -> Caller {
        let person = user(number as u128);
        let held = self.active().into_iter().find_map(|(active, held)| (active == person).then_some(held));
        holding(caller(organization(1), number as u128, &[]), held.unwrap_or_default())
    }

    /// Who is an active member, and what they hold.
    fn active(&self) -> Vec<(UserId, Vec<Grant>)> {
        let active = self.members.iter().filter(|(_, (membership, _))| membership.status == MembershipStatus::Active);
        active.map(|(id, (_, roles))| (*id, roles.iter().map(|role| self.grant(role)).collect())).collect()
    }

    /// A role with what it permits.
    fn grant(&self, id: &RoleId) -> Grant {
        Grant {
            role_id: *id,
            role: self.roles[id].0.name.clone(),
            permissions: self.roles[id].1.iter().map(|p| self.permissions[p].clone()).collect(),
        }
    }

    /// What the roles of a member permit here, whether or not the membership is suspended; `any` counts elsewhere.
    pub(super) fn permitted(&self, person: UserId) -> BTreeSet<String> {
        let roles = self.members.get(&person).map_or(&[][..], |(_, roles)| roles);
        let permissions = roles.iter().flat_map(|id| &self.roles[id].1).map(|id| &self.permissions[id]);
        permissions.filter(|p| p.scope != PermissionScope::Any).map(Permission::name).collect()
    }

    /// What a member may do here now.
    pub(super) fn held(&self, person: UserId) -> BTreeSet<String> {
        match self.members.get(&person) {
            Some((membership, _)) if membership.status == MembershipStatus::Active => self.permitted(person),
            _ => BTreeSet::new(),
        }
    }

    /// The identifiers of the roles, in order.
    pub(super) fn role_ids(&self) -> Vec<RoleId> {
        self.roles.keys().copied().collect()
    }
}

fn membership(person: UserId) -> Membership {
    Membership {
        id: MembershipId::from_uuid(person.as_uuid()),
        organization_id: organization(1),
        user_id: person,
        status: MembershipStatus::Active,
        created_at: now(),
        updated_at: now(),
        version: 1,
    }
}
