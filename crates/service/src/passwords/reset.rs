//! An administrator of the platform gives a person a new password.

use super::{check_new_password, generate_password, hashing};
use crate::{
    App,
    accounts::{guard_account, guard_account_again, hints},
    audit::{self, Event},
    sessions::{account_key, caller_again},
};
use keystead_domain::{
    Caller, Error, ErrorKind, PLATFORM, Result, Scope, UserId,
    accounts::{Password, User},
    sessions::RevokedReason,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

/// Whose password.
#[derive(Clone)]
pub struct ResetPassword {
    /// Whose.
    pub user: UserId,
    /// The new one; none lets the program make one, which is shown once.
    pub password: Option<String>,
}

/// What the reset did.
#[derive(Clone, Debug)]
pub struct PasswordReset {
    /// The password that the program made. It is nowhere else.
    pub password: Option<SecretString>,
    /// How many sessions were ended.
    pub ended_sessions: u64,
}

/// Gives another person a new password, which must be changed at the next sign-in; ends all sessions and lifts all locks.
///
/// # Errors
/// As [`guard_administration`](crate::access::guard_administration), also when the caller lost the right while the password
/// waited for its hash; `Forbidden` with code `own_password` for the caller's own account; `NotFound`; `Invalid` on
/// `password`; `Busy` when too many passwords wait to be hashed.
pub async fn reset_password(app: &App, caller: &Caller, input: ResetPassword) -> Result<PasswordReset> {
    let ResetPassword { user, password } = input;
    guard_account(app, caller, user).await?;
    // A stolen token must not suffice to take the account: a change asks for the current password.
    if caller.user_id == Some(user) {
        return Err(Error::new(
            ErrorKind::Forbidden,
            "own_password",
            "This is your own account: change its password with the current one (POST /api/v1/me/password).",
        ));
    }
    let not_found = || Error::not_found("user");
    let unit = app.store.read(Scope::person(PLATFORM, user)).await?;
    let found = unit.users().find(PLATFORM, user).await?.ok_or_else(not_found)?;
    drop(unit);
    let (password, made) = match password {
        Some(password) => (check_new_password(app, "password", password, &hints(&found)).await?, None),
        None => {
            let made = generate_password(&*app.random);
            (Password::chosen(made.expose_secret().to_owned())?, Some(made))
        }
    };
    let hash = hashing(app, caller).hash(password).await?;

    let now = app.now();
    let unit = app.store.begin(Scope::person(PLATFORM, user)).await?;
    // The account's row first: it may have to be waited for, and nothing is waited for between the question and the commit.
    unit.users().set_password_hash(user, &hash, Some(now)).await?;
    guard_account_again(&*unit, &caller_again(app, &*unit, caller).await?, user).await?;
    let found = unit.users().find(PLATFORM, user).await?.ok_or_else(not_found)?;
    let changed =
        User { must_change_password: true, failed_login_attempts: 0, locked_until: None, updated_at: now, ..found };
    unit.users().update(PLATFORM, &changed).await?;
    unit.sign_in_attempts().clear(&account_key(user)).await?;
    let ended = unit.sessions().revoke_all(user, None, RevokedReason::PasswordChanged, now).await?;
    let event = Event::new(caller, "password.reset", "users")
        .resource(user)
        .subject(user)
        .data(json!({ "ended_sessions": ended.len(), "made_up": made.is_some() }));
    audit::append(&*unit, app, PLATFORM, vec![event]).await?;
    unit.commit().await?;
    Ok(PasswordReset { password: made, ended_sessions: ended.len() as u64 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{
        TestApp, Trail, account, administrator, holding, known_again, member, organization, session, user,
    };
    use keystead_domain::access::ADMIN;
    use keystead_store::mocks::MockUnitOfWork;

    fn test(trail: &Trail) -> TestApp {
        let test = TestApp::new();
        let mut read = MockUnitOfWork::new();
        read.users.expect_find().returning(|_, _| Ok(Some(account(9))));
        let mut unit = MockUnitOfWork::new();
        unit.users.expect_set_password_hash().once().returning(|_, _, _| Ok(()));
        known_again(&mut unit, &administrator(PLATFORM, 1));
        unit.memberships.expect_find().returning(|_, _| Ok(None));
        // Writing the hash has raised the version and lifted the duty to change it.
        unit.users.expect_find().returning(|_, _| Ok(Some(User { version: 2, ..account(9) })));
        unit.users.expect_update().once().returning(|_, user| {
            assert!(user.must_change_password && user.version == 2);
            Ok(user.clone())
        });
        unit.sign_in_attempts.expect_clear().once().returning(|_| Ok(()));
        unit.sessions.expect_revoke_all().once().returning(|_, except, _, _| {
            assert_eq!(except, None);
            Ok(vec![session(1)])
        });
        trail.record(&mut unit);
        test.platform_role(9, None).unit(read).unit(unit);
        test
    }

    #[tokio::test]
    async fn the_platform_makes_up_a_password_that_must_be_changed() {
        let trail = Trail::default();
        let input = ResetPassword { user: user(9), password: None };
        let reset = reset_password(&test(&trail).build(), &administrator(PLATFORM, 1), input).await.unwrap();
        assert_eq!((reset.password.is_some(), reset.ended_sessions), (true, 1));
        assert_eq!(trail.only().event_type, "password.reset");
    }

    #[tokio::test]
    async fn a_given_password_is_not_shown_again_and_must_be_hard_to_guess() {
        let reset = async |password: &str| {
            let input = ResetPassword { user: user(9), password: Some(password.to_owned()) };
            reset_password(&test(&Trail::default()).build(), &administrator(PLATFORM, 1), input).await
        };
        assert!(reset("correct horse battery").await.unwrap().password.is_none());
        assert_eq!(weak().await.fields[0].field, "password");
    }

    async fn weak() -> Error {
        let test = TestApp::new();
        let mut read = MockUnitOfWork::new();
        read.users.expect_find().returning(|_, _| Ok(Some(account(9))));
        test.platform_role(9, None).unit(read);
        let input = ResetPassword { user: user(9), password: Some("1234567890".to_owned()) };
        reset_password(&test.build(), &administrator(PLATFORM, 1), input).await.unwrap_err()
    }

    #[tokio::test]
    async fn who_lost_the_right_while_the_password_was_hashed_cannot() {
        let removed = holding(administrator(PLATFORM, 1), vec![]);
        for (ended, expected) in [(false, ErrorKind::NotFound), (true, ErrorKind::Unauthenticated)] {
            let test = TestApp::new();
            let mut read = MockUnitOfWork::new();
            read.users.expect_find().returning(|_, _| Ok(Some(account(9))));
            let mut unit = MockUnitOfWork::new();
            unit.users.expect_set_password_hash().once().returning(|_, _, _| Ok(()));
            if ended {
                unit.sessions.expect_caller().once().return_once(|_, _, _, _| Ok(None));
            } else {
                known_again(&mut unit, &removed);
            }
            let journal = test.platform_role(9, None).unit(read).unit(unit).journal();
            let input = ResetPassword { user: user(9), password: None };
            let error = reset_password(&test.build(), &administrator(PLATFORM, 1), input).await.unwrap_err();
            assert_eq!((error.kind, journal.commits()), (expected, 0));
        }
    }

    #[tokio::test]
    async fn nobody_resets_their_own() {
        let (test, input) = (TestApp::new(), ResetPassword { user: user(1), password: None });
        test.platform_role(1, Some(ADMIN));
        let error = reset_password(&test.build(), &administrator(PLATFORM, 1), input).await.unwrap_err();
        assert_eq!((error.kind, error.code), (ErrorKind::Forbidden, "own_password"));
    }

    #[tokio::test]
    async fn an_organizations_administrator_cannot() {
        let app = TestApp::new().build();
        for caller in [administrator(organization(1), 1), member(1, 7)] {
            let input = ResetPassword { user: user(9), password: None };
            assert_eq!(reset_password(&app, &caller, input).await.unwrap_err().kind, ErrorKind::NotFound);
        }
    }
}
