//! What a transaction has changed of all that decides and has not written down yet.
//!
//! It is written down once, when the transaction ends or leaves the organization: so the organization's version, whose row
//! is locked from then on, rises once, and no repository's caller can forget it.

use keystead_domain::{
    OrganizationId,
    access::{AccessChange, AccessTable, HeldVersion},
};
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

/// What the transaction has done in one organization.
#[derive(Clone, Debug, Default)]
struct InOrganization {
    /// Not written down yet.
    pending: Vec<AccessChange>,
    /// Written down.
    written: Vec<AccessChange>,
    /// The version that the transaction gave it, and how many changes are written down at it.
    raised: Option<Raised>,
}

/// A version that this transaction has raised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Raised {
    pub(crate) version: i64,
    pub(crate) changes: i32,
}

/// What is to be written down in one organization.
#[derive(Debug)]
pub(crate) struct ToWrite {
    pub(crate) organization: OrganizationId,
    pub(crate) changes: Vec<AccessChange>,
    /// None when the version is to be raised, too.
    pub(crate) raised: Option<Raised>,
}

/// What a transaction has changed.
#[derive(Debug, Default)]
pub(crate) struct Noted(Mutex<BTreeMap<OrganizationId, InOrganization>>);

impl InOrganization {
    /// Takes what is pending, to be written down.
    fn take(&mut self) -> Vec<AccessChange> {
        let changes = AccessChange::condensed(&std::mem::take(&mut self.pending));
        self.written.extend(&changes);
        changes
    }
}

impl Noted {
    fn with<T>(&self, work: impl FnOnce(&mut BTreeMap<OrganizationId, InOrganization>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes changes.
    pub(crate) fn add(&self, organization: OrganizationId, changes: impl IntoIterator<Item = AccessChange>) {
        let mut changes = changes.into_iter().peekable();
        if changes.peek().is_some() {
            self.with(|all| all.entry(organization).or_default().pending.extend(changes));
        }
    }

    /// The version that the transaction has given this organization, if it has.
    pub(crate) fn raised(&self, organization: OrganizationId) -> Option<i64> {
        self.with(|all| all.get(&organization).and_then(|own| own.raised).map(|raised| raised.version))
    }

    /// The same, with everything that the transaction has changed there so far.
    pub(crate) fn held(&self, organization: OrganizationId) -> Option<HeldVersion> {
        self.with(|all| {
            let own = all.get(&organization)?;
            let changed = [own.written.as_slice(), own.pending.as_slice()].concat();
            own.raised
                .map(|raised| HeldVersion { before: raised.version - 1, changed: AccessChange::condensed(&changed) })
        })
    }

    /// Takes what is pending in an organization whose version is to be raised now, be it nothing.
    pub(crate) fn take(&self, organization: OrganizationId) -> Vec<AccessChange> {
        self.with(|all| all.entry(organization).or_default().take())
    }

    /// Remembers what was written down.
    pub(crate) fn wrote(&self, organization: OrganizationId, raised: Raised) {
        self.with(|all| all.entry(organization).or_default().raised = Some(raised));
    }

    /// Whether anything is left to be written down.
    pub(crate) fn is_pending(&self) -> bool {
        let is_open =
            |own: &InOrganization| !own.pending.is_empty() || own.raised.is_some_and(|raised| raised.changes == 0);
        self.with(|all| all.values().any(is_open))
    }

    /// The next organization in which something is to be written down. A version without any change is one of everything.
    pub(crate) fn next(&self) -> Option<ToWrite> {
        self.with(|all| {
            all.iter_mut().find_map(|(&organization, own)| {
                let mut changes = own.take();
                if changes.is_empty() {
                    own.raised.filter(|raised| raised.changes == 0)?;
                    changes.push(AccessChange::all(AccessTable::Everything));
                }
                Some(ToWrite { organization, changes, raised: own.raised })
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keystead_domain::PLATFORM;
    use uuid::Uuid;

    #[test]
    fn changes_are_written_once() {
        let noted = Noted::default();
        assert!(!noted.is_pending());
        noted.add(PLATFORM, []);
        assert!(!noted.is_pending());
        let change = AccessChange::put(AccessTable::Roles, Uuid::from_u128(1));
        noted.add(PLATFORM, [change, change]);
        assert!(noted.is_pending());
        let next = noted.next().unwrap();
        assert_eq!((next.organization, next.changes, next.raised), (PLATFORM, vec![change], None));
        noted.wrote(PLATFORM, Raised { version: 3, changes: 1 });
        assert!(!noted.is_pending() && noted.next().is_none());
        assert_eq!(noted.raised(PLATFORM), Some(3));
        noted.add(PLATFORM, [change]);
        assert_eq!(noted.next().unwrap().raised, Some(Raised { version: 3, changes: 1 }));
    }

    #[test]
    fn whatever_was_changed_is_known_to_the_end() {
        let noted = Noted::default();
        let put = |table| AccessChange::put(table, Uuid::from_u128(1));
        let (role, rule) = (put(AccessTable::Roles), put(AccessTable::CasbinRules));
        noted.add(PLATFORM, [role]);
        assert_eq!(noted.held(PLATFORM), None);
        noted.take(PLATFORM);
        noted.wrote(PLATFORM, Raised { version: 3, changes: 1 });
        let held = |changed: &[AccessChange]| Some(HeldVersion { before: 2, changed: changed.to_vec() });
        assert_eq!(noted.held(PLATFORM), held(&[role]));
        noted.add(PLATFORM, [rule]);
        assert_eq!(noted.held(PLATFORM), held(&[role, rule]));
        noted.next();
        assert_eq!(noted.held(PLATFORM), held(&[role, rule]));
    }

    #[test]
    fn a_version_without_changes_is_one_of_everything() {
        let noted = Noted::default();
        assert_eq!(noted.take(PLATFORM), []);
        noted.wrote(PLATFORM, Raised { version: 1, changes: 0 });
        assert!(noted.is_pending());
        assert_eq!(noted.next().unwrap().changes, [AccessChange::all(AccessTable::Everything)]);
    }
}
