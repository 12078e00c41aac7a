//! Random changes: of the rows, and the same told to a snapshot.

use crate::{
    chance::Chance,
    questions::whose,
    world::{
        ACTIONS, KINDS, OWN_KINDS, World, a_level, a_level_held, a_module_had, a_role, a_rule, a_team, an_entity,
        an_own, feature, holder, level, module, role, team, time, user, view,
    },
};
use keystead_access::{
    Holder,
    entities::EntityChange,
    entitlements::Catalogue,
    people::Member,
    platform::{Administrator, Platform, PlatformChange},
    policy,
    roles::HeldRole,
    snapshot::{Change, ChangeError, Snapshot},
};
use keystead_domain::{
    OrganizationId, PLATFORM, Timestamp,
    access::{LevelScope, ModuleFeature, ModuleView, PermissionScope, PermissionValue, PolicyEntity, PolicyRule},
};
use serde_json::{Map, json};
use std::sync::Arc;

/// Takes one random step, in the rows and in the snapshot. What the engine refuses is not in the rows either.
pub(crate) fn step(world: &mut World, snapshot: &Snapshot, seed: u64) -> Snapshot {
    let mut next = world.clone();
    let mut chance = Chance(seed);
    let changes = change(&mut next, &mut chance, snapshot);
    next.rows.version += 1;
    match snapshot.with(next.rows.version, changes) {
        Ok(changed) => {
            *world = next;
            changed
        }
        Err(ChangeError::Roles(_)) => snapshot.clone(),
        Err(error) => panic!("{error}"),
    }
}

fn change(world: &mut World, chance: &mut Chance, snapshot: &Snapshot) -> Vec<Change> {
    let here = world.rows.organization;
    match chance.below(13) {
        0 => {
            let (holder, active) = (holder(chance.below(5)), chance.of(&[None, Some(false), Some(true), Some(true)]));
            world.rows.members.retain(|member| member.holder != holder);
            world.rows.members.extend(active.map(|active| Member { holder, active }));
            vec![Change::Member { holder, active }]
        }
        1 | 2 => {
            let holder = holder(chance.below(5));
            let roles: Vec<_> = (0..chance.below(4)).map(|_| a_role_held(chance)).collect();
            world.rows.held_roles.retain(|(who, _)| *who != holder);
            world.rows.held_roles.extend(roles.iter().map(|held| (holder, *held)));
            vec![Change::RolesOf { holder, roles }]
        }
        3 => {
            let number = chance.below(4);
            let mut levels = chance.some(&[0, 1, 2], 3);
            levels.dedup();
            world.rows.held_levels.retain(|held| held.user_id != user(number));
            world.rows.held_levels.extend(levels.iter().map(|of| a_level_held(here, number, *of)));
            let levels = levels.into_iter().map(level).collect();
            vec![Change::LevelsOf { holder: Holder::User(user(number)), levels }]
        }
        4 => {
            let number = chance.below(3);
            let rows = a_team(number, &chance.some(&[0, 1, 2, 3], 3));
            world.rows.teams.retain(|rows| rows.team != team(number));
            world.rows.teams.push(rows.clone());
            vec![Change::Team(rows)]
        }
        5 | 6 => {
            let number = chance.below(5);
            world.rows.roles.retain(|rows| rows.role.id != role(number));
            let rows = (!chance.one_in(5)).then(|| {
                let permits: Vec<_> = (0..chance.below(5)).map(|_| a_permission(chance)).collect();
                let of = if number == 4 { PLATFORM } else { here };
                a_role(of, number, &permits, &chance.some(&[0, 1, 2, 3, 4], 1))
            });
            world.rows.roles.extend(rows.clone());
            vec![Change::Role { role: role(number), rows }]
        }
        7 => {
            let number = chance.below(3);
            world.rows.levels.retain(|rows| rows.level.id != level(number));
            let rows = (!chance.one_in(5)).then(|| random_level(here, number, chance));
            world.rows.levels.extend(rows.clone());
            vec![Change::Level { level: level(number), rows }]
        }
        8 => {
            let (number, active) = (chance.below(3), chance.of(&[None, Some(false), Some(true), Some(true)]));
            world.rows.modules.retain(|row| row.module_id != module(number));
            world.rows.modules.extend(active.map(|active| a_module_had(here, number, active)));
            vec![Change::Module { module: module(number), active }]
        }
        9 => {
            if here == PLATFORM {
                return Vec::new();
            }
            vec![Change::Rules(some_rules(&mut world.rows.rules, here, 0, chance))]
        }
        10 => some_entity(&mut world.rows.entities, here, chance).map(Change::Entity).into_iter().collect(),
        11 => {
            let (kind, id) = (chance.of(&OWN_KINDS), chance.below(3));
            let id = format!("{}{id}", &kind[..1]);
            world.rows.own_resources.retain(|own| own.kind != kind || own.id != id);
            if chance.one_in(4) {
                return vec![Change::Entity(EntityChange::RemoveOwn { kind: kind.to_owned(), id })];
            }
            let own = an_own(kind, &id, whose(chance));
            world.rows.own_resources.push(own.clone());
            vec![Change::Entity(EntityChange::PutOwn(own))]
        }
        _ => {
            let platform = platform_step(world, snapshot.platform(), chance);
            vec![Change::Platform(Arc::new(platform))]
        }
    }
}

