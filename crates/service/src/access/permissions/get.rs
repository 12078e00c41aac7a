//! Shows a permission.

use crate::{
    App,
    access::{Resource, guard, guard_here, scope_in},
};
use keystead_domain::{
    Caller, Error, OrganizationId, PermissionId, Result,
    access::{Action, Permission},
};

/// A permission of the organization, or one that it inherits.
///
/// # Errors
/// As [`guard`]; `NotFound`.
pub async fn get_permission(
    app: &App,
    caller: &Caller,
    organization: OrganizationId,
    id: PermissionId,
) -> Result<Permission> {
    guard_here(caller, organization)?;
    guard(caller, Action::Read, &Resource::one("permissions", id.as_uuid(), organization))?;
    let unit = app.store.glance(scope_in(organization, caller)).await?;
    unit.permissions().find(organization, id).await?.ok_or_else(|| Error::not_found("permission"))
}
