//! Removes a rule.

use super::{KIND, own_rule};
use crate::{
    App,
    access::{
        policy::{fitting::lock, guarding::guard_found},
        scope_in,
    },
    audit::{self, Event, changes},
};
use keystead_domain::{Caller, OrganizationId, Result, RuleId, access::Action};

/// Which rule to remove.
#[derive(Clone, Debug)]
pub struct DeleteRule {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Which.
    pub rule: RuleId,
    /// The version that was read.
    pub version: i64,
}

/// Removes a rule. What remains fits the model in any case.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`; `PreconditionFailed`.
pub async fn delete_rule(app: &App, caller: &Caller, input: DeleteRule) -> Result<()> {
    let DeleteRule { organization, rule: id, version } = input;
    let held = guard_found(caller, Action::Delete, KIND, organization, id.as_uuid())?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    lock(&*unit, organization).await?;
    let before = own_rule(&*unit, organization, id).await?;
    held.release()?;
    unit.rules().delete(organization, id, version).await?;
    let event = Event::new(caller, "policy_rule.deleted", KIND).resource(id).changed(changes(&before, &())?);
    audit::append(&*unit, app, organization, vec![event]).await?;
    unit.commit().await
}
