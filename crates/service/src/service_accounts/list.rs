//! Lists service accounts.

use crate::{
    App,
    access::{Resource, guard, guard_here, scope_in},
    paging::{PageInput, PageOutput, Paging},
};
use keystead_domain::{Caller, OrganizationId, Result, access::Action, accounts::ServiceAccount};

/// Which service accounts are wanted.
#[derive(Clone, Debug)]
pub struct ListServiceAccounts {
    /// Of which organization.
    pub organization: OrganizationId,
    /// Which page.
    pub page: PageInput,
}

/// The service accounts of the organization, in order of their making.
///
/// # Errors
/// As [`guard`]; `Invalid` on `cursor`.
pub async fn list_service_accounts(
    app: &App,
    caller: &Caller,
    input: ListServiceAccounts,
) -> Result<PageOutput<ServiceAccount>> {
    let organization = input.organization;
    guard_here(caller, organization)?;
    guard(caller, Action::Read, &Resource::all("service_accounts", organization))?;
    let paging = Paging::open(app, caller, "GET /service-accounts", &organization, &input.page)?;
    let unit = app.store.glance(scope_in(organization, caller)).await?;
    paging.close(app, unit.service_accounts().list(organization, paging.request()).await?)
}
