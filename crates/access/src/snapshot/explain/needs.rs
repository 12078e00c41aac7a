//! What would have been needed.

use super::{Considered, Source};
use crate::{
    entitlements::{Item, ModuleState, VIEWING},
    people::Standing,
    policy::{Effect, Entity},
    roles::bit,
    snapshot::{Situation, Snapshot},
};
use keystead_domain::{
    FeaturePermissionId, ModuleId, PermissionId, RoleId, UserLevelId, ViewPermissionId,
    access::{LevelScope, PermissionScope, PermissionValue},
};

/// The most needs that an explanation lists.
pub const MAX_NEEDED: usize = 50;

/// One thing that was missing or in the way. Denials must all be gone; of the others one suffices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// That this denial were not.
    WithoutDenial(Source),
    /// That the membership were active, and the person's account.
    ActiveMembership,
    /// That the organization had this module, and that it counted.
    Module {
        /// Which.
        module: ModuleId,
        /// How it stands with it.
        state: ModuleState,
    },
    /// This role.
    Role {
        /// Which.
        role: RoleId,
        /// Its permission.
        permission: PermissionId,
        /// How far that reaches.
        scope: PermissionScope,
        /// Whether it would reach this resource.
        reaches: bool,
    },
    /// This user level.
    Level {
        /// Which.
        level: UserLevelId,
        /// Its permission.
        permission: FeaturePermissionId,
        /// How far that reaches.
        scope: LevelScope,
    },
    /// This user level, which opens the view.
    View {
        /// Which.
        level: UserLevelId,
        /// Its permission.
        permission: ViewPermissionId,
    },
    /// That the resource were within this held permission's scope: owned by the subject, of the organization.
    Within(Source),
}

impl Snapshot {
    /// All that would have been needed. The rules' own part is with their explanation: the rule that came nearest.
    pub(super) fn needs(
        &self,
        situation: &Situation<'_>,
        resource: &Entity<'_>,
        action: &str,
        considered: &[Considered],
    ) -> Vec<Need> {
        let mut needs = Vec::new();
        for said in considered.iter().filter(|said| said.effect == Effect::Deny) {
            needs.push(match said.source {
                Source::Module { module, state } => Need::Module { module, state },
                other => Need::WithoutDenial(other),
            });
        }
        if !situation.is_admitted() || situation.standing == Standing::Suspended {
            needs.push(Need::ActiveMembership);
        }
        for said in considered.iter().filter(|said| said.effect == Effect::Abstain) {
            let allows = match said.source {
                Source::Role { .. } | Source::Everyone { .. } => true,
                Source::Level { value, .. } => value == PermissionValue::Allow,
                _ => false,
            };
            if allows {
                needs.push(Need::Within(said.source));
            }
        }
        if considered.iter().any(|said| said.effect == Effect::Allow) {
            return needs;
        }
        let reach = self.role_reach(situation, u8::MAX);
        for cell in &self.roles.said(resource.kind, action).cells {
            let held = situation.entry.is_some_and(|entry| entry.roles.iter().any(|held| held.slot == cell.slot));
            let Some(role) = self.roles.get(cell.slot).filter(|_| !held).map(|role| role.id) else { continue };
            for permitted in self.roles.permitted(cell.slot, resource.kind, action) {
                let reaches = reach & bit(permitted.scope) != 0;
                needs.push(Need::Role { role, permission: permitted.id, scope: permitted.scope, reaches });
            }
        }
        for (slot, level) in self.levels.iter() {
            match situation.item {
                Item::Feature(feature) => {
                    let says = self.levels.feature(slot, feature, action).iter();
                    let allowing = says.filter(|says| says.value == PermissionValue::Allow);
                    needs.extend(allowing.map(|says| Need::Level {
                        level: level.id,
                        permission: says.id,
                        scope: says.scope,
                    }));
                }
                Item::View(view) if action == VIEWING => {
                    let says = self.levels.view(slot, view).iter();
                    let allowing = says.filter(|says| says.value == PermissionValue::Allow);
                    needs.extend(allowing.map(|says| Need::View { level: level.id, permission: says.id }));
                }
                _ => {}
            }
        }
        needs
    }
}
