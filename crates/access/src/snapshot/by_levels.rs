//! What user levels say. Allocates nothing.

use super::{Situation, Snapshot};
use crate::{
    decision::{Denial, Reason},
    entitlements::{Item, VIEWING, allow_bit, deny_bit},
    grid::{Common, Held},
    people::Entry,
    policy::Truth,
    slots::Slot,
};
use keystead_domain::{
    FeatureId, ViewId,
    access::{LevelScope, PermissionValue},
};

/// The bits of a cell that allow.
const ALLOWANCES: u8 = 0x0f;

/// What user levels say together.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Said {
    pub(super) denied: Option<Denial>,
    pub(super) allowed: Option<Reason>,
    pub(super) nearest: Option<Denial>,
}

/// How the scopes of user levels stand to the resource, which is inside the organization.
pub(crate) fn level_reach(situation: &Situation<'_>, scope: LevelScope) -> Truth {
    match scope {
        LevelScope::Own => situation.owns(),
        LevelScope::Team => situation.in_team(),
        LevelScope::Organization => Truth::from(situation.is_inside()),
    }
}
/// The bits that count here, of those that are said. A denial counts also when it is not known whether it reaches the
/// resource.
fn counting_bits(situation: &Situation<'_>, said: u8) -> u8 {
    LevelScope::ALL.iter().fold(0, |bits, scope| {
        let (allow, deny) = (allow_bit(*scope), deny_bit(*scope));
        if said & (allow | deny) == 0 {
            return bits;
        }
        match level_reach(situation, *scope) {
            Truth::True => bits | allow | deny,
            Truth::Unknown => bits | deny,
            Truth::False => bits,
        }
    })
}

impl Snapshot {
    /// What user levels say of a resource that is inside the organization.
    pub(super) fn ask_levels(&self, situation: &Situation<'_>, action: &str) -> Said {
        match (situation.entry, situation.item) {
            (Some(entry), Item::Feature(feature)) => self.ask_feature(situation, entry, feature, action),
            (Some(entry), Item::View(view)) if action == VIEWING => self.ask_view(entry, view),
            _ => Said::default(),
        }
    }

    fn ask_feature(&self, situation: &Situation<'_>, entry: &Entry, feature: FeatureId, action: &str) -> Said {
        let says = |slot: Slot, bits: u8| {
            let found = self.levels.feature(slot, feature, action).iter();
            let found = found.copied().find(|says| match says.value {
                PermissionValue::Allow => allow_bit(says.scope) & bits != 0,
                PermissionValue::Deny => deny_bit(says.scope) & bits != 0,
            });
            found.zip(self.levels.get(slot).map(|level| level.id))
        };
        let (mut said, mut allowing, mut near) = (Said::default(), None, None);
        let row = self.levels.said_of_feature(feature, action);
        let counting = counting_bits(situation, row.says);
        let (allows, denies) = (counting & ALLOWANCES, counting & !ALLOWANCES);
        for (cell, Held { slot, .. }) in Common::of(row, &entry.levels) {
            if cell.says & denies != 0
                && let Some((says, level)) = says(*slot, denies)
            {
                said.denied = Some(Denial::Level { level, permission: says.id, scope: says.scope });
                return said;
            }
            if cell.says & allows != 0 {
                allowing.get_or_insert(*slot);
            } else if cell.says & ALLOWANCES != 0 {
                near.get_or_insert(*slot);
            }
        }
        said.allowed = allowing.and_then(|slot| says(slot, allows)).map(|(says, level)| Reason::Level {
            level,
            permission: says.id,
            scope: says.scope,
        });
        said.nearest = near
            .and_then(|slot| says(slot, ALLOWANCES))
            .map(|(says, level)| Denial::LevelOutOfScope { level, permission: says.id });
        said
    }

    fn ask_view(&self, entry: &Entry, view: ViewId) -> Said {
        let says = |slot: Slot, value: PermissionValue| {
            let found = self.levels.view(slot, view).iter().find(|says| says.value == value);
            found.zip(self.levels.get(slot)).map(|(says, level)| (level.id, says.id))
        };
        let (mut said, mut allowing) = (Said::default(), None);
        for (cell, Held { slot, .. }) in Common::of(self.levels.said_of_view(view), &entry.levels) {
            if cell.says & deny_bit(LevelScope::Organization) != 0
                && let Some((level, permission)) = says(*slot, PermissionValue::Deny)
            {
                said.denied = Some(Denial::View { level, permission });
                return said;
            }
            allowing.get_or_insert(*slot);
        }
        said.allowed = allowing
            .and_then(|slot| says(slot, PermissionValue::Allow))
            .map(|(level, permission)| Reason::View { level, permission });
        said
    }
}
