//! Makes an organization.

use super::members::join_as_administrator;
use crate::{
    App,
    access::{Resource, guard, scope_in},
    audit::{self, Event, changes},
    idempotency::{OnceKey, Start, once},
    sessions::for_people_only,
};
use keystead_domain::{
    Caller, CallerKind, Error, Json, PLATFORM, Result, UserId,
    access::Action,
    bounded, bounded_json,
    organizations::{Isolation, Organization, OrganizationKind, OrganizationStatus},
};

/// What an organization's administrators may note, in bytes.
pub(super) const METADATA_MAX: usize = 16 * 1024;

/// What a new organization needs.
#[derive(Clone, Debug)]
pub struct CreateOrganization {
    /// Its name, up to 255 characters; not unique.
    pub name: String,
    /// What its administrators note: a JSON object of up to 16 KiB.
    pub metadata: Option<Json>,
    /// Who becomes its administrator; the caller when nobody is named. Only the platform's administrators and the
    /// operator name somebody else.
    pub administrator: Option<UserId>,
}

/// Makes an organization. Whoever makes it becomes a member with the role `admin`.
///
/// # Errors
/// As [`guard`]; `Forbidden` with code `for_people_only` when a service account names nobody; `Invalid` on `name`, `metadata`
/// or `administrator`; as [`once`].
pub async fn create_organization(
    app: &App,
    caller: &Caller,
    input: CreateOrganization,
    key: Option<OnceKey>,
) -> Result<Organization> {
    let administrator = input.administrator.or(caller.user_id);
    let nobody_elses = Resource::installation("organizations");
    match caller.user_id {
        Some(user) if administrator == Some(user) => guard(caller, Action::Create, &nobody_elses.owned_by(user))?,
        // Founding one for oneself is for who can run it.
        None if administrator.is_none() && caller.kind == CallerKind::ServiceAccount => return Err(for_people_only()),
        _ => guard(caller, Action::Create, &nobody_elses)?,
    }
    let administrator =
        administrator.ok_or_else(|| Error::invalid("administrator", "must say who runs the organization"))?;
    let mut organization = new_organization(app, bounded("name", &input.name, 255)?, OrganizationKind::Shared);
    if let Some(metadata) = input.metadata {
        organization.metadata = bounded_json("metadata", metadata, METADATA_MAX)?;
    }
    let mut work = match once(app, caller, caller.scope(), key).await? {
        Start::First(work) => work,
        Start::Repeated(organization) => return Ok(organization),
    };
    if caller.user_id != Some(administrator) && work.users().find(PLATFORM, administrator).await?.is_none() {
        return Err(Error::invalid("administrator", "is no account"));
    }
    work.enter(scope_in(organization.id, caller)).await?;
    work.organizations().insert(&organization).await?;
    join_as_administrator(app, &*work, organization.id, administrator).await?;
    let event = Event::new(caller, "organization.created", "organizations")
        .resource(organization.id)
        .changed(changes(&(), &organization)?);
    audit::append(&*work, app, organization.id, vec![event]).await?;
    work.finish(organization).await
}

/// An organization about to be made, with a new identifier.
pub(crate) fn new_organization(app: &App, name: String, kind: OrganizationKind) -> Organization {
    let now = app.now();
    Organization {
        id: app.ids.next(),
        name,
        kind,
        isolation: Isolation::Shared,
        status: OrganizationStatus::Active,
        metadata: Json::Object(serde_json::Map::new()),
        created_at: now,
        updated_at: now,
        version: 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, Trail, account, administrator, anonymous, context, member, organization, user};
    use keystead_domain::{ErrorKind, Scope, access::ADMIN};
    use keystead_store::mocks::{MockUnitOfWork, Step};

    fn input(administrator: Option<UserId>) -> CreateOrganization {
        CreateOrganization { name: " Engines ".to_owned(), metadata: None, administrator }
    }

    /// A unit of work in which an organization is made for the person 7.
    fn unit(trail: &Trail) -> MockUnitOfWork {
        let mut unit = MockUnitOfWork::new();
        unit.organizations.expect_insert().once().returning(|_| Ok(()));
        unit.memberships.expect_insert().once().returning(|membership| {
            assert_eq!(membership.user_id, user(7));
            Ok(())
        });
        unit.roles.expect_replace_held().once().returning(|_, held_by, roles| {
            assert_eq!((held_by, roles.len(), roles[0].role_id), (user(7), 1, ADMIN.id));
            Ok(())
        });
        trail.record(&mut unit);
        unit
    }

    #[tokio::test]
    async fn anybody_founds_an_organization_and_runs_it() {
        let (test, trail) = (TestApp::new(), Trail::default());
        let journal = test.unit(unit(&trail)).journal();
        let made = create_organization(&test.build(), &member(1, 7), input(None), None).await.unwrap();
        assert_eq!(made.name, "Engines");
        assert_eq!(trail.only().organization_id, made.id);
        let home = Scope::person(organization(1), user(7));
        assert_eq!(journal.steps(), [Step::Begin(home), Step::Enter(Scope::person(made.id, user(7))), Step::Commit]);
    }

    #[tokio::test]
    async fn the_operator_founds_one_for_somebody() {
        let (test, trail) = (TestApp::new(), Trail::default());
        let mut unit = unit(&trail);
        unit.users.expect_find().returning(|_, id| Ok((id == user(7)).then(|| account(7))));
        test.unit(unit);
        let operator = Caller::operator(context());
        let app = test.build();
        create_organization(&app, &operator, input(Some(user(7))), None).await.unwrap();
        let error = create_organization(&app, &operator, input(None), None).await.unwrap_err();
        assert_eq!(error.fields[0].field, "administrator");
    }

    #[tokio::test]
    async fn others_found_none_for_somebody_else() {
        let app = TestApp::new().build();
        for (caller, kind) in [
            (administrator(organization(1), 7), ErrorKind::NotFound),
            (member(1, 7), ErrorKind::NotFound),
            (anonymous(), ErrorKind::Unauthenticated),
        ] {
            let error = create_organization(&app, &caller, input(Some(user(8))), None).await.unwrap_err();
            assert_eq!(error.kind, kind);
        }
    }
}
