//! Shows a service account.

use super::{account, guard_account};
use crate::{App, access::scope_in};
use keystead_domain::{Caller, OrganizationId, Result, ServiceAccountId, access::Action, accounts::ServiceAccount};

/// A service account of the organization.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`.
pub async fn get_service_account(
    app: &App,
    caller: &Caller,
    organization: OrganizationId,
    id: ServiceAccountId,
) -> Result<ServiceAccount> {
    guard_account(caller, Action::Read, organization, id)?;
    let unit = app.store.glance(scope_in(organization, caller)).await?;
    account(&*unit, organization, id).await
}