fn platform_step(world: &mut World, platform: &Platform, chance: &mut Chance) -> Platform {
    let rows = &mut world.platform;
    rows.version += 1;
    let change = match chance.below(5) {
        0 => {
            let who = chance.some(&[0, 4], 1).into_iter();
            let limited = |chance: &mut Chance| chance.one_in(2).then(|| a_time(chance));
            rows.administrators = who
                .map(|number| Administrator {
                    holder: holder(number),
                    not_before: limited(chance),
                    expires_at: limited(chance),
                })
                .collect();
            PlatformChange::Administrators(rows.administrators.clone())
        }
        1 => {
            let catalogue = &mut rows.catalogue;
            catalogue.modules.iter_mut().for_each(|row| row.is_active = !chance.one_in(5));
            catalogue.features.iter_mut().for_each(|row| row.is_active = !chance.one_in(6));
            catalogue.views.iter_mut().for_each(|row| row.is_active = !chance.one_in(6));
            catalogue.module_features = (0..chance.below(9))
                .map(|_| ModuleFeature { module_id: module(chance.below(3)), feature_id: feature(chance.below(4)) })
                .collect();
            catalogue.module_views = (0..chance.below(6))
                .map(|_| ModuleView { module_id: module(chance.below(3)), view_id: view(chance.below(3)) })
                .collect();
            PlatformChange::Catalogue(Arc::new(Catalogue::new(catalogue)))
        }
        2 => {
            rows.closed_accounts = chance.some(&[0, 1, 2, 3], 1).into_iter().map(user).collect();
            PlatformChange::ClosedAccounts(rows.closed_accounts.clone())
        }
        3 => PlatformChange::Rules(some_rules(&mut rows.rules, PLATFORM, 1000, chance)),
        _ => match some_entity(&mut rows.entities, PLATFORM, chance) {
            Some(change) => PlatformChange::Entity(change),
            None => return platform.with(rows.version, Vec::new()).unwrap(),
        },
    };
    platform.with(rows.version, vec![change]).unwrap()
}

fn a_time(chance: &mut Chance) -> Timestamp {
    time(chance.of(&[0, 40, 60, 120]))
}

fn a_role_held(chance: &mut Chance) -> HeldRole {
    HeldRole {
        role: role(chance.below(5)),
        not_before: chance.one_in(4).then(|| a_time(chance)),
        expires_at: chance.one_in(4).then(|| a_time(chance)),
    }
}

fn a_permission(chance: &mut Chance) -> (&'static str, &'static str, PermissionScope) {
    (chance.of(&KINDS), chance.of(&ACTIONS), chance.of(PermissionScope::ALL))
}

