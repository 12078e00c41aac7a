//! What each source says.

use crate::{
    entitlements::{FEATURE, Item, ModuleState, VIEW, VIEWING},
    everyone::held_by_everyone,
    policy::{Cause, Effect, Entity, Truth, Verdict, micros},
    roles::bit,
    snapshot::{Situation, Snapshot, by_levels::level_reach},
};
use keystead_domain::{
    FeaturePermissionId, ModuleId, PermissionId, RoleId, RuleId, Timestamp, UserLevelId, ViewPermissionId,
    access::{LevelScope, PermissionScope, PermissionValue},
};

/// Something that has a say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The platform's rules, together; the rule that decided is told with them.
    PlatformRules,
    /// The organization's rules, together.
    Rules,
    /// That the subject is an administrator of the platform.
    Administrator,
    /// A module that leads to the feature or view.
    Module {
        /// Which.
        module: ModuleId,
        /// How it stands with it.
        state: ModuleState,
    },
    /// That no module leads to the feature or view at all, or that it is not active or not there.
    Catalogue,
    /// What everybody may do with their own.
    Everyone {
        /// The permission of the built-in role `user`.
        permission: PermissionId,
    },
    /// A role that the subject holds.
    Role {
        /// The role.
        role: RoleId,
        /// The role that has the permission: the same, or one that it inherits from.
        of: RoleId,
        /// The permission.
        permission: PermissionId,
        /// How far it reaches.
        scope: PermissionScope,
        /// Whether the role is held at the time of the question.
        in_time: bool,
    },
    /// What a user level that the subject has says of the feature.
    Level {
        /// The level.
        level: UserLevelId,
        /// The permission.
        permission: FeaturePermissionId,
        /// Whether it allows or denies.
        value: PermissionValue,
        /// How far it reaches.
        scope: LevelScope,
    },
    /// What a user level that the subject has says of the view.
    View {
        /// The level.
        level: UserLevelId,
        /// The permission.
        permission: ViewPermissionId,
    },
}

/// What one source says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Considered {
    /// Which.
    pub source: Source,
    /// What it says to this question: it abstains where it does not count.
    pub effect: Effect,
    /// The rule that decided, where rules did and a single one of them.
    pub rule: Option<RuleId>,
    /// Why rules said so.
    pub cause: Option<Cause>,
    /// Whether it reaches the resource.
    pub reaches: Truth,
}

impl Considered {
    pub(super) fn rules(source: Source, verdict: &Verdict, situation: &Situation<'_>) -> Self {
        let Verdict { effect, rule, cause } = *verdict;
        // Rules allow nothing on Keystead's own resources, and nothing to anybody whose account is closed.
        let counts = effect != Effect::Allow || !(situation.is_own_kind || situation.is_closed);
        let effect = if counts { effect } else { Effect::Abstain };
        Self { source, effect, rule, cause: Some(cause), reaches: Truth::True }
    }
    const fn new(source: Source, effect: Effect, reaches: Truth) -> Self {
        Self { source, effect, rule: None, cause: None, reaches }
    }
}

fn effect(value: PermissionValue, reaches: Truth, is_admitted: bool) -> Effect {
    match (value, reaches) {
        (PermissionValue::Allow, Truth::True) if is_admitted => Effect::Allow,
        (PermissionValue::Deny, Truth::True | Truth::Unknown) => Effect::Deny,
        _ => Effect::Abstain,
    }
}

impl Snapshot {
    pub(super) fn consider_administrator(&self, situation: &Situation<'_>, at: Timestamp, all: &mut Vec<Considered>) {
        if !situation.is_closed && self.platform.is_administrator(situation.holder, micros(at)) {
            all.push(Considered::new(Source::Administrator, Effect::Allow, Truth::True));
        }
    }

    pub(super) fn consider_modules(&self, situation: &Situation<'_>, resource: &Entity<'_>, all: &mut Vec<Considered>) {
        if situation.item == Item::None {
            return;
        }
        let blocked = if situation.item == Item::Unreachable { Effect::Deny } else { Effect::Abstain };
        let catalogue = &self.platform.catalogue;
        let modules = match resource.kind {
            FEATURE => catalogue.features.get(resource.id).map(|entry| (&entry.modules, entry.active)),
            VIEW => catalogue.views.get(resource.id).map(|entry| (&entry.modules, entry.active)),
            key => catalogue.features.get(key).map(|entry| (&entry.modules, entry.active)),
        };
        match modules {
            Some((modules, true)) if !modules.is_empty() => {
                for module in modules {
                    let state = self.modules.state(catalogue, *module);
                    let reaches = Truth::from(state == ModuleState::Open);
                    all.push(Considered::new(Source::Module { module: *module, state }, blocked, reaches));
                }
            }
            _ => all.push(Considered::new(Source::Catalogue, blocked, Truth::False)),
        }
    }

    pub(super) fn consider_everyone(
        &self,
        situation: &Situation<'_>,
        kind: &str,
        action: &str,
        all: &mut Vec<Considered>,
    ) {
        if let Some((_, permission)) = held_by_everyone(kind, action)
            && situation.is_own_kind
            && situation.holder.is_some()
        {
            let effect =
                if situation.owns() == Truth::True && !situation.is_closed { Effect::Allow } else { Effect::Abstain };
            all.push(Considered::new(Source::Everyone { permission }, effect, situation.owns()));
        }
    }

    pub(super) fn consider_roles(
        &self,
        situation: &Situation<'_>,
        kind: &str,
        action: &str,
        at: Timestamp,
        all: &mut Vec<Considered>,
    ) {
        let Some(entry) = situation.entry else { return };
        let reach = self.role_reach(situation, u8::MAX);
        for held in &entry.roles {
            let Some(role) = self.roles.get(held.slot).map(|role| role.id) else { continue };
            let in_time = held.window.contains(micros(at));
            for permitted in self.roles.permitted(held.slot, kind, action) {
                let reaches = Truth::from(reach & bit(permitted.scope) != 0);
                let counts = in_time && reaches == Truth::True && situation.is_admitted();
                let effect = if counts { Effect::Allow } else { Effect::Abstain };
                let (of, permission, scope) = (permitted.of, permitted.id, permitted.scope);
                all.push(Considered::new(Source::Role { role, of, permission, scope, in_time }, effect, reaches));
            }
        }
    }

    pub(super) fn consider_levels(&self, situation: &Situation<'_>, action: &str, all: &mut Vec<Considered>) {
        let Some(entry) = situation.entry else { return };
        if !situation.is_inside() {
            return;
        }
        let admitted = situation.is_admitted();
        for held in &entry.levels {
            let Some(level) = self.levels.get(held.slot).map(|level| level.id) else { continue };
            match situation.item {
                Item::Feature(feature) => {
                    for says in self.levels.feature(held.slot, feature, action) {
                        let reaches = level_reach(situation, says.scope);
                        let (permission, value, scope) = (says.id, says.value, says.scope);
                        let source = Source::Level { level, permission, value, scope };
                        all.push(Considered::new(source, effect(value, reaches, admitted), reaches));
                    }
                }
                Item::View(view) if action == VIEWING => {
                    for says in self.levels.view(held.slot, view) {
                        let source = Source::View { level, permission: says.id };
                        all.push(Considered::new(source, effect(says.value, Truth::True, admitted), Truth::True));
                    }
                }
                _ => {}
            }
        }
    }
}
