//! Defines a permission.

use crate::{
    App,
    access::{
        Resource, guard, guard_here,
        limits::ensure_few_permissions,
        may_put, scope_in,
        words::{is_keysteads, is_reserved},
    },
    audit::{self, Event},
    idempotency::{OnceKey, Start, once},
};
use keystead_domain::{
    Caller, Error, OrganizationId, PLATFORM, Result,
    access::{Action, NewPermission, Permission, PermissionScope, built_in_permission_id},
    optional_bounded,
};
use keystead_store::UnitOfWork;
use serde_json::json;

/// What a new permission needs.
#[derive(Clone, Debug)]
pub struct CreatePermission {
    /// Whose it becomes.
    pub organization: OrganizationId,
    /// `resource:action:scope`, such as `reports:read:organization`.
    pub name: String,
    /// What it is for, up to 2000 characters.
    pub description: Option<String>,
}

/// Defines a permission, for a product's own resource or for one of Keystead's. It permits nothing until a role has it.
///
/// Scope `any` is for the platform alone, and so are words that Keystead will use. On Keystead's own resources, nobody
/// defines what he does not hold. An organization has at most [`MOST_PERMISSIONS`](crate::access::MOST_PERMISSIONS).
///
/// # Errors
/// As [`guard`]; `Invalid` on `name` or `description`; `Forbidden` with code `grants_too_much`; `Conflict` with code
/// `permission_name_taken` or `too_many_permissions`; as [`once`].
pub async fn create_permission(
    app: &App,
    caller: &Caller,
    input: CreatePermission,
    key: Option<OnceKey>,
) -> Result<Permission> {
    guard_here(caller, input.organization)?;
    guard(caller, Action::Create, &Resource::all("permissions", input.organization))?;
    let NewPermission { resource, action, scope } = NewPermission::parse(&input.name)?;
    let permission = Permission {
        id: app.ids.next(),
        organization_id: input.organization,
        resource,
        action,
        scope,
        description: optional_bounded("description", input.description.as_deref(), 2000)?,
        created_at: app.now(),
    };
    if is_keysteads(&permission.resource) {
        may_put(caller, [&permission])?;
    }
    if is_reserved(&permission.resource) && input.organization != PLATFORM {
        let message = format!("{} is a word of Keystead's own: choose another one", permission.resource);
        return Err(Error::invalid("name", message));
    }
    if scope == PermissionScope::Any && input.organization != PLATFORM {
        return Err(Error::invalid("name", "scope any is for the platform's own permissions: use own or organization"));
    }
    let work = match once(app, caller, scope_in(input.organization, caller), key).await? {
        Start::First(work) => work,
        Start::Repeated(permission) => return Ok(permission),
    };
    let taken = is_built_in(&*work, &permission).await?;
    if taken || work.permissions().insert(input.organization, std::slice::from_ref(&permission)).await? == 0 {
        let message = format!("There is a permission {} already.", permission.name());
        return Err(Error::conflict("permission_name_taken", message));
    }
    ensure_few_permissions(&*work, input.organization).await?;
    let event = Event::new(caller, "permission.created", "permissions")
        .resource(permission.id)
        .data(json!({ "name": permission.name() }));
    audit::append(&*work, app, input.organization, vec![event]).await?;
    work.finish(permission).await
}

/// Whether a built-in permission has the name of `permission`.
async fn is_built_in(unit: &dyn UnitOfWork, permission: &Permission) -> Result<bool> {
    let Some(action) = Action::parse(&permission.action) else { return Ok(false) };
    let id = built_in_permission_id(&permission.resource, action, permission.scope);
    Ok(unit.permissions().find(permission.organization_id, id).await?.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::MOST_PERMISSIONS,
        testing::{TestApp, Trail, administrator, caller, organization},
    };
    use keystead_domain::{ErrorKind, access::MANAGER};
    use keystead_store::mocks::MockUnitOfWork;

    fn input(name: &str) -> CreatePermission {
        CreatePermission { organization: organization(1), name: name.to_owned(), description: None }
    }

    #[tokio::test]
    async fn an_administrator_defines_what_a_product_needs() {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), MockUnitOfWork::new());
        unit.permissions.expect_insert().once().returning(|_, _| Ok(1));
        unit.permissions.expect_find().returning(|_, _| Ok(None));
        unit.permissions.expect_count_own().returning(|_| Ok(MOST_PERMISSIONS));
        trail.record(&mut unit);
        let (journal, caller) = (test.unit(unit).journal(), administrator(organization(1), 7));
        let made = create_permission(&test.build(), &caller, input("reports:read:own"), None).await.unwrap();
        assert_eq!(made.name(), "reports:read:own");
        assert_eq!(trail.only().event_data["name"], "reports:read:own");
        assert_eq!(journal.commits(), 1);
    }

    #[tokio::test]
    async fn what_the_caller_may_not_define_is_refused_before_anything_is_read() {
        let app = TestApp::new().build();
        let administrator = administrator(organization(1), 7);
        let manager = caller(organization(1), 7, &[MANAGER]);
        for (caller, name, kind) in [
            (&administrator, "reports:read:any", ErrorKind::Invalid),
            (&administrator, "users:delete:any", ErrorKind::Forbidden),
            (&administrator, "jobs:delete:organization", ErrorKind::Forbidden),
            (&administrator, "nonsense", ErrorKind::Invalid),
            (&administrator, "policies:update:organization", ErrorKind::Invalid),
            (&administrator, "api_keys:create:own", ErrorKind::Invalid),
            (&manager, "reports:read:own", ErrorKind::Forbidden),
        ] {
            let error = create_permission(&app, caller, input(name), None).await.unwrap_err();
            assert_eq!(error.kind, kind, "{name}");
        }
    }

    #[tokio::test]
    async fn a_name_is_taken_once() {
        let (test, mut unit) = (TestApp::new(), MockUnitOfWork::new());
        unit.permissions.expect_find().returning(|_, _| Ok(None));
        unit.permissions.expect_insert().returning(|_, _| Ok(0));
        test.unit(unit);
        let caller = administrator(organization(1), 7);
        let error = create_permission(&test.build(), &caller, input("reports:read:own"), None).await.unwrap_err();
        assert_eq!(error.code, "permission_name_taken");
    }

    #[tokio::test]
    async fn an_organization_has_only_so_many() {
        let (test, mut unit) = (TestApp::new(), MockUnitOfWork::new());
        unit.permissions.expect_find().returning(|_, _| Ok(None));
        unit.permissions.expect_insert().returning(|_, _| Ok(1));
        unit.permissions.expect_count_own().returning(|_| Ok(MOST_PERMISSIONS + 1));
        let (journal, caller) = (test.unit(unit).journal(), administrator(organization(1), 7));
        let error = create_permission(&test.build(), &caller, input("reports:read:own"), None).await.unwrap_err();
        assert_eq!((error.kind, error.code, journal.commits()), (ErrorKind::Conflict, "too_many_permissions", 0));
    }

    #[tokio::test]
    async fn the_platform_defines_what_keystead_will_use() {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), MockUnitOfWork::new());
        unit.permissions.expect_insert().once().returning(|_, _| Ok(1));
        unit.permissions.expect_find().returning(|_, _| Ok(None));
        unit.permissions.expect_count_own().returning(|_| Ok(1));
        trail.record(&mut unit);
        test.unit(unit);
        let input = CreatePermission { organization: PLATFORM, ..input("policies:update:organization") };
        let made = create_permission(&test.build(), &administrator(PLATFORM, 7), input, None).await.unwrap();
        assert_eq!(made.name(), "policies:update:organization");
    }
}
