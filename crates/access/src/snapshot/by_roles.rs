//! What roles say. Allocates nothing.

use super::{Situation, Snapshot};
use crate::{
    decision::{Denial, Reason},
    grid::{Cell, Common},
    policy::Truth,
    roles::{ANY, ORGANIZATION, OWN, SCOPES},
};
use keystead_domain::PLATFORM;

impl Snapshot {
    /// How far roles reach here, as bits of a cell, of those that are wanted. Roles of an organization reach its own
    /// resources only, those held in the platform reach everywhere.
    pub(crate) fn role_reach(&self, situation: &Situation<'_>, wanted: u8) -> u8 {
        let own = if wanted & OWN != 0 && situation.owns() == Truth::True { OWN } else { 0 };
        let inside = if situation.is_inside() { ORGANIZATION } else { 0 };
        match (self.organization == PLATFORM, situation.is_inside()) {
            (true, _) => ANY | own | inside,
            (false, true) => own | inside,
            (false, false) => 0,
        }
    }

    /// What roles say: an allowance, the nearest one that does not reach the resource, or nothing.
    pub(super) fn ask_roles(&self, situation: &Situation<'_>, kind: &str, action: &str, now: i64) -> Option<Reason> {
        let held = &situation.entry?.roles;
        let said = self.roles.said(kind, action);
        if said.says == 0 {
            return None;
        }
        let reach = self.role_reach(situation, said.says);
        let mut nearest = None;
        for (cell, held) in Common::of(said, held) {
            if held.window.contains(now) {
                if cell.says & reach != 0 {
                    return self.permission(cell, reach, kind, action);
                }
                nearest.get_or_insert(cell);
                if said.says & reach == 0 {
                    break;
                }
            }
        }
        match self.permission(nearest?, u8::MAX, kind, action)? {
            Reason::Granted { role, permission, .. } => Some(Reason::Denied(Denial::OutOfScope { role, permission })),
            other => Some(other),
        }
    }
    /// The permission behind a cell that reaches farthest within `reach`.
    fn permission(&self, cell: Cell, reach: u8, kind: &str, action: &str) -> Option<Reason> {
        let (_, scope) = SCOPES.into_iter().find(|(bit, _)| cell.says & reach & bit != 0)?;
        let permitted = self.roles.permitted(cell.slot, kind, action).iter().find(|found| found.scope == scope)?;
        let role = self.roles.get(cell.slot)?.id;
        Some(Reason::Granted { role, permission: permitted.id, scope })
    }
}
