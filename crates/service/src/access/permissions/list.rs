//! Lists permissions.

use crate::{
    App,
    access::{Resource, guard, guard_here, scope_in},
    paging::{PageInput, PageOutput, Paging},
};
use keystead_domain::{
    Caller, OrganizationId, Result,
    access::{Action, Permission},
};

/// Which permissions are wanted.
#[derive(Clone, Debug)]
pub struct ListPermissions {
    /// As seen from where.
    pub organization: OrganizationId,
    /// Which page.
    pub page: PageInput,
}

/// The permissions of the organization and those that it inherits, in order of their identifiers.
///
/// # Errors
/// As [`guard`]; `Invalid` on `cursor`.
pub async fn list_permissions(app: &App, caller: &Caller, input: ListPermissions) -> Result<PageOutput<Permission>> {
    let organization = input.organization;
    guard_here(caller, organization)?;
    guard(caller, Action::Read, &Resource::all("permissions", organization))?;
    let paging = Paging::open(app, caller, "GET /permissions", &organization, &input.page)?;
    let unit = app.store.glance(scope_in(organization, caller)).await?;
    paging.close(app, unit.permissions().list(organization, paging.request()).await?)
}
