//! Makes a role.

use super::own::role_name;
use crate::{
    App,
    access::{
        Resource, guard, guard_here, limits::ensure_few_roles, may_put, permissions::named_permissions, scope_in,
    },
    audit::{self, Event},
    idempotency::{OnceKey, Start, once},
};
use keystead_domain::{
    Caller, OrganizationId, PermissionId, Result,
    access::{Action, Permission, Role},
    optional_bounded,
};
use serde_json::json;

/// What a new role needs.
#[derive(Clone, Debug)]
pub struct CreateRole {
    /// Whose it becomes.
    pub organization: OrganizationId,
    /// Its name: 1 to 50 characters of `[a-z0-9_-]`, unique in the organization.
    pub name: String,
    /// What it is for, up to 2000 characters.
    pub description: Option<String>,
    /// What it permits: names such as `teams:read:organization`, or identifiers.
    pub permissions: Vec<String>,
}

/// Makes a role that permits nothing its maker lacks. An organization has at most
/// [`MOST_ROLES`](crate::access::MOST_ROLES).
///
/// # Errors
/// As [`guard`]; `Invalid` on `name`, `description` or `permissions`; `Forbidden` with code `grants_too_much`; `Conflict`
/// with code `role_name_taken` or `too_many_roles`; as [`once`].
pub async fn create_role(app: &App, caller: &Caller, input: CreateRole, key: Option<OnceKey>) -> Result<Role> {
    let organization = input.organization;
    guard_here(caller, organization)?;
    guard(caller, Action::Create, &Resource::all("roles", organization))?;
    let now = app.now();
    let role = Role {
        id: app.ids.next(),
        organization_id: organization,
        name: role_name(&input.name)?,
        description: optional_bounded("description", input.description.as_deref(), 2000)?,
        is_builtin: false,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let permissions = named_permissions(app, caller, organization, &input.permissions).await;
    let work = match once(app, caller, scope_in(organization, caller), key).await? {
        Start::First(work) => work,
        Start::Repeated(role) => return Ok(role),
    };
    // A repetition is answered although they may be gone by now.
    let permissions = permissions?;
    may_put(caller, &permissions)?;
    work.roles().insert(&role).await?;
    if !permissions.is_empty() {
        let ids: Vec<PermissionId> = permissions.iter().map(|permission| permission.id).collect();
        work.roles().replace_permissions(organization, role.id, &ids, now).await?;
    }
    work.roles().raise_version(organization).await?;
    // Counted under the version's lock, so that of several at the same moment each counts the others.
    ensure_few_roles(&*work, organization).await?;
    let role = work.roles().find(organization, role.id).await?.unwrap_or(role);
    let names: Vec<String> = permissions.iter().map(Permission::name).collect();
    let event = Event::new(caller, "role.created", "roles")
        .resource(role.id)
        .data(json!({ "name": role.name, "permissions": names }));
    audit::append(&*work, app, organization, vec![event]).await?;
    work.finish(role).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::MOST_ROLES,
        testing::{TestApp, Trail, administrator, member, now, organization},
    };
    use keystead_domain::{ErrorKind, access::NewPermission};
    use keystead_store::mocks::MockUnitOfWork;

    fn input(permission: &str) -> CreateRole {
        CreateRole {
            organization: organization(1),
            name: "team-makers".to_owned(),
            description: None,
            permissions: vec![permission.to_owned()],
        }
    }

    /// A unit of work in which the built-in permission `name` is found.
    fn looking_up(name: &'static str) -> MockUnitOfWork {
        let mut unit = MockUnitOfWork::new();
        unit.permissions.expect_find_many().returning(move |organization_id, ids| {
            let NewPermission { resource, action, scope } = NewPermission::parse(name).unwrap();
            let (id, created_at) = (ids[0], now());
            Ok(vec![Permission { id, organization_id, resource, action, scope, description: None, created_at }])
        });
        unit
    }

    #[tokio::test]
    async fn a_role_and_what_it_permits_are_made_at_once_and_in_force_at_once() {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), MockUnitOfWork::new());
        test.unit(looking_up("teams:create:organization"));
        unit.roles.expect_insert().once().returning(|_| Ok(()));
        unit.roles.expect_replace_permissions().once().returning(|_, _, permissions, _| {
            assert_eq!(permissions.len(), 1);
            Ok(())
        });
        unit.roles.expect_raise_version().once().returning(|_| Ok(2));
        unit.roles.expect_count_own().returning(|_| Ok(MOST_ROLES));
        unit.roles.expect_find().returning(|_, _| Ok(None));
        trail.record(&mut unit);
        let journal = test.unit(unit).journal();
        let caller = administrator(organization(1), 7);
        let role = create_role(&test.build(), &caller, input("teams:create:organization"), None).await.unwrap();
        assert_eq!((role.name.as_str(), role.is_builtin), ("team-makers", false));
        assert_eq!(trail.only().event_data["permissions"][0], "teams:create:organization");
        assert_eq!(journal.commits(), 1);
    }

    #[tokio::test]
    async fn nobody_puts_in_what_he_lacks() {
        for name in ["users:delete:any", "jobs:delete:organization"] {
            let test = TestApp::new();
            let journal = test.unit(looking_up(name)).unit(MockUnitOfWork::new()).journal();
            let caller = administrator(organization(1), 7);
            let error = create_role(&test.build(), &caller, input(name), None).await.unwrap_err();
            assert_eq!((error.kind, error.code), (ErrorKind::Forbidden, "grants_too_much"));
            assert_eq!(journal.commits(), 0);
        }
    }

    #[tokio::test]
    async fn a_plain_member_makes_no_roles() {
        let app = TestApp::new().build();
        let error = create_role(&app, &member(1, 7), input("teams:read:organization"), None).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Forbidden);
        let elsewhere = administrator(organization(2), 7);
        let error = create_role(&app, &elsewhere, input("teams:read:organization"), None).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotFound);
    }

    #[tokio::test]
    async fn an_organization_has_only_so_many() {
        let (test, mut unit) = (TestApp::new(), MockUnitOfWork::new());
        unit.roles.expect_insert().returning(|_| Ok(()));
        unit.roles.expect_raise_version().returning(|_| Ok(2));
        unit.roles.expect_count_own().returning(|_| Ok(MOST_ROLES + 1));
        let (journal, caller) = (test.unit(unit).journal(), administrator(organization(1), 7));
        let input = CreateRole { permissions: Vec::new(), ..input("") };
        let error = create_role(&test.build(), &caller, input, None).await.unwrap_err();
        assert_eq!((error.kind, error.code, journal.commits()), (ErrorKind::Conflict, "too_many_roles", 0));
    }
}
