//! A small world of rows: an organization, another one, and the platform.

use crate::{chance::Chance, steps::a_line};
use keystead_access::{
    Holder, Whose,
    entities::OwnResource,
    entitlements::{CatalogueRows, LevelRows},
    people::{Member, TeamRows},
    platform::{Administrator, Platform, PlatformRows},
    roles::{HeldRole, RoleRows},
    snapshot::{Rows, Snapshot},
};
use keystead_domain::{
    FeatureId, ModuleId, OrganizationId, PLATFORM, RoleId, RuleId, ServiceAccountId, TeamId, Timestamp, UserId,
    UserLevelId, ViewId,
    access::{
        Feature, FeaturePermission, LevelAssignment, LevelScope, Module, ModuleFeature, ModuleView, OrganizationModule,
        Permission, PermissionScope, PermissionValue, PolicyEntity, PolicyRule, Role, UserLevel, View, ViewPermission,
    },
};
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

pub(crate) fn uuid(kind: u128, number: usize) -> Uuid {
    Uuid::from_u128((kind << 64) | (number as u128 + 1))
}
pub(crate) fn time(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(1_700_000_000 + seconds)
}
pub(crate) fn here() -> OrganizationId {
    uuid(1, 0).into()
}
pub(crate) fn elsewhere() -> OrganizationId {
    uuid(1, 1).into()
}
pub(crate) fn user(number: usize) -> UserId {
    uuid(2, number).into()
}
pub(crate) fn role(number: usize) -> RoleId {
    uuid(3, number).into()
}
pub(crate) fn level(number: usize) -> UserLevelId {
    uuid(4, number).into()
}
pub(crate) fn module(number: usize) -> ModuleId {
    uuid(5, number).into()
}
pub(crate) fn team(number: usize) -> TeamId {
    uuid(6, number).into()
}
pub(crate) fn rule(number: usize) -> RuleId {
    uuid(7, number).into()
}
pub(crate) fn feature(number: usize) -> FeatureId {
    uuid(8, number).into()
}
pub(crate) fn view(number: usize) -> ViewId {
    uuid(9, number).into()
}
pub(crate) fn service() -> ServiceAccountId {
    uuid(10, 0).into()
}
/// Four people and a service account.
pub(crate) fn holder(number: usize) -> Holder {
    if number == 4 { Holder::ServiceAccount(service()) } else { Holder::User(user(number)) }
}

/// The third one is, besides, the name of one of Keystead's own resources.
pub(crate) const FEATURES: [&str; 4] = ["invoices", "reports", "teams", "chat"];
pub(crate) const VIEWS: [&str; 3] = ["start", "billing", "settings"];
pub(crate) const KINDS: [&str; 9] =
    ["invoices", "reports", "document", "teams", "members", "sessions", "feature", "view", "chat"];
pub(crate) const ACTIONS: [&str; 5] = ["read", "update", "delete", "approve", "view"];
pub(crate) const OWN_KINDS: [&str; 4] = ["teams", "members", "sessions", "users"];

/// All rows, as a store would have them.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) rows: Rows,
    pub(crate) platform: PlatformRows,
}

