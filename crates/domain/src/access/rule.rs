//! Policy rules as they are stored, the model they are read by, and the things they are about.

use crate::{Json, OrganizationId, PolicyEntityId, PolicyModelId, RuleId, Timestamp};
use serde::{Deserialize, Serialize};

/// How many values a rule has at the most: `v0` to `v5`.
pub const RULE_VALUES: usize = 6;

/// A policy rule: one line of Casbin, `ptype, v0..v5`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyRule {
    /// Its identifier.
    pub id: RuleId,
    /// Whose it is; every organization inherits the platform's.
    pub organization_id: OrganizationId,
    /// What kind of line it is, up to 10 characters: `p`, `p2`, `g`, `g2`.
    pub ptype: String,
    /// Its values, in order; none are those that it does not have. The first two have up to 256 characters, the others
    /// up to 2000.
    pub values: [Option<String>; RULE_VALUES],
    /// The smaller, the earlier, where the model orders rules.
    pub priority: Option<i32>,
    /// It does not count before.
    pub not_before: Option<Timestamp>,
    /// It no longer counts from then on.
    pub expires_at: Option<Timestamp>,
    /// Whether it counts.
    pub is_active: bool,
    /// Who made it, as `type:id`.
    pub created_by: Option<String>,
    /// Who last changed it, as `type:id`.
    pub updated_by: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Raised by every change.
    pub version: i64,
}

/// The values of a stored rule as it is written: those that it does not have at the end are left out, those between others are
/// empty.
#[must_use]
pub fn rule_values(values: [Option<String>; RULE_VALUES]) -> Vec<String> {
    let count = values.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
    values.into_iter().take(count).map(Option::unwrap_or_default).collect()
}

/// How much rules are together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RuleTotals {
    /// How many there are.
    pub count: u64,
    /// The bytes of all their values.
    pub bytes: u64,
}

/// Which rules are wanted: those that meet every condition that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleFilter {
    /// Of this kind.
    pub ptype: Option<String>,
    /// With these values; none in a place means any.
    pub values: [Option<String>; RULE_VALUES],
    /// Active ones, or the others.
    pub is_active: Option<bool>,
}

/// The Casbin model that an organization's rules are read by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyModel {
    /// Its identifier.
    pub id: PolicyModelId,
    /// Whose it is, one for each organization.
    pub organization_id: OrganizationId,
    /// The whole model, as it was written.
    pub text: String,
    /// Who made it, as `type:id`.
    pub created_by: Option<String>,
    /// Who last changed it, as `type:id`.
    pub updated_by: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Raised by every change.
    pub version: i64,
}

/// A subject or resource that decisions and searches know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyEntity {
    /// The row's identifier.
    pub id: PolicyEntityId,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// What it is, up to 100 characters.
    pub entity_type: String,
    /// Its own identifier, up to 256 characters, unique among those of its type.
    pub entity_id: String,
    /// What conditions may ask about it.
    pub properties: Json,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Raised by every change.
    pub version: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_end_with_the_last_one_that_is_there() {
        let of = |values: [Option<&str>; RULE_VALUES]| rule_values(values.map(|value| value.map(str::to_owned)));
        assert_eq!(of([Some("ada"), None, Some("read"), Some(""), None, None]), ["ada", "", "read", ""]);
        assert!(of([None; RULE_VALUES]).is_empty());
    }
}
