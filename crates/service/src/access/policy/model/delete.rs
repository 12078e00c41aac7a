//! Takes an organization's own model away.

use super::{KIND, inheritors::begin_with_model};
use crate::{
    App,
    access::{
        policy::{
            fitting::{ensure_kept_rules_fit, model_in_force, own_rules},
            guarding::guard_policy,
            turn::turn,
        },
        scope_in,
    },
    audit::{self, Event, changes},
};
use keystead_access::policy::Model;
use keystead_domain::{Caller, Error, OrganizationId, Result, access::Action};
use std::sync::Arc;

/// Whose model is taken away.
#[derive(Clone, Debug)]
pub struct DeleteModel {
    /// Whose it is.
    pub organization: OrganizationId,
    /// The version that was read.
    pub version: i64,
}

/// Takes the organization's own model away, if its active rules fit the one that is in force then: the platform's, else the
/// engine's default.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound` when it has none; `Invalid` with code `rules_do_not_fit`;
/// `PreconditionFailed`; `Busy` with code `access_changed`.
pub async fn delete_model(app: &App, caller: &Caller, input: DeleteModel) -> Result<()> {
    let DeleteModel { organization, version } = input;
    guard_policy(caller, Action::Delete, KIND, organization)?;
    let _turn = turn().await?;
    // What the platform no longer says, the engine's default says.
    let standard = Arc::new(Model::standard().map_err(|error| Error::internal(error.to_string()))?);
    let unit = begin_with_model(app, &standard, organization, scope_in(organization, caller)).await?;
    let before = unit.policy_models().find(organization).await?;
    if before.as_ref().map_or(0, |row| row.version) != version {
        return Err(Error::stale());
    }
    let before = before.ok_or_else(|| Error::not_found("model of the organization"))?;
    unit.policy_models().delete(organization, version).await?;
    let next = model_in_force(&*unit, organization).await?;
    ensure_kept_rules_fit(next, own_rules(&*unit, organization).await?).await?;
    let event = Event::new(caller, "policy_model.deleted", KIND).resource(before.id).changed(changes(&before, &())?);
    audit::append(&*unit, app, organization, vec![event]).await?;
    unit.commit().await
}
