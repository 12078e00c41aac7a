//! What fits together.

use super::refused::misfits;
use keystead_access::policy::{Change, DEFAULT_MODEL, Model, Policy, Rule, RuleError};
use keystead_domain::{
    Error, OrganizationId, PLATFORM, Result,
    access::{PolicyModel, PolicyRule},
};
use keystead_store::UnitOfWork;
use std::sync::Arc;

/// Takes the organization's access version, which nobody else can change until the transaction ends: whoever else wants to
/// write something that decides waits here, and then sees what this transaction has written.
///
/// Every change of models, rules and entities begins with it. Whoever locked rows first and came here last could wait for
/// somebody who waits for him.
pub(super) async fn lock(unit: &dyn UnitOfWork, organization: OrganizationId) -> Result<()> {
    unit.access_changes().raise(organization, &[]).await.map(drop)
}

/// Where the model comes from that an organization's rules are read by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelOf {
    /// The organization has its own.
    Own,
    /// It has none, and the platform has one for all that have none.
    Platform,
    /// Neither has one: the engine's default.
    Default,
}

/// The text of the model in force, with the row that it is from.
pub(super) async fn text_in_force(
    unit: &dyn UnitOfWork,
    organization: OrganizationId,
) -> Result<(ModelOf, String, Option<PolicyModel>)> {
    Ok(told(organization, unit.policy_models().in_force(organization).await?))
}

fn told(organization: OrganizationId, row: Option<PolicyModel>) -> (ModelOf, String, Option<PolicyModel>) {
    match row {
        Some(row) if row.organization_id == organization => (ModelOf::Own, row.text.clone(), Some(row)),
        Some(row) if row.organization_id == PLATFORM => (ModelOf::Platform, row.text, None),
        _ => (ModelOf::Default, DEFAULT_MODEL.to_owned(), None),
    }
}

/// The text of the model in force, for whoever writes what must fit it: it stays in force until the transaction ends.
pub(super) async fn text_held(unit: &dyn UnitOfWork, organization: OrganizationId) -> Result<String> {
    Ok(told(organization, unit.policy_models().in_force_held(organization).await?).1)
}

/// # Errors
/// `Internal` when the text, which was checked before it was kept, is no model.
pub(super) fn kept_model(text: &str) -> Result<Arc<Model>> {
    Model::parse(text).map(Arc::new).map_err(|error| Error::internal(format!("a kept policy model: {error}")))
}

/// The model in force, as [`text_held`].
///
/// # Errors
/// As [`kept_model`].
pub(super) async fn model_in_force(unit: &dyn UnitOfWork, organization: OrganizationId) -> Result<Arc<Model>> {
    kept_model(&text_held(unit, organization).await?)
}

/// Every rule that the organization itself has.
pub(super) async fn own_rules(unit: &dyn UnitOfWork, organization: OrganizationId) -> Result<Vec<PolicyRule>> {
    let mut rules = unit.rules().all(organization).await?;
    rules.retain(|rule| rule.organization_id == organization);
    Ok(rules)
}

/// Whether the active ones of `kept` fit the model, and `new` fits with them. The first mistakes, none when all fits.
///
/// `new` replaces what has the same identifier. It works on a thread that may be busy.
pub(super) async fn mistakes(model: Arc<Model>, kept: Vec<PolicyRule>, new: Vec<PolicyRule>) -> Result<Vec<RuleError>> {
    let compiling = move || {
        let kept: Vec<Rule> = kept.iter().filter(|rule| rule.is_active).map(Rule::from).collect();
        let new = new.iter().map(Rule::from);
        if kept.is_empty() {
            return Policy::compile(model, &new.collect::<Vec<_>>()).err().unwrap_or_default();
        }
        match Policy::compile(model, &kept) {
            Err(errors) => errors,
            Ok(policy) => policy.with(&new.map(Change::Put).collect::<Vec<_>>()).err().unwrap_or_default(),
        }
    };
    tokio::task::spawn_blocking(compiling).await.map_err(|error| Error::internal(error.to_string()))
}

/// Whether the organization's active rules fit the model.
///
/// # Errors
/// `Invalid` with code `rules_do_not_fit`, naming the rules.
pub(super) async fn ensure_kept_rules_fit(model: Arc<Model>, kept: Vec<PolicyRule>) -> Result<()> {
    let wrong = mistakes(model, kept.clone(), Vec::new()).await?;
    if wrong.is_empty() { Ok(()) } else { Err(misfits(&wrong, &kept)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::policy::rules::fixtures::rule;

    async fn wrong(kept: Vec<PolicyRule>, new: Vec<PolicyRule>) -> Vec<String> {
        let model = Arc::new(Model::standard().unwrap());
        mistakes(model, kept, new).await.unwrap().into_iter().map(|error| error.message).collect()
    }

    #[tokio::test]
    async fn new_rules_must_fit_with_those_that_are_kept() {
        let circle = || vec![rule(2, "g", &["b", "a", "*"])];
        assert!(wrong(vec![], circle()).await.is_empty());
        assert_eq!(wrong(vec![rule(1, "g", &["a", "b", "*"])], circle()).await, ["cyclic roles: b → a → b"]);
        // What is not active is not in the way; what replaces it is.
        let resting = PolicyRule { is_active: false, ..rule(1, "g", &["a", "b", "*"]) };
        assert!(wrong(vec![resting], circle()).await.is_empty());
        // A rule that is changed does not stand against itself.
        assert!(wrong(vec![rule(2, "g", &["a", "b", "*"])], circle()).await.is_empty());
    }

    #[tokio::test]
    async fn what_was_kept_by_another_model_is_named() {
        let wrong = ensure_kept_rules_fit(
            Arc::new(Model::standard().unwrap()),
            vec![rule(1, "p", &["a", "*", "x", "read"]), rule(2, "p", &["a", "x"])],
        );
        let error = wrong.await.unwrap_err();
        assert_eq!((error.code, error.fields.len()), ("rules_do_not_fit", 1));
        assert!(error.message.contains("p, a, x") && error.message.contains("takes 4 to 6 values"), "{error}");
    }
}
