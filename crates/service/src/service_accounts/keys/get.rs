//! Shows a key.

use super::api_key;
use crate::{App, access::scope_in, service_accounts::guard_account};
use keystead_domain::{ApiKeyId, Caller, OrganizationId, Result, ServiceAccountId, access::Action, accounts::ApiKey};

/// A key of a service account, without what it opens with.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`.
pub async fn get_api_key(
    app: &App,
    caller: &Caller,
    organization: OrganizationId,
    account: ServiceAccountId,
    id: ApiKeyId,
) -> Result<ApiKey> {
    guard_account(caller, Action::Read, organization, account)?;
    let unit = app.store.glance(scope_in(organization, caller)).await?;
    api_key(&*unit, organization, account, id).await
}
