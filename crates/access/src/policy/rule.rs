//! One row of a policy, as it is stored.

use keystead_domain::{
    Timestamp,
    access::{PolicyRule, rule_values},
};
use std::{fmt, sync::Arc};

pub use keystead_domain::RuleId;

/// One row: `ptype, v0..v5`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Which rule it is. Rules of equal priority are ordered by it: UUIDv7, so by the time they were made.
    pub id: RuleId,
    /// The definition it belongs to: `p`, `p2`, `g`, `g2` …
    pub ptype: Arc<str>,
    /// One to six values, in the order of the definition. `eft` and condition fields may be left out at the end.
    pub values: Vec<String>,
    /// A rule that is not active is checked, and then ignored.
    pub active: bool,
    /// Which rule comes first where the effect is `priority`: the smaller number; rules without one come last.
    /// A field `priority` of the definition wins over this one.
    pub priority: Option<i64>,
    /// From when the rule holds; none when it always did.
    pub not_before: Option<Timestamp>,
    /// From when the rule no longer holds; none when it never ends.
    pub expires_at: Option<Timestamp>,
}

impl Rule {
    /// An active rule without priority and without times.
    pub fn new(id: RuleId, ptype: &str, values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            id,
            ptype: ptype.into(),
            values: values.into_iter().map(Into::into).collect(),
            active: true,
            priority: None,
            not_before: None,
            expires_at: None,
        }
    }
}

/// A stored row.
impl From<PolicyRule> for Rule {
    fn from(row: PolicyRule) -> Self {
        Self {
            id: row.id,
            ptype: row.ptype.into(),
            values: rule_values(row.values),
            active: row.is_active,
            priority: row.priority.map(i64::from),
            not_before: row.not_before,
            expires_at: row.expires_at,
        }
    }
}

impl From<&PolicyRule> for Rule {
    fn from(row: &PolicyRule) -> Self {
        row.clone().into()
    }
}

/// A change of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Adds the rule, or replaces the one with the same identifier.
    Put(Rule),
    /// Removes the rule; a rule that is not there is not an error.
    Remove(RuleId),
}

/// Why a rule cannot be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleError {
    /// The rule; none when the batch as a whole is refused.
    pub rule: Option<RuleId>,
    /// Which value is wrong, from 0 (`v0`); none when the row as a whole is.
    pub field: Option<usize>,
    /// Where in that value, in characters from 1.
    pub column: u32,
    /// What is wrong with it.
    pub message: String,
    /// Whether it may not be one where the same rules are compiled anew: what rules that are gone have left behind still counts
    /// against a limit. Any other mistake follows from the model, the rules and the changes alone.
    pub by_leftovers: bool,
}

impl RuleError {
    pub(crate) fn row(rule: RuleId, message: impl Into<String>) -> Self {
        Self { rule: Some(rule), field: None, column: 1, message: message.into(), by_leftovers: false }
    }
    pub(crate) fn field(rule: RuleId, field: usize, column: u32, message: impl Into<String>) -> Self {
        Self { field: Some(field), column, ..Self::row(rule, message) }
    }
    pub(crate) fn batch(message: impl Into<String>) -> Self {
        Self { rule: None, field: None, column: 1, message: message.into(), by_leftovers: false }
    }
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(rule) = self.rule {
            write!(f, "rule {rule}: ")?;
        }
        if let Some(field) = self.field {
            write!(f, "v{field}, column {}: ", self.column)?;
        }
        f.write_str(&self.message)
    }
}
impl std::error::Error for RuleError {}
