//! An organization's policy rules.

mod check;
mod create;
mod csv;
mod delete;
mod delete_many;
mod export;
#[cfg(test)]
pub(super) mod fixtures;
mod get;
mod import;
mod list;
mod replace;
mod room;
mod update;
mod write;

pub use check::NewRule;
pub use create::{CreateRules, CreatedRules, create_rules};
pub use delete::{DeleteRule, delete_rule};
pub use delete_many::{DeleteRules, WhichRules, delete_rules};
pub use export::export_rules;
pub use get::get_rule;
pub use import::{ImportRules, import_rules, reimport_rules};
pub use list::{ListRules, list_rules};
pub use replace::{ReplaceRules, ReplacedRules, replace_rules};
pub(super) use room::totals_of;
pub use room::{MOST_RULE_BYTES, MOST_RULES, MOST_RULES_AT_ONCE};
pub use update::{UpdateRule, update_rule};

use keystead_domain::{Error, OrganizationId, Result, RuleId, access::PolicyRule};
use keystead_store::UnitOfWork;

const KIND: &str = "policy_rules";

/// A rule of the organization's own. The platform's are none of its business to read one by one.
async fn own_rule(unit: &dyn UnitOfWork, organization: OrganizationId, id: RuleId) -> Result<PolicyRule> {
    let found = unit.rules().find(organization, id).await?;
    found.filter(|rule| rule.organization_id == organization).ok_or_else(|| Error::not_found("rule"))
}
