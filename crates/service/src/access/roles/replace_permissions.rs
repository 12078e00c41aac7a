//! Changes what a role permits.

use super::{
    named::permitted_by,
    own::{guard_found_role, own_role},
};
use crate::{
    App,
    access::{may_put, permissions::named_permissions, scope_in},
    audit::{self, Event},
};
use keystead_domain::{
    Caller, Error, OrganizationId, PermissionId, Result, RoleId,
    access::{Action, Permission, Role},
};
use serde_json::json;

/// What a role is to permit from now on.
#[derive(Clone, Debug)]
pub struct ReplaceRolePermissions {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Which.
    pub role: RoleId,
    /// The version that the change is made for.
    pub version: i64,
    /// Everything that it permits: names such as `teams:read:organization`, or identifiers.
    pub permissions: Vec<String>,
}

/// Replaces what one of the organization's own roles permits. What it permitted before may stay in; what is new, the
/// caller must hold himself.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`; `Forbidden` with code `built_in_role`, `inherited_role` or
/// `grants_too_much`; `Invalid` on `permissions`; `PreconditionFailed`.
pub async fn replace_role_permissions(app: &App, caller: &Caller, input: ReplaceRolePermissions) -> Result<Role> {
    let organization = input.organization;
    let held = guard_found_role(caller, Action::Update, organization, input.role)?;
    let has = named_permissions(app, caller, organization, &input.permissions).await;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    let before = own_role(&*unit, organization, input.role, held).await?;
    let has = has?;
    // Writing the role first locks it, so that what it permits stays as it is read next.
    let now = app.now();
    let role = unit.roles().update(organization, &Role { version: input.version, updated_at: now, ..before }).await?;
    let had = permitted_by(&*unit, organization, &[role.id]).await?;
    let added: Vec<&Permission> = has.iter().filter(|permission| !contains(&had, permission)).collect();
    may_put(caller, added.iter().copied())?;
    let ids: Vec<PermissionId> = has.iter().map(|permission| permission.id).collect();
    unit.roles().replace_permissions(organization, role.id, &ids, now).await?;
    unit.roles().raise_version(organization).await?;
    let names =
        |permissions: &[&Permission]| permissions.iter().map(|permission| permission.name()).collect::<Vec<_>>();
    let removed: Vec<&Permission> = had.iter().filter(|permission| !contains(&has, permission)).collect();
    let event = Event::new(caller, "role.permissions_changed", "roles")
        .resource(role.id)
        .data(json!({ "name": role.name, "added": names(&added), "removed": names(&removed) }));
    audit::append(&*unit, app, organization, vec![event]).await?;
    let after = unit.roles().find(organization, role.id).await?.ok_or_else(|| Error::not_found("role"))?;
    unit.commit().await?;
    Ok(after)
}

fn contains(permissions: &[Permission], permission: &Permission) -> bool {
    permissions.iter().any(|other| other.id == permission.id)
}
