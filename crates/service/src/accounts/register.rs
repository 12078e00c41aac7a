//! A person makes an account.

use super::{NewPerson, new_user};
use crate::{
    App,
    audit::{self, Event},
    idempotency::{OnceKey, Start, once},
    passwords::{check_new_password, hashing},
};
use keystead_domain::{
    Caller, Error, ErrorKind, Result,
    accounts::{Email, User, Username},
    organizations::Organization,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What a person says to get an account.
#[derive(Clone)]
pub struct Register {
    /// A public name, free of `@`.
    pub username: String,
    /// The address.
    pub email: String,
    /// The password: see [`check_new_password`].
    pub password: String,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
}

/// A new account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Registered {
    /// The account, which can be used at once.
    pub user: User,
    /// The organization made for the person alone, who administers it.
    pub organization: Organization,
}

/// Makes an account, a personal organization, and the person its administrator, in one transaction.
///
/// Anyone may: there is nothing to guard but the setting.
///
/// # Errors
/// `Forbidden` with code `registration_disabled`; `Invalid` for a field that breaks its rules; `Conflict` with code
/// `username_taken` or `email_taken`; `Busy` when too many passwords wait to be hashed; as [`once`].
pub async fn register(app: &App, caller: &Caller, input: Register, key: Option<OnceKey>) -> Result<Registered> {
    if !app.settings.registration_enabled {
        return Err(Error::new(
            ErrorKind::Forbidden,
            "registration_disabled",
            "Accounts are made by the administrators here: ask them for one.",
        ));
    }
    let (username, email) = (Username::new(&input.username)?, Email::new(&input.email)?);
    let user = new_user(app, username, email, input.first_name.as_deref(), input.last_name.as_deref())?;
    let password = check_new_password(app, "password", input.password, &hints(&user)).await?;
    let password_hash = hashing(app, caller).hash(password).await?;

    let person = NewPerson::new(app, user);
    let work = match once(app, caller, person.scope(), key).await? {
        Start::First(work) => work,
        Start::Repeated(registered) => return Ok(registered),
    };
    person.insert(app, &*work, password_hash).await?;
    let NewPerson { user, organization } = person;
    let event = Event::new(caller, "user.registered", "users")
        .acting(user.id, None)
        .resource(user.id)
        .subject(user.id)
        .before_after(json!({}), json!({ "username": user.username, "email": user.email }));
    audit::append(&*work, app, organization.id, vec![event]).await?;
    work.finish(Registered { user, organization }).await
}

/// What a guesser of this person's password knows.
pub(crate) fn hints(user: &User) -> Vec<&str> {
    let names = [user.first_name.as_deref(), user.last_name.as_deref()];
    let address = user.email.as_str();
    let mailbox = address.split('@').next().unwrap_or(address);
    [user.username.as_str(), address, mailbox].into_iter().chain(names.into_iter().flatten()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, Trail, anonymous};
    use keystead_domain::{PLATFORM, Scope, access::ADMIN};
    use keystead_store::{
        Claim,
        mocks::{MockUnitOfWork, Step},
    };

    fn input() -> Register {
        Register {
            username: "ada".to_owned(),
            email: "Ada@Example.org".to_owned(),
            password: "correct horse battery".to_owned(),
            first_name: Some(" Ada ".to_owned()),
            last_name: None,
        }
    }

    fn accepting(trail: &Trail) -> MockUnitOfWork {
        let mut unit = MockUnitOfWork::new();
        unit.organizations.expect_insert().once().returning(|_| Ok(()));
        unit.users.expect_insert().once().returning(|new| {
            assert!(new.password_hash.expose().starts_with("$argon2id$"));
            Ok(())
        });
        unit.memberships.expect_insert().once().returning(|_| Ok(()));
        unit.roles.expect_replace_held().once().returning(|_, _, roles| {
            assert_eq!((roles.len(), roles[0].role_id), (1, ADMIN.id));
            Ok(())
        });
        trail.record(&mut unit);
        unit
    }

    #[tokio::test]
    async fn a_person_gets_an_account_and_an_organization_in_one_transaction() {
        let (test, trail) = (TestApp::new(), Trail::default());
        let journal = test.unit(accepting(&trail)).journal();
        let Registered { user, organization } = register(&test.build(), &anonymous(), input(), None).await.unwrap();
        assert_eq!((user.email.as_str(), user.first_name.as_deref()), ("Ada@example.org", Some("Ada")));
        assert_eq!(organization.name, "ada");
        assert_eq!(journal.steps(), [Step::Begin(Scope::person(organization.id, user.id)), Step::Commit]);
        let event = trail.only();
        assert_eq!((event.event_type.as_str(), event.user_id), ("user.registered", Some(user.id)));
        assert!(event.client_sealed.is_some() && event.changes_sealed.is_some());
    }

    #[tokio::test]
    async fn with_a_key_the_answer_is_kept_where_the_caller_belongs() {
        let (test, trail) = (TestApp::new(), Trail::default());
        let mut unit = accepting(&trail);
        unit.idempotency.expect_claim().once().returning(|_| Ok(Claim::First));
        unit.idempotency.expect_finish().once().returning(|key, answer| {
            assert_eq!(key.organization_id, PLATFORM);
            assert!(answer.is_some_and(|answer| !answer.to_string().contains("argon2")));
            Ok(())
        });
        let journal = test.unit(unit).journal();
        let app = test.build();
        let key = OnceKey::new(&app, "POST /api/v1/accounts", "key-1", b"{}").unwrap();
        let registered = register(&app, &anonymous(), input(), Some(key)).await.unwrap();
        let (organization, user) = (registered.organization.id, Some(registered.user.id));
        let person = Scope { organization: Some(organization), user };
        let home = Scope { organization: Some(PLATFORM), user };
        assert_eq!(journal.steps(), [Step::Begin(home), Step::Enter(person), Step::Enter(home), Step::Commit]);
    }

    #[tokio::test]
    async fn a_taken_name_leaves_nothing_behind() {
        let test = TestApp::new();
        let mut unit = MockUnitOfWork::new();
        unit.organizations.expect_insert().returning(|_| Ok(()));
        unit.users.expect_insert().returning(|_| Err(Error::conflict("username_taken", "taken")));
        let journal = test.unit(unit).journal();
        let error = register(&test.build(), &anonymous(), input(), None).await.unwrap_err();
        assert_eq!(error.code, "username_taken");
        assert_eq!(journal.commits(), 0);
    }

    #[tokio::test]
    async fn a_weak_password_and_a_closed_door_open_no_transaction() {
        let weak = Register { password: "password12".to_owned(), ..input() };
        let error = register(&TestApp::new().build(), &anonymous(), weak, None).await.unwrap_err();
        assert_eq!(error.fields[0].field, "password");
        let mut test = TestApp::new();
        test.settings.registration_enabled = false;
        let error = register(&test.build(), &anonymous(), input(), None).await.unwrap_err();
        assert_eq!(error.code, "registration_disabled");
    }
}
