//! A large organization with every source: rules, roles, user levels, modules, entities.

use crate::rows::{self, Aim, Random, Shape};
use keystead_access::{
    Holder,
    entities::EntityChange,
    entitlements::{CatalogueRows, LevelRows},
    people::Member,
    platform::{Platform, PlatformRows},
    policy::Rule,
    roles::{HeldRole, RoleRows},
    snapshot::{Change, Rows},
};
use keystead_domain::{
    OrganizationId, PLATFORM, Timestamp, UserId,
    access::{
        Feature, FeaturePermission, LevelAssignment, LevelScope, Module, ModuleFeature, OrganizationModule, Permission,
        PermissionScope, PermissionValue, PolicyEntity, PolicyRule, Role, UserLevel,
    },
};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use uuid::Uuid;

/// Keystead's own roles, beside those of the rules.
pub(crate) const ROLES: u64 = 1_000;
const LEVELS: u64 = 50;
const FEATURES: u64 = 40;
const ACTIONS: [&str; 4] = ["read", "write", "delete", "share"];

fn id(kind: u64, number: u64) -> Uuid {
    Uuid::from_u128((u128::from(kind) << 64) | (u128::from(number) + 1))
}
fn here() -> OrganizationId {
    id(1, 0).into()
}
fn user_id(number: u64) -> UserId {
    id(2, number).into()
}
pub(crate) fn user(number: u64) -> String {
    user_id(number).to_string()
}
fn then() -> Timestamp {
    Timestamp::from_unix_seconds(1_600_000_000)
}

fn stored(rule: Rule, organization_id: OrganizationId) -> PolicyRule {
    // The people of the rules are members: their names are identifiers.
    let mut values = rule.values.into_iter().map(|value| {
        let number = value.strip_prefix('u').and_then(|number| number.parse().ok());
        number.map_or(value, user)
    });
    PolicyRule {
        id: rule.id,
        organization_id,
        ptype: rule.ptype.to_string(),
        values: std::array::from_fn(|_| values.next()),
        priority: None,
        not_before: None,
        expires_at: None,
        is_active: true,
        created_by: None,
        updated_by: None,
        created_at: then(),
        updated_at: then(),
        version: 1,
    }
}

fn role(number: u64, turn: u64) -> RoleRows {
    let permissions = (0..10).map(|place| Permission {
        id: id(12, number * 100 + place).into(),
        organization_id: here(),
        resource: format!("kind{}", (number + place + turn) % 50),
        action: ACTIONS[place as usize % 4].to_owned(),
        scope: if place % 2 == 0 { PermissionScope::Organization } else { PermissionScope::Own },
        description: None,
        created_at: then(),
    });
    RoleRows {
        permissions: permissions.collect(),
        inherits: if number % 10 == 9 { vec![id(3, number - 1).into()] } else { Vec::new() },
        role: Role {
            id: id(3, number).into(),
            organization_id: here(),
            name: format!("role{number}"),
            description: None,
            is_builtin: false,
            created_at: then(),
            updated_at: then(),
            version: 1,
        },
    }
}

fn level(number: u64) -> LevelRows {
    let features = (0..20).map(|place| FeaturePermission {
        id: id(14, number * 100 + place).into(),
        organization_id: here(),
        user_level_id: id(4, number).into(),
        feature_id: id(8, (number + place) % FEATURES).into(),
        action: ACTIONS[place as usize % 4].to_owned(),
        value: if place == 7 { PermissionValue::Deny } else { PermissionValue::Allow },
        scope: LevelScope::ALL[place as usize % 3],
        modifiable: true,
        created_at: then(),
        updated_at: then(),
        version: 1,
    });
    LevelRows {
        views: Vec::new(),
        features: features.collect(),
        level: UserLevel {
            id: id(4, number).into(),
            organization_id: here(),
            name: format!("level{number}"),
            description: None,
            created_at: then(),
            updated_at: then(),
            version: 1,
        },
    }
}

fn entity(number: u64) -> PolicyEntity {
    PolicyEntity {
        id: id(15, number).into(),
        organization_id: here(),
        entity_type: "document".into(),
        entity_id: format!("doc{number}"),
        properties: json!({"status": if number.is_multiple_of(2) { "draft" } else { "final" }, "owner": user(number % 100)}),
        created_at: then(),
        updated_at: then(),
        version: 1,
    }
}

