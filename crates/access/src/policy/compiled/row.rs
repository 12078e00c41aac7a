//! One rule of a policy definition, compiled.

use super::load::micros;
use crate::policy::{model::definitions::MAX_FIELDS, rule::RuleId, shared::names::Symbol};
use keystead_domain::Timestamp;

/// A span of time in microseconds since 1970: from the first, until before the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) from: i64,
    pub(crate) until: i64,
}

impl Window {
    pub(crate) const ALWAYS: Self = Self { from: i64::MIN, until: i64::MAX };
    pub(crate) fn new(not_before: Option<Timestamp>, expires_at: Option<Timestamp>) -> Self {
        Self { from: not_before.map_or(i64::MIN, micros), until: expires_at.map_or(i64::MAX, micros) }
    }
    pub(crate) fn contains(self, now: i64) -> bool {
        self.from <= now && (now < self.until || self.until == i64::MAX)
    }
    pub(crate) fn both(self, other: Self) -> Self {
        Self { from: self.from.max(other.from), until: self.until.min(other.until) }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: RuleId,
    /// Smaller comes first.
    pub(crate) priority: i64,
    pub(crate) window: Window,
    pub(crate) fields: [Symbol; MAX_FIELDS],
    pub(crate) denies: bool,
    /// Whether the rule is there; one that was removed leaves its place to another.
    pub(crate) live: bool,
}

/// Where the rule with an identifier is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// A row of a policy definition.
    Row { definition: u8, row: u32 },
    /// A link of a role definition.
    Link { definition: u8, from: Symbol },
    /// Nowhere: the rule is not active.
    Inactive,
}
