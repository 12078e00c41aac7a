//! Shows a role.

use super::own::guard_role;
use crate::{App, access::scope_in};
use keystead_domain::{
    Caller, Error, OrganizationId, Result, RoleId,
    access::{Action, Role},
};

/// A role of the organization, or one that it inherits.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`.
pub async fn get_role(app: &App, caller: &Caller, organization: OrganizationId, id: RoleId) -> Result<Role> {
    guard_role(caller, Action::Read, organization, id)?;
    let unit = app.store.glance(scope_in(organization, caller)).await?;
    unit.roles().find(organization, id).await?.ok_or_else(|| Error::not_found("role"))
}
