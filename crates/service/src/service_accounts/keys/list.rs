//! Lists the keys of a service account.

use crate::{
    App,
    access::scope_in,
    paging::{PageInput, PageOutput, Paging},
    service_accounts::{account, guard_account},
};
use keystead_domain::{Caller, OrganizationId, Result, ServiceAccountId, access::Action, accounts::ApiKey};

/// Which keys are wanted.
#[derive(Clone, Debug)]
pub struct ListApiKeys {
    /// In which organization.
    pub organization: OrganizationId,
    /// Of which service account.
    pub account: ServiceAccountId,
    /// Which page.
    pub page: PageInput,
}

/// The keys of a service account in order of their making, those that have ended too.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`; `Invalid` on `cursor`.
pub async fn list_api_keys(app: &App, caller: &Caller, input: ListApiKeys) -> Result<PageOutput<ApiKey>> {
    let ListApiKeys { organization, account: id, page } = input;
    guard_account(caller, Action::Read, organization, id)?;
    let paging = Paging::open(app, caller, "GET /service-accounts/{id}/keys", &(organization, id), &page)?;
    let unit = app.store.read(scope_in(organization, caller)).await?;
    account(&*unit, organization, id).await?;
    paging.close(app, unit.api_keys().list(organization, id, paging.request()).await?)
}
