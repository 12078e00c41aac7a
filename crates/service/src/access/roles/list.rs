//! Lists roles.

use crate::{
    App,
    access::{Resource, guard, guard_here, scope_in},
    paging::{PageInput, PageOutput, Paging},
};
use keystead_domain::{
    Caller, OrganizationId, Result,
    access::{Action, Role},
};

/// Which roles are wanted.
#[derive(Clone, Debug)]
pub struct ListRoles {
    /// As seen from where.
    pub organization: OrganizationId,
    /// Which page.
    pub page: PageInput,
}

/// The roles of the organization and those that it inherits, in order of their identifiers.
///
/// # Errors
/// As [`guard`]; `Invalid` on `cursor`.
pub async fn list_roles(app: &App, caller: &Caller, input: ListRoles) -> Result<PageOutput<Role>> {
    let organization = input.organization;
    guard_here(caller, organization)?;
    guard(caller, Action::Read, &Resource::all("roles", organization))?;
    let paging = Paging::open(app, caller, "GET /roles", &organization, &input.page)?;
    let unit = app.store.glance(scope_in(organization, caller)).await?;
    paging.close(app, unit.roles().list(organization, paging.request()).await?)
}
