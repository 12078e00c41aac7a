//! The organizations whose rules are read by the platform's model.

use super::KIND;
use crate::{
    App,
    access::policy::{
        fitting::{mistakes, own_rules},
        guarding::guard_policy,
    },
};
use keystead_access::policy::Model;
use keystead_domain::{Caller, Error, ErrorKind, OrganizationId, PLATFORM, PageRequest, Result, Scope, access::Action};
use std::sync::Arc;

/// What putting a model in the place of the platform's, or taking that away, looks at in other organizations. A rehearsal has
/// this done before: on a store of one connection nothing else can be read during it. A text that is none is left to the change itself.
///
/// # Errors
/// As [`put_model`](super::put_model) and [`delete_model`](super::delete_model).
pub(in crate::access) async fn check_inheritors(app: &App, caller: &Caller, text: Option<&str>) -> Result<()> {
    let action = if text.is_some() { Action::Update } else { Action::Delete };
    guard_policy(caller, action, KIND, PLATFORM)?;
    match text.map_or_else(Model::standard, Model::parse) {
        Ok(model) => ensure_inheritors_fit(app, &Arc::new(model)).await,
        Err(_) => Ok(()),
    }
}

/// Whether the rules of every organization that has no model of its own fit `model`, which is to become the platform's.
///
/// An organization that writes at the same moment is not seen. Should its rules not fit then, they are not read at all, and
/// what they decide is denied: nothing is allowed by a rule that nobody could check.
///
/// # Errors
/// `Invalid` with code `rules_do_not_fit`, naming the organization and the rule.
pub(super) async fn ensure_inheritors_fit(app: &App, model: &Arc<Model>) -> Result<()> {
    let mut page = PageRequest::first(PageRequest::MAX);
    loop {
        let unit = app.store.glance(Scope::organization(PLATFORM)).await?;
        let found = unit.organizations().list_all(PLATFORM, None, &page).await?;
        drop(unit);
        for organization in found.items.iter().map(|row| row.id).filter(|id| *id != PLATFORM) {
            ensure_one_fits(app, model, organization).await?;
        }
        match found.next {
            Some(next) => page.after = Some(next),
            None => return Ok(()),
        }
    }
}

async fn ensure_one_fits(app: &App, model: &Arc<Model>, organization: OrganizationId) -> Result<()> {
    let unit = app.store.glance(Scope::organization(organization)).await?;
    if unit.policy_models().find(organization).await?.is_some() || unit.rules().count(organization).await? == 0 {
        return Ok(());
    }
    let rules = own_rules(&*unit, organization).await?;
    drop(unit);
    let wrong = mistakes(Arc::clone(model), rules, Vec::new()).await?;
    // What the rules say is the organization's own business: only their identifiers are told.
    wrong.first().map_or(Ok(()), |error| {
        let message = format!("In the organization {organization}, which is read by this model, {error}.");
        Err(Error::new(ErrorKind::Invalid, "rules_do_not_fit", message))
    })
}
