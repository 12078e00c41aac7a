//! Changes an organization.

use super::create::METADATA_MAX;
use crate::{
    App,
    access::{Resource, guard, scope_in},
    audit::{self, Event, changes},
};
use keystead_domain::{
    Caller, Error, Json, OrganizationId, Result,
    access::Action,
    bounded, bounded_json,
    organizations::{Organization, OrganizationStatus},
};

/// What is to change about an organization. What is absent stays.
#[derive(Clone, Debug)]
pub struct UpdateOrganization {
    /// Which.
    pub organization: OrganizationId,
    /// The version that the change is made for.
    pub version: i64,
    /// Another name, up to 255 characters.
    pub name: Option<String>,
    /// What its administrators note from now on: a JSON object of up to 16 KiB.
    pub metadata: Option<Json>,
}

/// Changes the organization that the caller works in; any other for the platform's administrators.
///
/// # Errors
/// As [`guard`]; `NotFound`; `Invalid` on `name` or `metadata`; `Conflict` with code `organization_archived`;
/// `PreconditionFailed`.
pub async fn update_organization(app: &App, caller: &Caller, input: UpdateOrganization) -> Result<Organization> {
    let id = input.organization;
    guard(caller, Action::Update, &Resource::one("organizations", id.as_uuid(), id))?;
    let unit = app.store.begin(scope_in(id, caller)).await?;
    let before = unit.organizations().find(id, id).await?.ok_or_else(|| Error::not_found("organization"))?;
    ensure_active(&before)?;
    let mut changed = Organization { version: input.version, updated_at: app.now(), ..before.clone() };
    if let Some(name) = input.name {
        changed.name = bounded("name", &name, 255)?;
    }
    if let Some(metadata) = input.metadata {
        changed.metadata = bounded_json("metadata", metadata, METADATA_MAX)?;
    }
    let after = unit.organizations().update(id, &changed).await?;
    let event =
        Event::new(caller, "organization.updated", "organizations").resource(id).changed(changes(&before, &after)?);
    audit::append(&*unit, app, id, vec![event]).await?;
    unit.commit().await?;
    Ok(after)
}

/// Refuses to change what is archived.
pub(super) fn ensure_active(organization: &Organization) -> Result<()> {
    match organization.status {
        OrganizationStatus::Active => Ok(()),
        OrganizationStatus::Archived => {
            Err(Error::conflict("organization_archived", "The organization is archived: it no longer changes."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        organizations::new_organization,
        testing::{TestApp, Trail, administrator, organization},
    };
    use keystead_domain::{ErrorKind, PLATFORM, Scope, organizations::OrganizationKind};
    use keystead_store::mocks::{MockUnitOfWork, Step};

    fn input() -> UpdateOrganization {
        let name = Some("Looms".to_owned());
        UpdateOrganization { organization: organization(1), version: 1, name, metadata: None }
    }

    #[tokio::test]
    async fn the_platforms_administrator_works_in_the_organization_that_is_changed() {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), MockUnitOfWork::new());
        let named = |name: &str| new_organization(&TestApp::new().build(), name.to_owned(), OrganizationKind::Shared);
        let before = named("Engines");
        unit.organizations.expect_find().returning(move |_, _| Ok(Some(before.clone())));
        unit.organizations.expect_update().returning(|_, changed| Ok(Organization { version: 2, ..changed.clone() }));
        trail.record(&mut unit);
        let journal = test.unit(unit).journal();
        let platform = administrator(PLATFORM, 7);
        let after = update_organization(&test.build(), &platform, input()).await.unwrap();
        assert_eq!((after.name.as_str(), after.version), ("Looms", 2));
        assert_eq!(trail.only().organization_id, organization(1));
        let scope = Scope { organization: Some(organization(1)), user: platform.user_id };
        assert_eq!(journal.steps(), [Step::Begin(scope), Step::Commit]);
    }

    #[tokio::test]
    async fn another_organizations_administrator_finds_nothing() {
        let app = TestApp::new().build();
        let error = update_organization(&app, &administrator(organization(2), 7), input()).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotFound);
    }
}
