//! When time alone may change a decision.

use super::Snapshot;
use crate::policy::{Window, micros};
use keystead_domain::Timestamp;

impl Snapshot {
    /// The first moment after `at` from which on a decision may come out otherwise although nothing was written: something
    /// begins to hold then, or holds no longer. None: never. Takes time in proportion to the number of rules and people.
    #[must_use]
    pub fn settled_until(&self, at: Timestamp) -> Option<Timestamp> {
        let now = micros(at);
        let held = self.people.iter().flat_map(|entry| entry.roles.iter().map(|held| held.window));
        let administrators = self.platform.administrators.values().flatten().copied();
        let rules = [&self.policy, &self.platform.policy].into_iter().flat_map(|policy| policy.windows());
        let first = held.chain(administrators).chain(rules).filter_map(|window| next(window, now)).min();
        first.map(Timestamp::from_unix_micros)
    }
}

/// The first end of `window` after `now`.
fn next(window: Window, now: i64) -> Option<i64> {
    let ends = [window.from, window.until].into_iter().filter(|end| *end > now && *end != i64::MAX);
    ends.min()
}
