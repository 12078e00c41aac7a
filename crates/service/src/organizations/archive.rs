//! Closes an organization.

use super::update::ensure_active;
use crate::{
    App,
    access::{Resource, guard, scope_in},
    audit::{self, Event},
    sessions::signed_in,
};
use keystead_domain::{
    Caller, Error, ErrorKind, OrganizationId, Result,
    access::Action,
    organizations::{Organization, OrganizationKind, OrganizationStatus},
};
use keystead_store::UnitOfWork;

/// Which organization to close.
#[derive(Clone, Debug)]
pub struct ArchiveOrganization {
    /// Which.
    pub organization: OrganizationId,
    /// The version that was read.
    pub version: i64,
}

/// Closes an organization: nobody can work in it any more; its rows and audit events stay.
///
/// The platform stays open, and a person's own organization is closed by its members only.
///
/// # Errors
/// As [`guard`]; `NotFound`; `Conflict` with code `platform_organization` or `organization_archived`; `Forbidden` with
/// code `personal_organization`; `PreconditionFailed`.
pub async fn archive_organization(app: &App, caller: &Caller, input: ArchiveOrganization) -> Result<Organization> {
    let id = input.organization;
    guard(caller, Action::Delete, &Resource::one("organizations", id.as_uuid(), id))?;
    let unit = app.store.begin(scope_in(id, caller)).await?;
    let before = unit.organizations().find(id, id).await?.ok_or_else(|| Error::not_found("organization"))?;
    ensure_active(&before)?;
    ensure_archivable(&*unit, caller, &before).await?;
    let changed =
        Organization { status: OrganizationStatus::Archived, version: input.version, updated_at: app.now(), ..before };
    let after = unit.organizations().update(id, &changed).await?;
    let event = Event::new(caller, "organization.archived", "organizations").resource(id);
    audit::append(&*unit, app, id, vec![event]).await?;
    unit.commit().await?;
    Ok(after)
}

async fn ensure_archivable(unit: &dyn UnitOfWork, caller: &Caller, organization: &Organization) -> Result<()> {
    match organization.kind {
        OrganizationKind::Platform => Err(Error::conflict("platform_organization", "The platform cannot be archived.")),
        OrganizationKind::Personal if caller.kind.is_bounded() => {
            let user = signed_in(caller)?;
            if unit.memberships().find(organization.id, user).await?.is_some() {
                return Ok(());
            }
            let message = "This is another person's own organization.";
            Err(Error::new(ErrorKind::Forbidden, "personal_organization", message))
        }
        OrganizationKind::Personal | OrganizationKind::Shared => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        organizations::new_organization,
        testing::{TestApp, Trail, administrator},
    };
    use keystead_domain::PLATFORM;
    use keystead_store::mocks::MockUnitOfWork;

    async fn archive(kind: OrganizationKind, status: OrganizationStatus) -> Result<Organization> {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), MockUnitOfWork::new());
        let before = new_organization(&TestApp::new().build(), "Engines".to_owned(), kind);
        let id = before.id;
        unit.organizations.expect_find().returning(move |_, _| Ok(Some(Organization { status, ..before.clone() })));
        unit.organizations.expect_update().returning(|_, changed| Ok(changed.clone()));
        unit.memberships.expect_find().returning(|_, _| Ok(None));
        trail.record(&mut unit);
        test.unit(unit);
        let input = ArchiveOrganization { organization: id, version: 1 };
        archive_organization(&test.build(), &administrator(PLATFORM, 7), input).await
    }

    #[tokio::test]
    async fn what_may_be_closed_is_closed_once() {
        use OrganizationStatus::{Active, Archived};
        assert_eq!(archive(OrganizationKind::Shared, Active).await.unwrap().status, Archived);
        for (kind, status, code) in [
            (OrganizationKind::Shared, Archived, "organization_archived"),
            (OrganizationKind::Platform, Active, "platform_organization"),
            (OrganizationKind::Personal, Active, "personal_organization"),
        ] {
            assert_eq!(archive(kind, status).await.unwrap_err().code, code);
        }
    }
}
