//! Lists the modules that an organization has.

use super::guard_modules;
use crate::{
    App,
    access::scope_in,
    paging::{PageInput, PageOutput, Paging},
};
use keystead_domain::{
    Caller, Error, OrganizationId, Result,
    access::{Action, OrganizationModule},
};

/// Which of them are wanted.
#[derive(Clone, Debug)]
pub struct ListOrganizationModules {
    /// Of which organization.
    pub organization: OrganizationId,
    /// Which page.
    pub page: PageInput,
}

/// The modules that the organization has, in the order in which it got them.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound` when there is no such organization; `Invalid` on `cursor`.
pub async fn list_organization_modules(
    app: &App,
    caller: &Caller,
    input: ListOrganizationModules,
) -> Result<PageOutput<OrganizationModule>> {
    let organization = input.organization;
    guard_modules(caller, Action::Read, organization)?;
    let paging = Paging::open(app, caller, "GET /organizations/{id}/modules", &organization, &input.page)?;
    let unit = app.store.read(scope_in(organization, caller)).await?;
    // The platform's people may name any, also one that is not there.
    unit.organizations().find(organization, organization).await?.ok_or_else(|| Error::not_found("organization"))?;
    paging.close(app, unit.organization_modules().list(organization, paging.request()).await?)
}
