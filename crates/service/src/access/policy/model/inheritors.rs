//! The organizations whose rules are read by the platform's model.

use super::KIND;
use crate::{
    App,
    access::policy::{
        fitting::{lock, mistakes, own_rules},
        guarding::guard_policy,
    },
};
use keystead_access::policy::Model;
use keystead_domain::{Caller, Error, ErrorKind, OrganizationId, PLATFORM, PageRequest, Result, Scope, access::Action};
use keystead_store::UnitOfWork;
use std::{collections::HashMap, sync::Arc};

/// So often what was checked may have changed before it is held, until whoever asked is to ask again.
const TRIES: usize = 20;

/// What putting a model in the place of the platform's, or taking that away, looks at in other organizations. A preview has
/// this done before: on a store of one connection nothing else can be read during its transaction. A text that is none is left to the change itself.
///
/// # Errors
/// As [`put_model`](super::put_model) and [`delete_model`](super::delete_model).
pub(in crate::access) async fn check_inheritors(app: &App, caller: &Caller, text: Option<&str>) -> Result<()> {
    let action = if text.is_some() { Action::Update } else { Action::Delete };
    guard_policy(caller, action, KIND, PLATFORM)?;
    let Ok(model) = text.map_or_else(Model::standard, Model::parse) else { return Ok(()) };
    let model = Arc::new(model);
    for (organization, _) in organizations(app).await? {
        ensure_one_fits(app, &model, organization).await?;
    }
    Ok(())
}

/// A transaction of the platform in which `model` may become its model: the rules of every organization that has none of its own
/// fit it, and no organization can write rules by the old one before the transaction has ended.
///
/// The rules of other organizations are not seen in a transaction of the platform, and reading them takes long. So they are read
/// before, then nobody may write any more, and what has changed in between is read again.
///
/// # Errors
/// `Invalid` with code `rules_do_not_fit`, naming the organization and the rule; `Busy` with code `access_changed` when the
/// organizations change all the time.
async fn begin_for_inheritors(app: &App, model: &Arc<Model>, scope: Scope) -> Result<Box<dyn UnitOfWork>> {
    let mut checked: HashMap<OrganizationId, i64> = HashMap::new();
    for _ in 0..TRIES {
        for (organization, version) in organizations(app).await? {
            if checked.get(&organization) != Some(&version) {
                ensure_one_fits(app, model, organization).await?;
                checked.insert(organization, version);
            }
        }
        let unit = app.store.begin(scope).await?;
        lock(&*unit, PLATFORM).await?;
        let held = unit.policy_models().hold_platforms().await?;
        let mut others = held.iter().filter(|(organization, _)| *organization != PLATFORM);
        if others.all(|(organization, version)| checked.get(organization) == Some(version)) {
            return Ok(unit);
        }
    }
    Err(Error::new(ErrorKind::Busy, "access_changed", "The organizations' rules change all the time: try again."))
}

/// All organizations but the platform, with access versions that are not newer than what is read after this.
async fn organizations(app: &App) -> Result<Vec<(OrganizationId, i64)>> {
    let mut page = PageRequest::first(PageRequest::MAX);
    let mut all = Vec::new();
    loop {
        let unit = app.store.glance(Scope::organization(PLATFORM)).await?;
        let found = unit.organizations().list_all(PLATFORM, None, &page).await?;
        drop(unit);
        let ids: Vec<_> = found.items.iter().map(|row| row.id).filter(|id| *id != PLATFORM).collect();
        let versions: HashMap<_, _> = app.store.access_versions(&ids).await?.into_iter().collect();
        all.extend(ids.into_iter().map(|id| (id, versions.get(&id).copied().unwrap_or(0))));
        match found.next {
            Some(next) => page.after = Some(next),
            None => return Ok(all),
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
    // What the rules say is the organization's own business, and a mistake's words may say it: only the identifier is told.
    wrong.first().map_or(Ok(()), |error| {
        let which = error.rule.map_or_else(|| "the rules do".to_owned(), |rule| format!("the rule {rule} does"));
        let message =
            format!("In the organization {organization}, whose rules are read by this model, {which} not fit it.");
        Err(Error::new(ErrorKind::Invalid, "rules_do_not_fit", message))
    })
}

/// A transaction in which `model` may become the organization's: what inherits it, fits it; the access version is held. A preview
/// has looked at what inherits it before, with [`check_inheritors`].
///
/// # Errors
/// As [`begin_for_inheritors`].
pub(super) async fn begin_with_model(
    app: &App,
    model: &Arc<Model>,
    organization: OrganizationId,
    scope: Scope,
) -> Result<Box<dyn UnitOfWork>> {
    if organization == PLATFORM && !app.is_joined() {
        return begin_for_inheritors(app, model, scope).await;
    }
    let unit = app.store.begin(scope).await?;
    lock(&*unit, organization).await?;
    Ok(unit)
}