impl World {
    pub(crate) fn new(organization: OrganizationId) -> Self {
        let platform = PlatformRows {
            version: 1,
            own_kinds: OWN_KINDS.map(str::to_owned).into(),
            catalogue: CatalogueRows {
                modules: (0..3).map(a_module).collect(),
                features: (0..4).map(a_feature).collect(),
                views: (0..3).map(a_view).collect(),
                ..CatalogueRows::default()
            },
            ..PlatformRows::default()
        };
        let compiled = Arc::new(Platform::new(platform.clone()).unwrap());
        Self { rows: Rows { version: 1, ..Rows::empty(organization, compiled) }, platform }
    }
    /// One in which much is open: members (but for the fourth person), roles, levels, modules with everything in them.
    pub(crate) fn open(organization: OrganizationId) -> Self {
        let mut world = Self::new(organization);
        for number in 0..5 {
            if number != 3 {
                world.member(number, true);
            }
            world.hold_role(number, role(number)).hold_role(number, role((number + 1) % 5));
        }
        for number in 0..3 {
            world.module(number, true).hold_level(number, number).hold_level(number, (number + 1) % 3);
            world.rows.teams.push(a_team(number, &[number, (number + 1) % 4]));
        }
        let catalogue = &mut world.platform.catalogue;
        catalogue.module_features =
            (0..4).map(|number| ModuleFeature { module_id: module(number % 3), feature_id: feature(number) }).collect();
        catalogue.module_views =
            (0..3).map(|number| ModuleView { module_id: module(number), view_id: view(number) }).collect();
        let (mut chance, value) = (Chance(1), [PermissionValue::Allow, PermissionValue::Allow, PermissionValue::Deny]);
        for number in 0..5 {
            let permits: Vec<_> =
                (0..12).map(|_| (chance.of(&KINDS), chance.of(&ACTIONS), chance.of(PermissionScope::ALL))).collect();
            world.rows.roles.push(a_role(organization, number, &permits, &[]));
        }
        for number in 0..3 {
            let views: Vec<_> = (0..3).map(|of| (of, chance.of(&value))).collect();
            let mut features = Vec::new();
            for of in 0..4 {
                features.extend(ACTIONS.map(|action| (of, action, chance.of(&value), chance.of(LevelScope::ALL))));
            }
            world.rows.levels.push(a_level(organization, number, &views, &features));
        }
        for of in [organization, PLATFORM] {
            // The platform has few rules, and an organization that is the platform has none of its own.
            for _ in 0..if of == organization { 10 } else { 2 } {
                let line = a_line(&mut chance);
                world.rule(of, &line);
            }
        }
        world
    }
    /// Everything compiled anew.
    pub(crate) fn snapshot(&self) -> Snapshot {
        let platform = Arc::new(Platform::new(self.platform.clone()).unwrap());
        Snapshot::new(Rows { platform, ..self.rows.clone() }).unwrap()
    }
    pub(crate) fn member(&mut self, number: usize, active: bool) -> &mut Self {
        self.rows.members.push(Member { holder: holder(number), active });
        self
    }
    pub(crate) fn hold_role(&mut self, number: usize, role: RoleId) -> &mut Self {
        self.rows.held_roles.push((holder(number), HeldRole::always(role)));
        self
    }
    pub(crate) fn hold_level(&mut self, number: usize, level: usize) -> &mut Self {
        self.rows.held_levels.push(a_level_held(self.rows.organization, number, level));
        self
    }
    pub(crate) fn administrator(&mut self, number: usize) -> &mut Self {
        let administrator = Administrator { holder: holder(number), not_before: None, expires_at: None };
        self.platform.administrators.push(administrator);
        self
    }
    /// `p, alice, …` for the organization, or for the platform.
    pub(crate) fn rule(&mut self, of: OrganizationId, line: &str) -> &mut Self {
        let rules = if of == PLATFORM { &mut self.platform.rules } else { &mut self.rows.rules };
        let number = rules.len() + if of == PLATFORM { 1000 } else { 0 };
        rules.push(a_rule(of, number, line));
        self
    }
    pub(crate) fn module(&mut self, number: usize, active: bool) -> &mut Self {
        self.rows.modules.push(a_module_had(self.rows.organization, number, active));
        self
    }
}

fn word(number: usize, names: &[&str]) -> String {
    names[number].to_owned()
}

