//! A person changes their own password.

use super::{check_new_password, hashing};
use crate::{
    App,
    accounts::hints,
    audit::{self, Event},
    sessions::{Attempt, Obstacle, signed_in},
};
use keystead_domain::{
    Caller, Error, ErrorKind, Result, Timestamp, UserId,
    accounts::{Login, Password},
    sessions::RevokedReason,
};
use keystead_store::UnitOfWork;
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
/// Wrong current passwords count like failed sign-ins, on the account and the network: whoever finds an open session or a
/// token cannot go on guessing. Right and wrong ones cost the same, so that a lock that comes meanwhile hides which it was.
///
/// # Errors
/// `Unauthenticated`, also when the session or the password ended while this one was hashed; `Invalid` on
/// `current_password` or `new_password`; `Forbidden` with code `locked` after too many wrong ones; `Busy` when too many
/// passwords wait to be hashed.
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

    let attempt = Attempt::new(app, caller, Login::Username(user.username.clone())).await?;
    if let Some(obstacle) = attempt.obstacle() {
        return Err(answer(obstacle));
    }
    let account = attempt.account().filter(|account| account.user_id == me).ok_or_else(Error::unauthenticated)?;
    let hash = hashing(app, caller).hash(new).await?;
    let matches = hashing(app, caller).verify(current, Some(account.password_hash.clone())).await?.matches;

    let now = app.now();
    let unit = app.store.begin(caller.scope()).await?;
    // Here the account's row is taken. A reset before it has changed the hash and ended the session; one after it waits, and
    // then overwrites what is written here.
    let judged = attempt.judge(app, &*unit, matches).await?;
    if !lives(&*unit, caller, me, now).await? {
        return Err(Error::unauthenticated());
    }
    if let Err(obstacle) = judged {
        let event = Event::new(caller, "password.change_refused", "users").resource(me);
        attempt.fail(app, &*unit, event, obstacle).await?;
        unit.commit().await?;
        return Err(answer(obstacle));
    }
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

/// Whether the caller's session still lives.
async fn lives(unit: &dyn UnitOfWork, caller: &Caller, me: UserId, now: Timestamp) -> Result<bool> {
    let Some(id) = caller.session_id else { return Ok(false) };
    let session = unit.sessions().find(me, id).await?;
    Ok(session.is_some_and(|session| {
        session.revoked_at.is_none() && session.idle_expires_at > now && session.expires_at > now
    }))
}

fn wrong() -> Error {
    Error::invalid("current_password", "is not your password")
}

