//! From what was touched since a snapshot to the next one.

use super::{
    platform::PlatformPart,
    rows::{OF_A_MEMBER, level_rows, member, policy_rule, role_rows, team_rows},
};
use keystead_access::{
    Holder,
    entities::EntityChange,
    policy::{Change as PolicyChange, Rule},
    roles::HeldRole,
    snapshot::{Change, Snapshot},
};
use keystead_domain::{
    ModuleId, RoleId, RuleId, ServiceAccountId, TeamId, UserId, UserLevelId,
    access::{AccessSnapshot, AccessTable, Touched, Wanted},
};
use std::{collections::BTreeSet, sync::Arc};
use uuid::Uuid;

/// The snapshot after `current`, whose rows are `rows` now. None where compiling everything is simpler: when whole tables, the
/// organization itself or its model were touched. What it inherits from `platform` is what it inherited before.
pub(super) fn next(
    current: &Snapshot,
    rows: &AccessSnapshot,
    touched: &Touched,
    platform: &PlatformPart,
) -> Option<Snapshot> {
    if touched.is_everything() || current.is_worn() || current.is_unfit() {
        return None;
    }
    for table in [AccessTable::Organizations, AccessTable::PolicyModels, AccessTable::Permissions] {
        if touched.wanted(table) != Wanted::Nothing {
            return None;
        }
    }
    let mut changes = Vec::new();
    if !Arc::ptr_eq(current.platform(), &platform.compiled) {
        changes.push(Change::Platform(Arc::clone(&platform.compiled)));
    }
    people(rows, touched, &mut changes)?;
    grants(rows, touched, platform, &mut changes)?;
    policy(rows, touched, &mut changes)?;
    current.with(rows.versions.organization, changes).ok()
}

/// Who belongs to the organization, and what each of them holds.
fn people(rows: &AccessSnapshot, touched: &Touched, changes: &mut Vec<Change>) -> Option<()> {
    let own = &rows.organization;
    for key in keys(touched, AccessTable::Memberships)? {
        let holder = Holder::User(UserId::from_uuid(key));
        let is_member = own.memberships.iter().any(|row| row.user_id.as_uuid() == key);
        changes.extend(OF_A_MEMBER.map(|kind| own_resource(rows, kind, key, Some(UserId::from_uuid(key)), is_member)));
        changes.push(Change::Member { holder, active: is_member.then(|| member(own, holder).active) });
    }
    for key in keys(touched, AccessTable::ServiceAccounts)? {
        let holder = Holder::ServiceAccount(ServiceAccountId::from_uuid(key));
        let is_there = own.service_accounts.iter().any(|row| row.id.as_uuid() == key);
        changes.push(own_resource(rows, "service_accounts", key, None, is_there));
        changes.push(Change::Member { holder, active: is_there.then(|| member(own, holder).active) });
    }
    for key in keys(touched, AccessTable::UserRoles)? {
        let user = UserId::from_uuid(key);
        let roles = own.user_roles.iter().filter(|(of, _)| *of == user).map(|(_, role)| HeldRole::always(*role));
        changes.push(Change::RolesOf { holder: Holder::User(user), roles: roles.collect() });
    }
    for key in keys(touched, AccessTable::UserUserLevels)? {
        let user = UserId::from_uuid(key);
        let levels = own.assignments.iter().filter(|(of, _)| *of == user).map(|(_, level)| *level).collect();
        changes.push(Change::LevelsOf { holder: Holder::User(user), levels });
    }
    for key in keys(touched, AccessTable::Teams)? {
        changes.push(own_resource(rows, "teams", key, None, own.teams.iter().any(|row| row.id.as_uuid() == key)));
        changes.push(Change::Team(team_rows(own, TeamId::from_uuid(key))));
    }
    Some(())
}

/// What roles, user levels and modules permit.
fn grants(rows: &AccessSnapshot, touched: &Touched, platform: &PlatformPart, changes: &mut Vec<Change>) -> Option<()> {
    let own = &rows.organization;
    let roles = keys(touched, AccessTable::Roles)?;
    if !roles.is_empty() {
        let mut known = role_rows(&rows.policy, &platform.permissions);
        for key in roles {
            let role = RoleId::from_uuid(key);
            let place = known.iter().position(|row| row.role.id == role);
            changes.push(Change::Role { role, rows: place.map(|place| known.swap_remove(place)) });
        }
    }
    for key in keys(touched, AccessTable::UserLevels)? {
        let level = UserLevelId::from_uuid(key);
        changes.push(Change::Level { level, rows: level_rows(own, level) });
    }
    for key in keys(touched, AccessTable::OrganizationModules)? {
        let module = ModuleId::from_uuid(key);
        let active = own.modules.iter().find(|row| row.module_id == module).map(|row| row.is_active);
        changes.push(Change::Module { module, active });
    }
    Some(())
}

/// Rules and entities.
fn policy(rows: &AccessSnapshot, touched: &Touched, changes: &mut Vec<Change>) -> Option<()> {
    let rules = keys(touched, AccessTable::CasbinRules)?.into_iter().map(|key| {
        let id = RuleId::from_uuid(key);
        match rows.policy.rules.binary_search_by_key(&id, |row| row.id).ok().and_then(|at| rows.policy.rules.get(at)) {
            Some(row) => PolicyChange::Put(Rule::from(&policy_rule(rows.organization_id, row))),
            None => PolicyChange::Remove(id),
        }
    });
    changes.push(Change::Rules(rules.collect()));
    for key in keys(touched, AccessTable::PolicyEntities)? {
        // What is gone is no longer known by its name here.
        let row = rows.organization.entities.iter().find(|row| row.id.as_uuid() == key)?;
        changes.push(Change::Entity(EntityChange::Put(row.clone())));
    }
    Some(())
}

fn own_resource(rows: &AccessSnapshot, kind: &str, id: Uuid, owner: Option<UserId>, is_there: bool) -> Change {
    let resource = super::rows::own_resource(rows.organization_id, kind, id, owner);
    Change::Entity(match is_there {
        true => EntityChange::PutOwn(resource),
        false => EntityChange::RemoveOwn { kind: resource.kind, id: resource.id },
    })
}

/// The keys that were touched; none when the whole table was.
fn keys(touched: &Touched, table: AccessTable) -> Option<BTreeSet<Uuid>> {
    match touched.wanted(table) {
        Wanted::Nothing => Some(BTreeSet::new()),
        Wanted::Keys(keys) => Some(keys.clone()),
        Wanted::All => None,
    }
}