pub(crate) fn a_module(number: usize) -> Module {
    Module {
        id: module(number),
        key: format!("module{number}"),
        name: String::new(),
        description: None,
        icon: None,
        order_index: 0,
        is_active: true,
        created_at: time(0),
        updated_at: time(0),
        version: 1,
    }
}
pub(crate) fn a_feature(number: usize) -> Feature {
    Feature {
        id: feature(number),
        key: word(number, &FEATURES),
        name: String::new(),
        description: None,
        is_active: true,
        created_at: time(0),
        updated_at: time(0),
        version: 1,
    }
}
pub(crate) fn a_view(number: usize) -> View {
    View {
        id: view(number),
        key: word(number, &VIEWS),
        name: String::new(),
        description: None,
        path: None,
        icon: None,
        is_active: true,
        created_at: time(0),
        updated_at: time(0),
        version: 1,
    }
}
pub(crate) fn a_module_had(organization_id: OrganizationId, number: usize, is_active: bool) -> OrganizationModule {
    OrganizationModule {
        id: uuid(11, number).into(),
        organization_id,
        module_id: module(number),
        is_active,
        created_at: time(0),
        updated_at: time(0),
        version: 1,
    }
}
pub(crate) fn a_role(
    organization_id: OrganizationId,
    number: usize,
    permits: &[(&str, &str, PermissionScope)],
    inherits: &[usize],
) -> RoleRows {
    let permissions = permits.iter().enumerate().map(|(place, (resource, action, scope))| Permission {
        id: uuid(12, number * 100 + place).into(),
        organization_id,
        resource: (*resource).to_owned(),
        action: (*action).to_owned(),
        scope: *scope,
        description: None,
        created_at: time(0),
    });
    RoleRows {
        permissions: permissions.collect(),
        inherits: inherits.iter().map(|number| role(*number)).collect(),
        role: Role {
            id: role(number),
            organization_id,
            name: format!("role{number}"),
            description: None,
            is_builtin: false,
            created_at: time(0),
            updated_at: time(0),
            version: 1,
        },
    }
}
pub(crate) fn a_level(
    organization_id: OrganizationId,
    number: usize,
    views: &[(usize, PermissionValue)],
    features: &[(usize, &str, PermissionValue, LevelScope)],
) -> LevelRows {
    let views = views.iter().map(|(of, value)| ViewPermission {
        id: uuid(13, number * 100 + of).into(),
        organization_id,
        user_level_id: level(number),
        view_id: view(*of),
        value: *value,
        modifiable: true,
        created_at: time(0),
        updated_at: time(0),
        version: 1,
    });
    let features = features.iter().enumerate().map(|(place, (of, action, value, scope))| FeaturePermission {
        id: uuid(14, number * 100 + place).into(),
        organization_id,
        user_level_id: level(number),
        feature_id: feature(*of),
        action: (*action).to_owned(),
        value: *value,
        scope: *scope,
        modifiable: true,
        created_at: time(0),
        updated_at: time(0),
        version: 1,
    });
    LevelRows {
        views: views.collect(),
        features: features.collect(),
        level: UserLevel {
            id: level(number),
            organization_id,
            name: format!("level{number}"),
            description: None,
            created_at: time(0),
            updated_at: time(0),
            version: 1,
        },
    }
}
pub(crate) fn a_level_held(organization_id: OrganizationId, number: usize, of: usize) -> LevelAssignment {
    LevelAssignment { organization_id, user_id: user(number), user_level_id: level(of), created_at: time(0) }
}
pub(crate) fn a_team(number: usize, members: &[usize]) -> TeamRows {
    TeamRows { team: team(number), members: members.iter().map(|number| user(*number)).collect() }
}
/// A rule as Casbin writes it.
pub(crate) fn a_rule(organization_id: OrganizationId, number: usize, line: &str) -> PolicyRule {
    let mut words = line.split(',').map(|word| word.trim().to_owned());
    let ptype = words.next().unwrap();
    PolicyRule {
        id: rule(number),
        organization_id,
        ptype,
        values: std::array::from_fn(|_| words.next()),
        priority: None,
        not_before: None,
        expires_at: None,
        is_active: true,
        created_by: None,
        updated_by: None,
        created_at: time(0),
        updated_at: time(0),
        version: 1,
    }
}
pub(crate) fn an_entity(organization_id: OrganizationId, kind: &str, id: &str, properties: Value) -> PolicyEntity {
    PolicyEntity {
        id: uuid(15, 0).into(),
        organization_id,
        entity_type: kind.to_owned(),
        entity_id: id.to_owned(),
        properties,
        created_at: time(0),
        updated_at: time(0),
        version: 1,
    }
}
pub(crate) fn an_own(kind: &str, id: &str, whose: Whose) -> OwnResource {
    OwnResource { kind: kind.to_owned(), id: id.to_owned(), whose }
}
/// What a resource that belongs to nobody knows of itself.
pub(crate) fn nothing() -> Value {
    json!({})
}
