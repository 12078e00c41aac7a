//! What new rules are checked against.

use super::{
    fitting::{kept_model, mistakes, own_rules, text_held},
    rules::totals_of,
};
use crate::App;
use keystead_access::policy::{Change, Policy, Rule, RuleError};
use keystead_domain::{
    Error, OrganizationId, Result, RuleId,
    access::{PolicyRule, RuleTotals},
};
use keystead_store::UnitOfWork;
use std::{collections::HashSet, sync::Arc};

/// The rules that an organization has, beside which others are to stand. Whoever holds it holds the organization's access version.
pub(super) struct Kept<'a> {
    unit: &'a dyn UnitOfWork,
    organization: OrganizationId,
    /// The model in force.
    model: String,
    known: Known,
}

enum Known {
    /// The active ones, compiled, as this node has them for its decisions; and how much all of them are together.
    Compiled(Arc<Policy>, RuleTotals),
    /// All of them, read.
    Rows(Vec<PolicyRule>),
}

impl<'a> Kept<'a> {
    /// All that the organization has, and the model in force. Nothing of it is read that this node knows: what it has compiled for
    /// its decisions is taken when it is of the very version that the transaction holds, and of the same model.
    pub(super) async fn of(app: &App, unit: &'a dyn UnitOfWork, organization: OrganizationId) -> Result<Self> {
        let model = text_held(unit, organization).await?;
        let compiled = app.decisions.rules_held(unit, organization).await?;
        let known = match compiled.filter(|policy| policy.model().text() == model) {
            Some(policy) => {
                // Those that are not active are not compiled, and count all the same.
                let inactive = unit.rules().inactive_totals(organization).await?;
                let (count, bytes) = (policy.len() as u64 + inactive.count, policy.bytes() as u64 + inactive.bytes);
                Known::Compiled(policy, RuleTotals { count, bytes })
            }
            None => Known::Rows(own_rules(unit, organization).await?),
        };
        Ok(Self { unit, organization, model, known })
    }

    /// How much they are together, active or not.
    pub(super) fn totals(&self) -> RuleTotals {
        match &self.known {
            Known::Compiled(_, totals) => *totals,
            Known::Rows(rows) => totals_of(rows),
        }
    }

    /// What is wrong with `new` beside the active ones, by the model in force; nothing when all fits. What has the same identifier
    /// as a new one is replaced by it.
    pub(super) async fn mistakes(self, new: Vec<PolicyRule>) -> Result<Vec<RuleError>> {
        let mut kept = match self.known {
            Known::Rows(rows) => rows,
            Known::Compiled(policy, _) => {
                if let Some(wrong) = by_compiled(policy, &new).await? {
                    return Ok(wrong);
                }
                own_rules(self.unit, self.organization).await?
            }
        };
        let replaced: HashSet<RuleId> = new.iter().map(|rule| rule.id).collect();
        kept.retain(|rule| !replaced.contains(&rule.id));
        mistakes(kept_model(&self.model)?, kept, new).await
    }
}

/// What [`mistakes`] says of the rows that `policy` was compiled from. None where it may say something else: where regular
/// expressions count that rules have left behind which are gone. They let nothing in.
async fn by_compiled(policy: Arc<Policy>, new: &[PolicyRule]) -> Result<Option<Vec<RuleError>>> {
    let new: Vec<Rule> = new.iter().map(Rule::from).collect();
    let checking = move || {
        let replaced = new.iter().filter(|rule| policy.contains(rule.id)).count();
        if replaced == policy.len() {
            return Some(Policy::compile(Arc::clone(policy.model()), &new).err().unwrap_or_default());
        }
        match policy.with(&new.into_iter().map(Change::Put).collect::<Vec<_>>()) {
            Ok(_) => Some(Vec::new()),
            Err(wrong) => (!wrong.iter().any(|error| error.by_leftovers)).then_some(wrong),
        }
    };
    tokio::task::spawn_blocking(checking).await.map_err(|error| Error::internal(error.to_string()))
}

#[cfg(test)]
mod tests;
