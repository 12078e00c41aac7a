//! Writes all rules as Casbin's CSV.

use super::{KIND, csv};
use crate::{
    App,
    access::{
        policy::{fitting::own_rules, guarding::guard_policy, turn::turn},
        scope_in,
    },
};
use keystead_domain::{Caller, OrganizationId, Result, access::Action};

/// All rules of the organization's own, one a line, in order of their making.
///
/// # Errors
/// As [`guard`](crate::access::guard).
pub async fn export_rules(app: &App, caller: &Caller, organization: OrganizationId) -> Result<String> {
    guard_policy(caller, Action::Read, KIND, organization)?;
    let _turn = turn().await?;
    let unit = app.store.glance(scope_in(organization, caller)).await?;
    Ok(csv::written(&own_rules(&*unit, organization).await?))
}
