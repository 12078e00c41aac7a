//! Removes a role.

use super::own::{guard_found_role, own_role};
use crate::{
    App,
    access::scope_in,
    audit::{self, Event},
};
use keystead_domain::{Caller, OrganizationId, Result, RoleId, access::Action};
use serde_json::json;

/// Which role to remove.
#[derive(Clone, Debug)]
pub struct DeleteRole {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Which.
    pub role: RoleId,
    /// The version that was read.
    pub version: i64,
}

/// Removes one of the organization's own roles.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`; `Forbidden` with code `built_in_role` or `inherited_role`; `Conflict`
/// with code `role_in_use` while someone holds it or an invitation names it; `PreconditionFailed`.
pub async fn delete_role(app: &App, caller: &Caller, input: DeleteRole) -> Result<()> {
    let organization = input.organization;
    let held = guard_found_role(caller, Action::Delete, organization, input.role)?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    let role = own_role(&*unit, organization, input.role, held).await?;
    unit.roles().delete(organization, role.id, input.version).await?;
    unit.roles().raise_version(organization).await?;
    let event = Event::new(caller, "role.deleted", "roles").resource(role.id).data(json!({ "name": role.name }));
    audit::append(&*unit, app, organization, vec![event]).await?;
    unit.commit().await
}
