//! Shows a rule.

use super::{KIND, own_rule};
use crate::{
    App,
    access::{policy::guarding::guard_found, scope_in},
};
use keystead_domain::{
    Caller, OrganizationId, Result, RuleId,
    access::{Action, PolicyRule},
};

/// A rule of the organization's own.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`.
pub async fn get_rule(app: &App, caller: &Caller, organization: OrganizationId, id: RuleId) -> Result<PolicyRule> {
    guard_found(caller, Action::Read, KIND, organization, id.as_uuid())?.release()?;
    let unit = app.store.glance(scope_in(organization, caller)).await?;
    own_rule(&*unit, organization, id).await
}
