//! Removes a permission.

use crate::{
    App,
    access::{Resource, guard, guard_here, hold, scope_in},
    audit::{self, Event},
};
use keystead_domain::{
    Caller, Error, OrganizationId, PermissionId, Result,
    access::{Action, Permission, built_in_permission_id},
};
use serde_json::json;

/// Removes one of the organization's own permissions.
///
/// # Errors
/// As [`guard`]; `NotFound`; `Forbidden` for a built-in or inherited one; `Conflict` with code `permission_in_use` while
/// a role has it.
pub async fn delete_permission(
    app: &App,
    caller: &Caller,
    organization: OrganizationId,
    id: PermissionId,
) -> Result<()> {
    guard_here(caller, organization)?;
    let held = hold(guard(caller, Action::Delete, &Resource::one("permissions", id.as_uuid(), organization)))?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    let permission = unit.permissions().find(organization, id).await?;
    let permission = permission.ok_or_else(|| Error::not_found("permission"))?;
    held.release()?;
    if permission.organization_id != organization || is_built_in(&permission) {
        return Err(Error::forbidden());
    }
    if !unit.permissions().delete(organization, id).await? {
        return Err(Error::not_found("permission"));
    }
    let event =
        Event::new(caller, "permission.deleted", "permissions").resource(id).data(json!({ "name": permission.name() }));
    audit::append(&*unit, app, organization, vec![event]).await?;
    unit.commit().await
}

fn is_built_in(permission: &Permission) -> bool {
    Action::parse(&permission.action)
        .is_some_and(|action| built_in_permission_id(&permission.resource, action, permission.scope) == permission.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, administrator, now};
    use keystead_domain::{ErrorKind, PLATFORM, access::PermissionScope};
    use keystead_store::mocks::MockUnitOfWork;

    #[tokio::test]
    async fn a_built_in_permission_stays_even_in_the_platform() {
        let (test, mut unit) = (TestApp::new(), MockUnitOfWork::new());
        let id = built_in_permission_id("teams", Action::Read, PermissionScope::Organization);
        unit.permissions.expect_find().returning(|_, id| {
            Ok(Some(Permission {
                id,
                organization_id: PLATFORM,
                resource: "teams".to_owned(),
                action: "read".to_owned(),
                scope: PermissionScope::Organization,
                description: None,
                created_at: now(),
            }))
        });
        test.unit(unit);
        let error = delete_permission(&test.build(), &administrator(PLATFORM, 7), PLATFORM, id).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Forbidden);
    }
}
