//! A person changes their own password.

use super::check_new_password;
use crate::{
    App,
    accounts::hints,
    audit::{self, Event},
    sessions::{account_key, signed_in},
};
use keystead_domain::{
    Caller, Error, ErrorKind, Result,
    accounts::{Login, Password, User},
    audit::{Outcome, Severity},
    sessions::RevokedReason,
};
use keystead_store::FailedAttempt;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The old and the new one.
#[derive(Clone)]
pub struct ChangePassword {
    /// The password that counts now.
    pub current_password: String,
    /// The one that is to count: see [`check_new_password`].
    pub new_password: String,
}

/// What the change did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordChanged {
    /// How many other sessions were ended; the current one goes on.
    pub ended_sessions: u64,
}

/// Changes the caller's own password and ends their other sessions. It is allowed although the password must be changed.
///
/// Wrong current passwords count like failed sign-ins: whoever finds an open session cannot go on guessing.
///
/// # Errors
/// `Unauthenticated`; `Invalid` on `current_password` or `new_password`; `Forbidden` with code `locked` after too many
/// wrong ones; `Busy` when too many passwords wait to be hashed.
pub async fn change_password(app: &App, caller: &Caller, input: ChangePassword) -> Result<PasswordChanged> {
    let me = signed_in(caller)?;
    let unit = app.store.read(caller.scope()).await?;
    let user = unit.users().find_own(me).await?.ok_or_else(Error::unauthenticated)?;
    drop(unit);
    if input.new_password == input.current_password {
        return Err(Error::invalid("new_password", "must differ from the current one"));
    }
    let current = Password::presented(input.current_password).map_err(|_| wrong())?;
    let new = check_new_password(app, "new_password", input.new_password, &hints(&user)).await?;

    let network = app.keys.macs().network_hash(caller.context.client_ip);
    let login = Login::Username(user.username.clone());
    let state = app.store.find_login(&login, &account_key(me), &network, app.now()).await?;
    let account = state.account.filter(|account| account.user_id == me).ok_or_else(Error::unauthenticated)?;
    if state.network_locked_until.is_some_and(|until| until > app.now()) {
        return Err(Error::new(ErrorKind::Forbidden, "locked", "Too many wrong passwords: wait a quarter of an hour."));
    }
    if !app.passwords.verify(current, Some(account.password_hash)).await?.matches {
        return Err(refuse(app, caller, &user, &network).await?);
    }
    let hash = app.passwords.hash(new).await?;

    let now = app.now();
    let unit = app.store.begin(caller.scope()).await?;
    // The account's row is written first: a sign-in at the same moment waits for it, and then sees the new hash.
    unit.users().set_password_hash(me, &hash, Some(now)).await?;
    let ended = unit.sessions().revoke_all(me, caller.session_id, RevokedReason::PasswordChanged, now).await?;
    let event = Event::new(caller, "password.changed", "users")
        .resource(me)
        .subject(me)
        .data(json!({ "ended_sessions": ended.len() }));
    audit::append(&*unit, app, caller.organization_id, vec![event]).await?;
    unit.commit().await?;
    Ok(PasswordChanged { ended_sessions: ended.len() as u64 })
}

fn wrong() -> Error {
    Error::invalid("current_password", "is not your password")
}

async fn refuse(app: &App, caller: &Caller, user: &User, network: &[u8]) -> Result<Error> {
    let attempt = FailedAttempt {
        account_key: account_key(user.id),
        user: Some(user.id),
        network_hash: network.to_vec(),
        now: app.now(),
        policy: app.settings.lock,
    };
    let unit = app.store.begin(caller.scope()).await?;
    let locks = unit.sign_in_attempts().record_failure(&attempt).await?;
    let event = Event::new(caller, "password.change_refused", "users")
        .resource(user.id)
        .subject(user.id)
        .outcome(Outcome::Failure)
        .severity(if locks { Severity::Critical } else { Severity::Warning })
        .data(json!({ "reason": "wrong_password", "locks": locks }));
    audit::append(&*unit, app, caller.organization_id, vec![event]).await?;
    unit.commit().await?;
    Ok(wrong())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, Trail, account, hashed, member, now, organization, session, user};
    use keystead_domain::{Timestamp, accounts::UserStatus};
    use keystead_store::{LoginAccount, LoginState, mocks::MockUnitOfWork};

    const OLD: &str = "the old password";

    fn test(locked_until: Option<Timestamp>) -> TestApp {
        let mut test = TestApp::new();
        let mut read = MockUnitOfWork::new();
        read.users.expect_find_own().returning(|_| Ok(Some(account(7))));
        test.unit(read);
        test.store.answers.expect_find_login().returning(move |login, _, _, _| {
            assert_eq!(login.key(), "username:person-7");
            let account = LoginAccount {
                user_id: user(7),
                password_hash: hashed(OLD),
                status: UserStatus::Active,
                locked_until: None,
                organization_id: Some(organization(1)),
            };
            Ok(LoginState { account: Some(account), network_locked_until: locked_until, network_known: true })
        });
        test
    }

    async fn change(test: TestApp, current: &str, new: &str) -> Result<PasswordChanged> {
        let input = ChangePassword { current_password: current.to_owned(), new_password: new.to_owned() };
        change_password(&test.build(), &member(1, 7), input).await
    }

    #[tokio::test]
    async fn the_other_sessions_end_and_the_caller_is_told() {
        let (test, trail) = (test(None), Trail::default());
        let mut unit = MockUnitOfWork::new();
        let mut order = mockall::Sequence::new();
        unit.users.expect_set_password_hash().once().in_sequence(&mut order).returning(|_, _, changed_at| {
            assert_eq!(changed_at, Some(now()));
            Ok(())
        });
        unit.sessions.expect_revoke_all().once().in_sequence(&mut order).returning(|_, except, _, _| {
            assert_eq!(except, Some(session(7)));
            Ok(vec![session(1), session(2)])
        });
        trail.record(&mut unit);
        let journal = test.unit(unit).journal();
        let changed = change(test, OLD, "purple monkey dishwasher").await.unwrap();
        assert_eq!((changed.ended_sessions, journal.commits()), (2, 1));
        assert_eq!(trail.only().event_type, "password.changed");
    }

    #[tokio::test]
    async fn a_wrong_current_password_counts_like_a_failed_sign_in() {
        let (test, trail) = (test(None), Trail::default());
        let mut unit = MockUnitOfWork::new();
        unit.sign_in_attempts.expect_record_failure().once().returning(|attempt| {
            assert_eq!(attempt.account_key, format!("user:{}", user(7)));
            Ok(true)
        });
        trail.record(&mut unit);
        let journal = test.unit(unit).journal();
        let error = change(test, "not the old one", "purple monkey dishwasher").await.unwrap_err();
        assert_eq!((error.fields[0].field.as_str(), journal.commits()), ("current_password", 1));
        assert_eq!(trail.only().severity, Severity::Critical);
    }

    #[tokio::test]
    async fn a_locked_network_cannot_go_on_guessing() {
        let error = change(test(Some(now().plus_seconds(1))), OLD, "purple monkey dishwasher").await.unwrap_err();
        assert_eq!(error.code, "locked");
    }

    #[tokio::test]
    async fn the_new_one_must_be_new_and_hard_to_guess() {
        for new in [OLD, "person-7", "1234567890"] {
            assert_eq!(change(test(None), OLD, new).await.unwrap_err().fields[0].field, "new_password");
        }
    }
}