fn random_level(here: OrganizationId, number: usize, chance: &mut Chance) -> keystead_access::entitlements::LevelRows {
    let value = |chance: &mut Chance| {
        if chance.one_in(4) { PermissionValue::Deny } else { PermissionValue::Allow }
    };
    let views: Vec<_> = chance.some(&[0, 1, 2], 3).into_iter().map(|of| (of, value(chance))).collect();
    let mut features: Vec<(usize, &str, PermissionValue, LevelScope)> = Vec::new();
    for of in 0..4 {
        for action in ACTIONS {
            if chance.one_in(3) {
                features.push((of, action, value(chance), chance.of(LevelScope::ALL)));
            }
        }
    }
    a_level(here, number, &views, &features)
}

/// Puts or removes one or two rules of twelve.
fn some_rules(
    rules: &mut Vec<PolicyRule>,
    of: OrganizationId,
    base: usize,
    chance: &mut Chance,
) -> Vec<policy::Change> {
    let mut changes = Vec::new();
    for _ in 0..1 + chance.below(2) {
        let mut rule = a_rule(of, base + chance.below(12), &a_line(chance));
        rules.retain(|known| known.id != rule.id);
        if chance.one_in(4) {
            changes.push(policy::Change::Remove(rule.id));
            continue;
        }
        rule.is_active = !chance.one_in(8);
        rule.not_before = chance.one_in(8).then(|| a_time(chance));
        rule.expires_at = chance.one_in(8).then(|| a_time(chance));
        changes.push(policy::Change::Put(policy::Rule::from(&rule)));
        rules.push(rule);
    }
    changes
}

pub(crate) fn a_line(chance: &mut Chance) -> String {
    let people = [format!("user:{}", user(0)), user(1).to_string(), "alice".to_owned(), format!("user:{}", user(3))];
    let domain = chance.of(&["*", "*", "north", "south"]);
    if chance.one_in(3) {
        return match chance.one_in(3) {
            true => format!("g, editor, chief, {domain}"),
            false => format!("g, {}, {}, {domain}", chance.of(&people), chance.of(&["editor", "chief"])),
        };
    }
    let subject = if chance.one_in(2) { chance.of(&people) } else { chance.of(&["editor", "chief"]).to_owned() };
    let kind = chance.of(&KINDS);
    let object = match chance.below(6) {
        0..3 => "*".to_owned(),
        3 => format!("{kind}:*"),
        4 => format!("{kind}:{}1", &kind[..1]),
        _ => format!("{}{}", &kind[..1], chance.below(3)),
    };
    let action = if chance.one_in(2) { "*" } else { chance.of(&ACTIONS) };
    let effect = chance.of(&["allow", "allow", "allow", "deny"]);
    let condition = if chance.one_in(3) { r#", r.obj.status == "draft""# } else { "" };
    format!("p, {subject}, {domain}, {object}, {action}, {effect}{condition}")
}

fn some_entity(rows: &mut Vec<PolicyEntity>, of: OrganizationId, chance: &mut Chance) -> Option<EntityChange> {
    let kind = chance.of(&KINDS);
    let id = format!("{}{}", &kind[..1], chance.below(3));
    let known = rows.len();
    rows.retain(|row| row.entity_type != kind || row.entity_id != id);
    if chance.one_in(4) {
        return (rows.len() < known).then(|| EntityChange::Remove { kind: kind.to_owned(), id });
    }
    let mut properties = Map::new();
    if chance.one_in(2) {
        properties.insert("owner".to_owned(), json!(user(chance.below(3)).to_string()));
    }
    if chance.one_in(2) {
        properties.insert("status".to_owned(), json!(chance.of(&["draft", "final"])));
    }
    if chance.one_in(3) {
        properties.insert("team".to_owned(), json!(team(chance.below(2)).to_string()));
    }
    let row = an_entity(of, kind, &id, properties.into());
    rows.push(row.clone());
    Some(EntityChange::Put(row))
}
