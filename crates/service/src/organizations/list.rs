//! Lists every organization.

use crate::{
    App,
    access::{Resource, guard, scope_in},
    paging::{PageInput, PageOutput, Paging},
};
use keystead_domain::{
    Caller, PLATFORM, Result,
    access::Action,
    organizations::{Organization, OrganizationStatus},
};

/// Which organizations are wanted.
#[derive(Clone, Debug, Default)]
pub struct ListOrganizations {
    /// Only this status.
    pub status: Option<OrganizationStatus>,
    /// Which page.
    pub page: PageInput,
}

/// Every organization of the installation, in order of their making: for the platform's administrators.
///
/// # Errors
/// As [`guard`]; `Invalid` on `cursor`.
pub async fn list_organizations(
    app: &App,
    caller: &Caller,
    input: ListOrganizations,
) -> Result<PageOutput<Organization>> {
    guard(caller, Action::Read, &Resource::installation("organizations"))?;
    let paging = Paging::open(app, caller, "GET /organizations", &("all", input.status), &input.page)?;
    let unit = app.store.glance(scope_in(PLATFORM, caller)).await?;
    paging.close(app, unit.organizations().list_all(PLATFORM, input.status, paging.request()).await?)
}
