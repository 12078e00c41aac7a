//! Roles and what they permit, compiled.
//!
//! A role permits what its own permissions say and what the roles that it inherits from permit. Who holds it, and for
//! how long, stands with [people](crate::people).

mod compiled;

use compiled::Compiled;
pub(crate) use compiled::{ANY, ORGANIZATION, OWN, Permitted, bit};

use crate::{
    grid::{Grid, NOTHING, Row},
    policy::shared::names::{Names, Symbol},
    slots::{Slot, Slots},
};
use keystead_domain::{
    RoleId, Timestamp,
    access::{Permission, PermissionScope, Role},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::Arc,
};

/// A role with everything that says what it permits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleRows {
    /// The role: the organization's own, or the platform's.
    pub role: Role,
    /// Its own permissions.
    pub permissions: Vec<Permission>,
    /// The roles whose permissions it has too. One that is not there gives nothing.
    pub inherits: Vec<RoleId>,
}

/// That a role is held, for a time or for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldRole {
    /// The role.
    pub role: RoleId,
    /// It does not count before; none when it always did.
    pub not_before: Option<Timestamp>,
    /// It no longer counts from then on; none when it never ends.
    pub expires_at: Option<Timestamp>,
}

impl HeldRole {
    /// A role that is held for ever.
    #[must_use]
    pub const fn always(role: RoleId) -> Self {
        Self { role, not_before: None, expires_at: None }
    }
}

/// Roles that inherit from each other in a circle: the roles on it, the first one again at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CyclicRoles(pub Vec<RoleId>);

impl fmt::Display for CyclicRoles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cyclic roles: ")?;
        for (place, role) in self.0.iter().enumerate() {
            write!(f, "{}{role}", if place == 0 { "" } else { " → " })?;
        }
        Ok(())
    }
}
impl std::error::Error for CyclicRoles {}

/// The roles of an organization.
#[derive(Clone, Debug, Default)]
pub(crate) struct Roles {
    pub(crate) kinds: Names,
    pub(crate) actions: Names,
    rows: Slots<RoleId, Compiled>,
    pub(crate) grid: Grid,
    /// How many roles inherit from others.
    inheriting: usize,
}

impl Roles {
    pub(crate) fn slot(&mut self, role: RoleId) -> Slot {
        self.rows.slot(role)
    }
    pub(crate) fn get(&self, slot: Slot) -> Option<&Arc<Compiled>> {
        self.rows.get(slot)
    }
    pub(crate) fn find(&self, role: RoleId) -> Option<&Arc<Compiled>> {
        self.rows.find(role).and_then(|slot| self.rows.get(slot))
    }
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }
    /// What roles say about an action on a kind of resource.
    pub(crate) fn said(&self, kind: &str, action: &str) -> &Row {
        match (self.kinds.find(kind), self.actions.find(action)) {
            (Some(kind), Some(action)) => self.grid.of(kind, action),
            _ => &NOTHING,
        }
    }
    /// The permissions of a role, inherited ones included, for an action on a kind of resource.
    pub(crate) fn permitted(&self, slot: Slot, kind: &str, action: &str) -> &[Permitted] {
        match (self.rows.get(slot), self.kinds.find(kind), self.actions.find(action)) {
            (Some(row), Some(kind), Some(action)) => row.about(kind, action),
            _ => &[],
        }
    }

    /// Writes roles, or takes them away, all or none.
    ///
    /// # Errors
    /// When they then inherit in a circle; nothing may be used of `self` then.
    pub(crate) fn change(&mut self, changes: &BTreeMap<RoleId, Option<&RoleRows>>) -> Result<(), CyclicRoles> {
        let before = self.inheriting;
        let mut touched = Vec::with_capacity(changes.len());
        for (id, rows) in changes {
            let slot = self.rows.slot(*id);
            let new = rows.map(|rows| Arc::new(Compiled::new(rows, &mut self.kinds, &mut self.actions)));
            self.inheriting += new.iter().filter(|row| !row.inherits.is_empty()).count();
            let old = self.rows.put(slot, new);
            self.inheriting -= old.iter().filter(|row| !row.inherits.is_empty()).count();
            touched.push((slot, old));
        }
        if before > 0 || self.inheriting > 0 {
            // What inherits from a changed role has changed too.
            let others = self.rows.iter().filter(|(slot, row)| {
                !touched.iter().any(|(touched, _)| touched == slot) && self.inherits_from(row, changes)
            });
            let others: Vec<_> = others.map(|(slot, row)| (slot, Some(Arc::clone(row)))).collect();
            touched.extend(others);
        }
        for (slot, old) in &touched {
            for permitted in old.iter().flat_map(|row| row.all.iter()) {
                self.grid.clear(permitted.kind, permitted.action, *slot);
            }
        }
        for (slot, _) in touched {
            let Some(row) = self.rows.get(slot).cloned() else { continue };
            let all = self.collect(&row)?;
            for permitted in &all {
                self.grid.add(permitted.kind, permitted.action, slot, bit(permitted.scope));
            }
            let row = Compiled { all: all.into(), ..Arc::unwrap_or_clone(row) };
            self.rows.put(slot, Some(Arc::new(row)));
        }
        Ok(())
    }

    /// Whether a role inherits, directly or not, from one of these.
    fn inherits_from(&self, row: &Compiled, these: &BTreeMap<RoleId, Option<&RoleRows>>) -> bool {
        let mut found: BTreeSet<RoleId> = BTreeSet::new();
        let mut waiting: Vec<RoleId> = row.inherits.to_vec();
        while let Some(id) = waiting.pop() {
            if these.contains_key(&id) {
                return true;
            }
            if found.insert(id)
                && let Some(above) = self.rows.find(id).and_then(|slot| self.rows.get(slot))
            {
                waiting.extend_from_slice(&above.inherits);
            }
        }
        false
    }

    /// The permissions of a role and of all that it inherits from, in order.
    fn collect(&self, row: &Compiled) -> Result<Vec<Permitted>, CyclicRoles> {
        let mut all = row.own.to_vec();
        // Each role that was found, and the one that inherits from it.
        let mut found: BTreeMap<RoleId, RoleId> = BTreeMap::new();
        let mut waiting: Vec<(RoleId, RoleId)> = row.inherits.iter().map(|above| (*above, row.id)).collect();
        while let Some((id, heir)) = waiting.pop() {
            if id == row.id {
                let mut circle = vec![id, heir];
                while let Some(next) = found.get(circle.last().unwrap_or(&id)) {
                    circle.push(*next);
                }
                circle.reverse();
                return Err(CyclicRoles(circle));
            }
            if found.contains_key(&id) {
                continue;
            }
            found.insert(id, heir);
            if let Some(above) = self.rows.find(id).and_then(|slot| self.rows.get(slot)) {
                all.extend_from_slice(&above.own);
                waiting.extend(above.inherits.iter().map(|next| (*next, id)));
            }
        }
        all.sort_unstable_by_key(Permitted::order);
        all.dedup();
        Ok(all)
    }

    /// The words of a pair of the grid.
    pub(crate) fn words(&self, kind: Symbol, action: Symbol) -> (&str, &str) {
        (self.kinds.text(kind), self.actions.text(action))
    }
}

/// The scope that a bit of a cell stands for, the farthest first.
pub(crate) const SCOPES: [(u8, PermissionScope); 3] =
    [(ANY, PermissionScope::Any), (ORGANIZATION, PermissionScope::Organization), (OWN, PermissionScope::Own)];