/// The platform with so many rules.
pub(crate) fn platform(version: i64, rules: u64) -> Arc<Platform> {
    let module = Module {
        id: id(5, 0).into(),
        key: "module".into(),
        name: String::new(),
        description: None,
        icon: None,
        order_index: 0,
        is_active: true,
        created_at: then(),
        updated_at: then(),
        version: 1,
    };
    let features = (0..FEATURES).map(|number| Feature {
        id: id(8, number).into(),
        key: format!("feature{number}"),
        name: String::new(),
        description: None,
        is_active: true,
        created_at: then(),
        updated_at: then(),
        version: 1,
    });
    let links =
        (0..FEATURES).map(|number| ModuleFeature { module_id: id(5, 0).into(), feature_id: id(8, number).into() });
    let catalogue = CatalogueRows {
        modules: vec![module],
        features: features.collect(),
        module_features: links.collect(),
        ..CatalogueRows::default()
    };
    let rules = (0..rules).map(|number| {
        let object = format!("forbidden{number}:*");
        stored(Rule::new(id(7, number).into(), "p", ["everybody", "*", &object, "*", "deny"]), PLATFORM)
    });
    let own_kinds = ["teams", "members", "sessions", "users"].map(str::to_owned).into();
    let rows = PlatformRows { version, own_kinds, catalogue, rules: rules.collect(), ..PlatformRows::default() };
    Arc::new(Platform::new(rows).unwrap())
}

fn organization() -> Rows {
    let mut rows = Rows::empty(here(), platform(1, 100));
    rows.version = 1;
    rows.roles = (0..ROLES).map(|number| role(number, 0)).collect();
    rows.levels = (0..LEVELS).map(level).collect();
    rows.modules.push(OrganizationModule {
        id: id(11, 0).into(),
        organization_id: here(),
        module_id: id(5, 0).into(),
        is_active: true,
        created_at: then(),
        updated_at: then(),
        version: 1,
    });
    rows
}

/// Rules as in the benchmark of policies, and for each of its people a membership, three roles and a user level.
pub(crate) fn rows(shape: &Shape) -> Rows {
    let mut rows = organization();
    rows.rules = rows::rules(shape).into_iter().map(|rule| stored(rule, here())).collect();
    let mut random = Random::new(5);
    for number in 0..shape.users {
        let holder = Holder::User(user_id(number));
        rows.members.push(Member { holder, active: true });
        for _ in 0..3 {
            rows.held_roles.push((holder, HeldRole::always(id(3, random.below(ROLES)).into())));
        }
        rows.held_levels.push(LevelAssignment {
            organization_id: here(),
            user_id: user_id(number),
            user_level_id: id(4, random.below(LEVELS)).into(),
            created_at: then(),
        });
    }
    rows.entities = (0..10_000).map(entity).collect();
    rows
}

/// Somebody with 1,000 roles of rules and 1,000 of Keystead's, none of which reaches a resource that 10,000 rules are
/// about.
pub(crate) fn crowded() -> Rows {
    let mut rows = organization();
    let rename = |mut rule: Rule| {
        rule.values.iter_mut().filter(|value| *value == "busy").for_each(|value| *value = user(0));
        stored(rule, here())
    };
    rows.rules = rows::crowded().into_iter().map(rename).collect();
    let holder = Holder::User(user_id(0));
    rows.members.push(Member { holder, active: true });
    for number in 0..ROLES {
        rows.held_roles.push((holder, HeldRole::always(id(3, number).into())));
    }
    for rows in &mut rows.roles {
        if let Some(permission) = rows.permissions.first_mut() {
            permission.resource = "document".into();
            permission.action = "read".into();
            permission.scope = PermissionScope::Own;
        }
    }
    rows
}

pub(crate) struct Question {
    pub(crate) user: String,
    pub(crate) kind: &'static str,
    pub(crate) id: String,
    pub(crate) action: &'static str,
    pub(crate) properties: Map<String, Value>,
}

const KINDS: [&str; 8] = ["kind1", "kind9", "kind17", "kind33", "feature3", "feature11", "feature27", "feature"];

/// Half of the questions are about documents, which rules are about; every fifth of those about one that a rule for
/// the asker is about. The others are about what roles and user levels are about.
pub(crate) fn question(random: &mut Random, shape: &Shape, aims: &[Aim]) -> Question {
    let aimed = random.below(5) == 0;
    let asked = rows::request(random, shape, if aimed { aims } else { &[] });
    let number = asked.user.trim_start_matches('u').parse().unwrap();
    let mut properties = rows::properties(asked.draft);
    if random.below(3) == 0 {
        properties.insert("owner".into(), json!(user(if random.below(2) == 0 { number } else { 1 })));
    }
    let (kind, id) = match random.below(2) {
        0 => ("document", asked.object),
        _ => match KINDS[random.below(8) as usize] {
            "feature" => ("feature", format!("feature{}", random.below(FEATURES))),
            kind => (kind, format!("thing{}", random.below(1_000))),
        },
    };
    Question { user: user(number), kind, id, action: asked.action, properties }
}

pub(crate) fn changed_role(number: u64) -> Change {
    Change::Role { role: id(3, number).into(), rows: Some(role(number, 1)) }
}
pub(crate) fn changed_holding(number: u64) -> Change {
    let roles = (0..3).map(|place| HeldRole::always(id(3, (number * 7 + place) % ROLES).into())).collect();
    Change::RolesOf { holder: Holder::User(user_id(number)), roles }
}
pub(crate) fn changed_entity(number: u64) -> Change {
    Change::Entity(EntityChange::Put(entity(number)))
}
