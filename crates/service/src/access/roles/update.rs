//! Renames or describes a role.

use super::own::{guard_found_role, own_role, role_name};
use crate::{
    App,
    access::scope_in,
    audit::{self, Event, changes},
};
use keystead_domain::{
    Caller, OrganizationId, Result, RoleId,
    access::{Action, Role},
    optional_bounded,
};

/// What is to change about a role. What is absent stays.
#[derive(Clone, Debug)]
pub struct UpdateRole {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Which.
    pub role: RoleId,
    /// The version that the change is made for.
    pub version: i64,
    /// Another name.
    pub name: Option<String>,
    /// Another description; none inside takes it away.
    pub description: Option<Option<String>>,
}

/// Renames or describes one of the organization's own roles.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`; `Forbidden` with code `built_in_role` or `inherited_role`; `Invalid` on
/// `name` or `description`; `Conflict` with code `role_name_taken`; `PreconditionFailed`.
pub async fn update_role(app: &App, caller: &Caller, input: UpdateRole) -> Result<Role> {
    let organization = input.organization;
    let held = guard_found_role(caller, Action::Update, organization, input.role)?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    let before = own_role(&*unit, organization, input.role, held).await?;
    let mut role = Role { version: input.version, updated_at: app.now(), ..before.clone() };
    if let Some(name) = input.name.filter(|name| *name != before.name) {
        role.name = role_name(&name)?;
    }
    if let Some(description) = input.description {
        role.description = optional_bounded("description", description.as_deref(), 2000)?;
    }
    let after = unit.roles().update(organization, &role).await?;
    unit.roles().raise_version(organization).await?;
    let event = Event::new(caller, "role.updated", "roles").resource(after.id).changed(changes(&before, &after)?);
    audit::append(&*unit, app, organization, vec![event]).await?;
    unit.commit().await?;
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::roles::fixtures::role,
        testing::{TestApp, Trail, administrator, organization},
    };
    use keystead_domain::{ErrorKind, PLATFORM, access::USER};
    use keystead_store::mocks::MockUnitOfWork;

    fn weavers(organization_id: OrganizationId, is_builtin: bool) -> Role {
        Role { is_builtin, version: 3, ..role(USER.id, organization_id, "weavers") }
    }

    fn input() -> UpdateRole {
        let name = Some("spinners".to_owned());
        UpdateRole { organization: organization(1), role: USER.id, version: 3, name, description: None }
    }

    #[tokio::test]
    async fn an_own_role_is_renamed_and_in_force_at_once() {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), MockUnitOfWork::new());
        unit.roles.expect_find().returning(|_, _| Ok(Some(weavers(organization(1), false))));
        unit.roles.expect_update().once().returning(|_, role| Ok(Role { version: role.version + 1, ..role.clone() }));
        unit.roles.expect_raise_version().once().returning(|_| Ok(1));
        trail.record(&mut unit);
        test.unit(unit);
        let after = update_role(&test.build(), &administrator(organization(1), 7), input()).await.unwrap();
        assert_eq!((after.name.as_str(), after.version), ("spinners", 4));
        assert!(trail.only().changes_sealed.is_some());
    }

    #[tokio::test]
    async fn built_in_and_inherited_roles_stay() {
        for (is_builtin, code) in [(true, "built_in_role"), (false, "inherited_role")] {
            let (test, mut unit) = (TestApp::new(), MockUnitOfWork::new());
            unit.roles.expect_find().returning(move |_, _| Ok(Some(weavers(PLATFORM, is_builtin))));
            test.unit(unit);
            let error = update_role(&test.build(), &administrator(organization(1), 7), input()).await.unwrap_err();
            assert_eq!((error.kind, error.code), (ErrorKind::Forbidden, code));
        }
    }
}
