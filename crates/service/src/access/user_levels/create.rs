//! Makes a user level.

use super::{guard_levels, lock};
use crate::{
    App,
    access::{limits::ensure_few_user_levels, scope_in},
    audit::{self, Event, changes},
    idempotency::{OnceKey, Start, once},
};
use keystead_domain::{
    Caller, OrganizationId, Result,
    access::{Action, UserLevel},
    bounded, optional_bounded,
};

/// What a new user level needs.
#[derive(Clone, Debug)]
pub struct CreateUserLevel {
    /// Whose it becomes.
    pub organization: OrganizationId,
    /// Its name, up to 255 characters, unique in the organization.
    pub name: String,
    /// What it is for, up to 2000 characters.
    pub description: Option<String>,
}

/// Makes a user level, which permits nothing yet and which nobody has. An organization has at most
/// [`MOST_USER_LEVELS`](crate::access::MOST_USER_LEVELS).
///
/// # Errors
/// As [`guard`](crate::access::guard); `Invalid` on `name` or `description`; `Conflict` with code `user_level_name_taken` or
/// `too_many_user_levels`; as [`once`].
pub async fn create_user_level(
    app: &App,
    caller: &Caller,
    input: CreateUserLevel,
    key: Option<OnceKey>,
) -> Result<UserLevel> {
    let organization = input.organization;
    guard_levels(caller, Action::Create, organization)?;
    let now = app.now();
    let level = UserLevel {
        id: app.ids.next(),
        organization_id: organization,
        name: bounded("name", &input.name, 255)?,
        description: optional_bounded("description", input.description.as_deref(), 2000)?,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let work = match once(app, caller, scope_in(organization, caller), key).await? {
        Start::First(work) => work,
        Start::Repeated(level) => return Ok(level),
    };
    lock(&*work, organization).await?;
    work.user_levels().insert(organization, std::slice::from_ref(&level)).await?;
    ensure_few_user_levels(&*work, organization).await?;
    let event =
        Event::new(caller, "user_level.created", "user_levels").resource(level.id).changed(changes(&(), &level)?);
    audit::append(&*work, app, organization, vec![event]).await?;
    work.finish(level).await
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{level, locked, manager};
    use super::*;
    use crate::{
        access::MOST_USER_LEVELS,
        testing::{TestApp, Trail, administrator, member, organization},
    };
    use keystead_domain::{ErrorKind, PLATFORM};
    use keystead_store::mocks::MockUnitOfWork;

    fn input() -> CreateUserLevel {
        CreateUserLevel { organization: organization(1), name: " Clerks ".to_owned(), description: None }
    }

    /// Makes a level where there are `count` then.
    async fn create(caller: &Caller, count: usize) -> (Result<UserLevel>, Trail, usize) {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), MockUnitOfWork::new());
        locked(&mut unit);
        unit.access.user_levels.expect_insert().returning(|_, _| Ok(()));
        unit.access.user_levels.expect_all().returning(move |_| Ok(vec![level(1); count]));
        trail.record(&mut unit);
        let journal = test.unit(unit).journal();
        let made = create_user_level(&test.build(), caller, input(), None).await;
        (made, trail, journal.commits())
    }

    #[tokio::test]
    async fn a_manager_makes_a_level_and_so_does_the_platform_in_any_organization() {
        for caller in [manager(), administrator(PLATFORM, 7)] {
            let (made, trail, commits) = create(&caller, 1).await;
            let made = made.unwrap();
            assert_eq!((made.name.as_str(), made.organization_id, commits), ("Clerks", organization(1), 1));
            let event = trail.only();
            assert_eq!((event.event_type.as_str(), event.organization_id), ("user_level.created", organization(1)));
            assert!(event.changes_sealed.is_some());
        }
    }

    #[tokio::test]
    async fn an_organization_has_only_so_many() {
        assert!(create(&manager(), MOST_USER_LEVELS).await.0.is_ok());
        let (made, _, commits) = create(&manager(), MOST_USER_LEVELS + 1).await;
        let error = made.unwrap_err();
        assert_eq!((error.kind, error.code, commits), (ErrorKind::Conflict, "too_many_user_levels", 0));
    }

    #[tokio::test]
    async fn others_make_none() {
        for (caller, kind) in
            [(member(1, 7), ErrorKind::Forbidden), (administrator(organization(2), 7), ErrorKind::NotFound)]
        {
            let app = TestApp::new().build();
            assert_eq!(create_user_level(&app, &caller, input(), None).await.unwrap_err().kind, kind);
        }
    }
}