fn answer(obstacle: Obstacle) -> Error {
    match obstacle {
        Obstacle::WrongPassword => wrong(),
        Obstacle::Locked => {
            Error::new(ErrorKind::Forbidden, "locked", "Too many wrong passwords: wait a quarter of an hour.")
        }
        Obstacle::UnknownLogin | Obstacle::NotActive | Obstacle::Changed => Error::unauthenticated(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, Trail, account, hashed, live_session, member, now, organization, session, user};
    use keystead_domain::{
        accounts::UserStatus,
        audit::{AuditEvent, Severity},
        sessions::Session,
    };
    use keystead_store::{LoginAccount, LoginState, TakenLogin, mocks::MockUnitOfWork};

    const OLD: &str = "the old password";
    const NEW: &str = "purple monkey dishwasher";

    fn state() -> LoginState {
        let account = LoginAccount {
            user_id: user(7),
            password_hash: hashed(OLD),
            status: UserStatus::Active,
            locked_until: None,
            organization_id: Some(organization(1)),
        };
        LoginState { account: Some(account), network_locked_until: None, network_known: false }
    }

    fn with(change: impl FnOnce(&mut LoginState, &mut LoginAccount)) -> LoginState {
        let mut state = state();
        let mut account = state.account.take().unwrap();
        change(&mut state, &mut account);
        LoginState { account: Some(account), ..state }
    }

    fn later() -> Option<Timestamp> {
        Some(now().plus_seconds(1))
    }

    fn test(state: LoginState) -> TestApp {
        let mut test = TestApp::new();
        let mut read = MockUnitOfWork::new();
        read.users.expect_find_own().returning(|_| Ok(Some(account(7))));
        test.unit(read);
        test.store.answers.expect_find_login().return_once(move |login, _, _, _| {
            assert_eq!(login.key(), "username:person-7");
            Ok(state)
        });
        test
    }

    /// A unit of work that finds `state` and the caller's session.
    fn finding(state: LoginState, session: Option<Session>) -> MockUnitOfWork {
        let mut unit = MockUnitOfWork::new();
        unit.sign_in_attempts.expect_take_login().once().return_once(|person, _, _, _, _| {
            assert_eq!(person, Some(user(7)));
            Ok(TakenLogin { state, user: Some(account(7)), roles: Vec::new() })
        });
        unit.sessions.expect_find().once().return_once(|_, _| Ok(session));
        unit
    }

    async fn change(test: TestApp, current: &str, new: &str) -> Result<PasswordChanged> {
        let input = ChangePassword { current_password: current.to_owned(), new_password: new.to_owned() };
        change_password(&test.build(), &member(1, 7), input).await
    }

    #[tokio::test]
    async fn the_other_sessions_end_and_the_caller_is_told() {
        let (test, trail) = (test(state()), Trail::default());
        let mut unit = finding(state(), Some(live_session(7)));
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
        let changed = change(test, OLD, NEW).await.unwrap();
        assert_eq!((changed.ended_sessions, journal.commits()), (2, 1));
        assert_eq!(trail.only().event_type, "password.changed");
    }

    /// A change that is refused and counted when `state` is found after the hash.
    async fn refused(after: LoginState, current: &str) -> (Error, AuditEvent) {
        let (test, trail) = (test(state()), Trail::default());
        let mut unit = finding(after, Some(live_session(7)));
        unit.sign_in_attempts.expect_record_failure().once().returning(|attempt| {
            assert_eq!(attempt.account_key, format!("user:{}", user(7)));
            Ok(true)
        });
        trail.record(&mut unit);
        let journal = test.unit(unit).journal();
        let error = change(test, current, NEW).await.unwrap_err();
        assert_eq!(journal.commits(), 1);
        (error, trail.only())
    }

    #[tokio::test]
    async fn a_wrong_current_password_counts_like_a_failed_sign_in() {
        let (error, event) = refused(state(), "not the old one").await;
        assert_eq!((error.fields[0].field.as_str(), event.severity), ("current_password", Severity::Critical));
        assert_eq!(event.event_data["reason"], "wrong_password");
    }

    #[tokio::test]
    async fn a_lock_that_came_meanwhile_hides_whether_the_password_was_right() {
        for current in [OLD, "not the old one"] {
            for after in [
                with(|state, _| state.network_locked_until = later()),
                with(|_, account| account.locked_until = later()),
            ] {
                let (error, event) = refused(after, current).await;
                assert_eq!((error.code, &event.event_data["reason"]), ("locked", &json!("locked")));
            }
        }
    }

    #[tokio::test]
    async fn a_reset_that_came_meanwhile_stays() {
        let (error, _) = refused(with(|_, account| account.password_hash = hashed("the reset one")), OLD).await;
        assert_eq!(error.kind, ErrorKind::Unauthenticated);
        let mut over = live_session(7);
        over.revoked_at = Some(now());
        for session in [None, Some(over)] {
            let test = test(state());
            let journal = test.unit(finding(state(), session)).journal();
            assert_eq!(change(test, OLD, NEW).await.unwrap_err().kind, ErrorKind::Unauthenticated);
            assert_eq!(journal.commits(), 0);
        }
    }

    #[tokio::test]
    async fn who_is_locked_out_cannot_go_on_guessing() {
        for state in
            [with(|state, _| state.network_locked_until = later()), with(|_, account| account.locked_until = later())]
        {
            assert_eq!(change(test(state), OLD, NEW).await.unwrap_err().code, "locked");
        }
    }

    #[tokio::test]
    async fn the_new_one_must_be_new_and_hard_to_guess() {
        for new in [OLD, "person-7", "1234567890"] {
            assert_eq!(change(test(state()), OLD, new).await.unwrap_err().fields[0].field, "new_password");
        }
    }
}
