//! An administrator of the platform makes an account.

use super::{NewPerson, edit::Edit, hints, new_user};
use crate::{
    App,
    access::{Resource, guard_administration},
    audit::{self, Event},
    idempotency::{OnceKey, Start, once},
    passwords::{check_new_password, generate_password, hashing},
    sessions::caller_again,
};
use keystead_domain::{
    Caller, Json, Result, Scope,
    access::Action,
    accounts::{Email, Password, User, Username},
    organizations::Organization,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What a new account needs.
#[derive(Clone, Default)]
pub struct CreateUser {
    /// A public name, free of `@`.
    pub username: String,
    /// The address.
    pub email: String,
    /// The first password; none lets the program make one, which is shown once.
    pub password: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Selects limits; `free` when nothing is said.
    pub tier: Option<String>,
    /// What administrators note.
    pub metadata: Option<Json>,
    /// Whether the password must be changed at the first sign-in; always so for one that the program made.
    pub must_change_password: bool,
}

/// A new account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CreatedUser {
    /// The account.
    pub user: User,
    /// The organization made for the person alone.
    pub organization: Organization,
    /// The password that the program made. It is nowhere else.
    #[serde(skip)]
    pub password: Option<SecretString>,
}

/// Makes an account with a personal organization.
///
/// # Errors
/// As [`guard_administration`], also when the caller lost the right while the password waited for its hash; `Invalid` for
/// a field that breaks its rules; `Conflict` with code `username_taken` or `email_taken`; `Busy` when too many passwords
/// wait to be hashed; as [`once`].
pub async fn create_user(app: &App, caller: &Caller, input: CreateUser, key: Option<OnceKey>) -> Result<CreatedUser> {
    guard_administration(caller, Action::Create, &Resource::installation("users"))?;
    let (username, email) = (Username::new(&input.username)?, Email::new(&input.email)?);
    let user = new_user(app, username, email, input.first_name.as_deref(), input.last_name.as_deref())?;
    let edit = Edit { tier: input.tier, metadata: input.metadata, ..Edit::default() };
    let mut user = edit.apply(&user)?;
    let (password, made) = match input.password {
        Some(password) => (check_new_password(app, "password", password, &hints(&user)).await?, None),
        None => {
            let made = generate_password(&*app.random);
            (Password::chosen(made.expose_secret().to_owned())?, Some(made))
        }
    };
    user.must_change_password = input.must_change_password || made.is_some();
    let password_hash = hashing(app, caller).hash(password).await?;

    let person = NewPerson::new(app, user);
    let mut work = match once(app, caller, person.scope(), key).await? {
        Start::First(work) => work,
        Start::Repeated(created) => return Ok(created),
    };
    // Judging and hashing the password may have taken long.
    work.enter(caller.scope()).await?;
    let again = caller_again(app, &*work, caller).await?;
    guard_administration(&again, Action::Create, &Resource::installation("users"))?;
    work.enter(person.scope()).await?;
    person.insert(app, &*work, password_hash).await?;
    let NewPerson { user, organization } = person;
    let event = Event::new(caller, "user.created", "users")
        .resource(user.id)
        .subject(user.id)
        .before_after(json!({}), json!({ "username": user.username, "email": user.email, "tier": user.tier }));
    work.enter(Scope { organization: Some(caller.organization_id), user: Some(user.id) }).await?;
    audit::append(&*work, app, caller.organization_id, vec![event]).await?;
    let output = CreatedUser { user, organization, password: made };
    if output.password.is_some() { work.finish_secret(output).await } else { work.finish(output).await }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, Trail, administrator, holding, known_again, member, organization};
    use keystead_domain::{ErrorKind, PLATFORM};
    use keystead_store::{Claim, mocks::MockUnitOfWork};

    fn input(password: Option<&str>) -> CreateUser {
        CreateUser {
            username: "ada".to_owned(),
            email: "ada@example.org".to_owned(),
            password: password.map(str::to_owned),
            ..CreateUser::default()
        }
    }

    fn accepting(trail: &Trail, keeps: bool) -> MockUnitOfWork {
        let mut unit = MockUnitOfWork::new();
        known_again(&mut unit, &administrator(PLATFORM, 1));
        unit.organizations.expect_insert().returning(|_| Ok(()));
        unit.users.expect_insert().returning(|_| Ok(()));
        unit.memberships.expect_insert().returning(|_| Ok(()));
        unit.roles.expect_replace_held().returning(|_, _, _| Ok(()));
        unit.idempotency.expect_claim().returning(|_| Ok(Claim::First));
        unit.idempotency.expect_finish().once().returning(move |_, answer| {
            assert_eq!(answer.is_some(), keeps);
            Ok(())
        });
        trail.record(&mut unit);
        unit
    }

    #[tokio::test]
    async fn a_made_up_password_is_shown_once_and_not_kept() {
        let (test, trail) = (TestApp::new(), Trail::default());
        test.unit(accepting(&trail, false));
        let app = test.build();
        let key = OnceKey::new(&app, "POST /api/v1/users", "k", b"{}").unwrap();
        let created = create_user(&app, &administrator(PLATFORM, 1), input(None), Some(key)).await.unwrap();
        assert_eq!(created.password.as_ref().map(|made| made.expose_secret().len()), Some(24));
        assert!(created.user.must_change_password);
        let event = trail.only();
        assert_eq!((event.organization_id, event.subject_user_id), (PLATFORM, Some(created.user.id)));
    }

    #[tokio::test]
    async fn a_given_password_is_taken() {
        let (test, trail) = (TestApp::new(), Trail::default());
        test.unit(accepting(&trail, true));
        let app = test.build();
        let key = OnceKey::new(&app, "POST /api/v1/users", "k", b"{}").unwrap();
        let input = input(Some("correct horse battery"));
        let created = create_user(&app, &administrator(PLATFORM, 1), input, Some(key)).await.unwrap();
        assert!(created.password.is_none() && !created.user.must_change_password);
    }

    #[tokio::test]
    async fn who_lost_the_right_while_the_password_was_hashed_makes_none() {
        let test = TestApp::new();
        let mut unit = MockUnitOfWork::new();
        known_again(&mut unit, &holding(administrator(PLATFORM, 1), vec![]));
        let journal = test.unit(unit).journal();
        let input = input(Some("correct horse battery"));
        let error = create_user(&test.build(), &administrator(PLATFORM, 1), input, None).await.unwrap_err();
        assert!(matches!(error.kind, ErrorKind::Forbidden | ErrorKind::NotFound), "{error:?}");
        assert_eq!(journal.commits(), 0);
    }

    #[tokio::test]
    async fn only_the_platforms_administrators_may() {
        let app = TestApp::new().build();
        for caller in [member(1, 7), administrator(organization(1), 7)] {
            let error = create_user(&app, &caller, input(None), None).await.unwrap_err();
            assert_eq!(error.kind, ErrorKind::Forbidden);
        }
    }
}
