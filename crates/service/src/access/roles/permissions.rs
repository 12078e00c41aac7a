//! Shows what a role permits.

use super::{named::permitted_by, own::guard_role};
use crate::{App, access::scope_in};
use keystead_domain::{
    Caller, Error, OrganizationId, Result, RoleId,
    access::{Action, Permission},
};

/// Everything that a role of the organization, or one that it inherits, permits. A role permits so little that there are no pages.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`.
pub async fn role_permissions(
    app: &App,
    caller: &Caller,
    organization: OrganizationId,
    id: RoleId,
) -> Result<Vec<Permission>> {
    guard_role(caller, Action::Read, organization, id)?;
    let unit = app.store.read(scope_in(organization, caller)).await?;
    unit.roles().find(organization, id).await?.ok_or_else(|| Error::not_found("role"))?;
    permitted_by(&*unit, organization, &[id]).await
}
