//! Policy rules as the API shows and takes them.

use keystead_domain::{RuleId, Timestamp, access};
use keystead_service::access::policy::rules;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A policy rule: one line of Casbin.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PolicyRule {
    /// Its identifier.
    #[schema(value_type = Uuid)]
    id: RuleId,
    /// What kind of line it is.
    ptype: String,
    /// Its values, in order.
    values: Vec<String>,
    /// The smaller, the earlier, where the model orders rules.
    priority: Option<i32>,
    /// It does not count before.
    #[schema(value_type = Option<String>, format = DateTime)]
    not_before: Option<Timestamp>,
    /// It no longer counts from then on.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// Whether it counts.
    is_active: bool,
    /// Who made it, as `type:id`.
    created_by: Option<String>,
    /// Who last changed it, as `type:id`.
    updated_by: Option<String>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// Raised by every change; the `ETag`.
    pub(crate) version: i64,
}

impl From<access::PolicyRule> for PolicyRule {
    fn from(rule: access::PolicyRule) -> Self {
        Self {
            id: rule.id,
            ptype: rule.ptype,
            values: access::rule_values(rule.values),
            priority: rule.priority,
            not_before: rule.not_before,
            expires_at: rule.expires_at,
            is_active: rule.is_active,
            created_by: rule.created_by,
            updated_by: rule.updated_by,
            created_at: rule.created_at,
            updated_at: rule.updated_at,
            version: rule.version,
        }
    }
}

/// A new policy rule.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRule {
    /// What kind of line it is: a definition of the model.
    #[schema(min_length = 1, max_length = 10, example = "p")]
    ptype: String,
    /// Its values, in the order of the definition. The first two have up to 256 characters, the others up to 2000.
    #[schema(min_items = 1, max_items = 6, example = json!(["editor", "*", "document:*", "write"]))]
    values: Vec<String>,
    /// The smaller, the earlier, where the model orders rules.
    priority: Option<i32>,
    /// It does not count before. A role that is granted with a `g` rule is held from then on.
    #[schema(value_type = Option<String>, format = DateTime)]
    not_before: Option<Timestamp>,
    /// It no longer counts from then on.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// Whether it counts. It is checked in any case.
    #[serde(default = "yes")]
    #[schema(default = true)]
    is_active: bool,
}

const fn yes() -> bool {
    true
}

impl From<NewRule> for rules::NewRule {
    fn from(new: NewRule) -> Self {
        let NewRule { ptype, values, priority, not_before, expires_at, is_active } = new;
        Self { ptype, values, priority, not_before, expires_at, is_active }
    }
}

/// Rules that replace all.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReplacedRules {
    /// How many rules there were.
    removed: usize,
    /// How many there are.
    added: usize,
}

impl From<rules::ReplacedRules> for ReplacedRules {
    fn from(replaced: rules::ReplacedRules) -> Self {
        Self { removed: replaced.removed, added: replaced.added }
    }
}

/// Rules that were added.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CreatedRules {
    /// Their identifiers, in the order in which they were sent.
    #[schema(value_type = Vec<Uuid>)]
    ids: Vec<RuleId>,
}

impl From<rules::CreatedRules> for CreatedRules {
    fn from(created: rules::CreatedRules) -> Self {
        Self { ids: created.ids }
    }
}
