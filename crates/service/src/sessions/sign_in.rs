//! Signing in with a password.

use super::{
    AccessToken,
    access_token::{Holder, issue_access_token},
    attempt::{Admitted, Attempt},
    new_session::NewSession,
};
use crate::{
    App,
    audit::{self, Event},
    keys::{KeyOwner, current_signing_key, data_key_is_committed},
    passwords::hashing,
};
use keystead_domain::{
    Caller, Error, ErrorKind, Json, Result,
    accounts::{Login, Password, PasswordHash, User},
    bounded_json,
    sessions::Session,
};
use keystead_store::UnitOfWork;
use secrecy::SecretString;

/// What a person shows to sign in.
#[derive(Clone)]
pub struct SignIn {
    /// A username or an address.
    pub login: String,
    /// The password.
    pub password: String,
    /// What the client says about its device: a JSON object of at most 4 KiB.
    pub device_info: Option<Json>,
}

/// A new session.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The first access token.
    pub access_token: AccessToken,
    /// The first refresh token.
    pub refresh_token: SecretString,
    /// The session.
    pub session: Session,
    /// The account. Where `must_change_password` is set, nothing else is allowed before.
    pub user: User,
}

/// Signs a person in.
///
/// Whatever is wrong (no such account, wrong password, account shut, network or account locked, before the hash or since) the
/// answer, the hashing and the statements are the same. The password is checked outside of any transaction.
///
/// # Errors
/// `Unauthenticated` with code `wrong_credentials`; `Invalid` for a password or a description of the device that is too
/// long; `Busy` when too many passwords wait to be hashed.
pub async fn sign_in(app: &App, caller: &Caller, input: SignIn) -> Result<SignedIn> {
    let password = Password::presented(input.password)?;
    let device_info = input.device_info.unwrap_or_else(|| Json::Object(serde_json::Map::new()));
    let device_info = bounded_json("device_info", device_info, 4096)?;
    let attempt = Attempt::new(app, caller, Login::parse(&input.login)).await?;

    let stored = attempt.account().map(|account| account.password_hash.clone());
    // Where the sign-in is refused anyway, a right password must not cost the making of a new hash.
    let verdict = match attempt.obstacle() {
        None => hashing(app, caller).verify_and_rehash(password, stored).await?,
        Some(_) => hashing(app, caller).verify(password, stored).await?,
    };
    if let Some(why) = verdict.unusable {
        tracing::warn!(user = ?attempt.account().map(|account| account.user_id), %why, "a stored password hash cannot be used");
    }
    // It may have to be made, which is no work for within a transaction.
    let signing_key = current_signing_key(app).await?;
    let unit = app.store.begin(attempt.scope()).await?;
    let Admitted { user, roles } = match attempt.judge(app, &*unit, verdict.matches).await? {
        Ok(admitted) => admitted,
        Err(obstacle) => {
            let event = Event::new(caller, "session.refused", "sessions");
            attempt.fail(app, &*unit, event, obstacle).await?;
            unit.commit().await?;
            metrics::counter!("keystead_sign_ins_total", "outcome" => "refused").increment(1);
            return Err(refused());
        }
    };
    let (user, new) = open(app, caller, &*unit, &attempt, user, verdict.rehashed, device_info).await?;
    unit.commit().await?;
    if audit::tells_client(&caller.context) {
        data_key_is_committed(app, KeyOwner::Person(user.id));
    }
    metrics::counter!("keystead_sign_ins_total", "outcome" => "success").increment(1);

    let holder = Holder {
        user: user.id,
        session: new.session.id,
        organization: new.session.organization_id,
        roles,
        session_ends: new.session.expires_at,
    };
    let access_token = issue_access_token(app, &signing_key, holder)?;
    Ok(SignedIn { access_token, refresh_token: new.refresh_token.to_text(), session: new.session, user })
}

/// Opens the session of the person, whose account's row the transaction has taken: a change of the password or a disabling at
/// the same moment waits for it and then ends the new session.
async fn open(
    app: &App,
    caller: &Caller,
    unit: &dyn UnitOfWork,
    attempt: &Attempt,
    user: User,
    rehashed: Option<PasswordHash>,
    device_info: Json,
) -> Result<(User, NewSession)> {
    let (organization, now) = (attempt.organization(), app.now());
    let (user_id, mut user) = (user.id, user.signed_in(now));
    unit.users().record_sign_in(&user).await?;
    if let Some(hash) = rehashed {
        // Writing a hash lifts the duty to change the password; a silent rehash must not.
        let must_change_password = user.must_change_password;
        unit.users().set_password_hash(user_id, &hash, None).await?;
        user.version += 1;
        if must_change_password {
            user = unit.users().update(organization, &user).await?;
        }
    }
    attempt.succeed(unit, user_id, now).await?;
    let new = NewSession::by_password(app, user_id, organization, &caller.context, device_info);
    unit.sessions().insert(&new.session, &new.family).await?;
    let event = Event::new(caller, "session.created", "sessions")
        .acting(user_id, Some(new.session.id))
        .resource(new.session.id)
        .subject(user_id)
        .data(serde_json::json!({ "method": "password" }));
    audit::append(unit, app, organization, vec![event]).await?;
    Ok((user, new))
}

fn refused() -> Error {
    Error::new(
        ErrorKind::Unauthenticated,
        "wrong_credentials",
        "The login or the password is wrong. After too many tries, wait a quarter of an hour.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, Trail, account, anonymous, hashed, now, organization, user};
    use keystead_crypto::passwords::{HashSettings, hash};
    use keystead_domain::{
        PLATFORM, Scope, SeededRandom, Timestamp,
        accounts::UserStatus,
        audit::{AuditEvent, Outcome, Severity},
    };
    use keystead_store::{
        LoginAccount, LoginState, TakenLogin,
        mocks::{MockUnitOfWork, Step},
    };
    use secrecy::ExposeSecret;

    const RIGHT: &str = "correct horse battery";

    /// The state of an account whose password is [`RIGHT`].
    fn state() -> LoginState {
        let account = LoginAccount {
            user_id: user(7),
            password_hash: hashed(RIGHT),
            status: UserStatus::Active,
            locked_until: None,
            organization_id: Some(organization(1)),
        };
        LoginState { account: Some(account), network_locked_until: None, network_known: false }
    }

    fn input(password: &str) -> SignIn {
        SignIn { login: "person-7".to_owned(), password: password.to_owned(), device_info: None }
    }

    fn with(change: impl FnOnce(&mut LoginState, &mut LoginAccount)) -> LoginState {
        let mut state = state();
        let mut account = state.account.take().unwrap();
        change(&mut state, &mut account);
        LoginState { account: Some(account), ..state }
    }

    fn later() -> Option<Timestamp> {
        Some(now().plus_seconds(60))
    }

    /// A unit of work in which the account's row is taken and `state` found.
    fn finding(state: LoginState) -> MockUnitOfWork {
        let user = state.account.as_ref().map(|_| account(7));
        taking(TakenLogin { state, user, roles: vec!["user".to_owned()] })
    }

    /// A unit of work in which the account's row is taken and `taken` found.
    fn taking(taken: TakenLogin) -> MockUnitOfWork {
        let mut unit = MockUnitOfWork::new();
        unit.sign_in_attempts.expect_take_login().once().return_once(|person, login, _, network, _| {
            assert_eq!((login.key(), network.len()), ("username:person-7".to_owned(), 32));
            assert!(person.is_none_or(|person| person == user(7)));
            Ok(taken)
        });
        unit
    }

    /// Signs in against `state`, which must be refused; returns the answer, the steps and the recorded event.
    async fn refused(state: LoginState, password: &str, locks: bool) -> (Error, Vec<Step>, AuditEvent) {
        refused_since(state.clone(), state, password, locks).await
    }

    /// The same against `before`, of which `after` has become while the password was hashed.
    async fn refused_since(
        before: LoginState,
        after: LoginState,
        password: &str,
        locks: bool,
    ) -> (Error, Vec<Step>, AuditEvent) {
        let (mut test, trail) = (TestApp::new(), Trail::default());
        test.store.answers.expect_find_login().once().return_once(|_, _, _, _| Ok(before));
        let mut unit = finding(after);
        unit.sign_in_attempts.expect_record_failure().once().returning(move |attempt| {
            assert_eq!(attempt.user.is_some(), attempt.account_key.starts_with("user:"));
            Ok(locks)
        });
        trail.record(&mut unit);
        let journal = test.unit(unit).journal();
        let app = test.build();
        let error = sign_in(&app, &anonymous(), input(password)).await.unwrap_err();
        // The answer arrives just before it is counted.
        while app.passwords.running() > 0 || app.passwords.completed() == 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(app.passwords.completed(), 1, "every refusal pays for exactly one hash");
        (error, journal.steps(), trail.only())
    }

    #[tokio::test]
    async fn every_refusal_gives_the_same_answer_after_the_same_work() {
        let cases = [
            (LoginState::default(), RIGHT, "unknown_login"),
            (state(), "wrong password", "wrong_password"),
            (with(|_, account| account.status = UserStatus::Disabled), RIGHT, "not_active"),
            (with(|_, account| account.status = UserStatus::Pending), RIGHT, "not_active"),
            (with(|state, _| state.network_locked_until = later()), RIGHT, "locked"),
            (with(|_, account| account.locked_until = later()), RIGHT, "locked"),
            (with(|_, account| account.locked_until = later()), "wrong password", "locked"),
        ];
        for (state, password, reason) in cases {
            let place = state.account.as_ref().map_or(PLATFORM, |_| organization(1));
            let person = state.account.as_ref().map(|account| account.user_id);
            let (error, steps, event) = refused(state, password, false).await;
            assert_eq!((error.kind, error.code), (ErrorKind::Unauthenticated, "wrong_credentials"), "{reason}");
            let scope = Scope { organization: Some(place), user: person };
            assert_eq!(steps, [Step::Begin(scope), Step::Commit], "{reason}");
            assert_eq!(event.event_data["reason"], reason);
            assert_eq!((event.outcome, event.severity), (Outcome::Failure, Severity::Warning));
            assert_eq!((event.user_id, event.subject_user_id), (None, person));
        }
    }

    #[tokio::test]
    async fn what_came_while_the_password_was_hashed_counts() {
        let others = with(|_, account| account.password_hash = hashed("the new password"));
        let cases = [
            (with(|state, _| state.network_locked_until = later()), "locked"),
            (with(|_, account| account.locked_until = later()), "locked"),
            (with(|_, account| account.status = UserStatus::Disabled), "not_active"),
            (others, "changed_meanwhile"),
            (LoginState::default(), "unknown_login"),
        ];
        let (expected, steps, _) = refused(state(), "wrong password", false).await;
        for (after, reason) in cases {
            let seen = refused_since(state(), after, RIGHT, false).await;
            assert_eq!((seen.0.code, &seen.0.message, &seen.1), (expected.code, &expected.message, &steps), "{reason}");
            assert_eq!(seen.2.event_data["reason"], reason);
        }
    }

    #[tokio::test]
    async fn the_failure_that_locks_is_critical() {
        let (_, _, event) = refused(state(), "wrong password", true).await;
        assert_eq!((event.severity, &event.event_data["locks"]), (Severity::Critical, &Json::Bool(true)));
    }

    fn accepting(trail: &Trail, state: LoginState, found: User) -> MockUnitOfWork {
        let after = found.clone().signed_in(now());
        let mut unit = taking(TakenLogin { state, user: Some(found), roles: vec!["user".to_owned()] });
        unit.users.expect_record_sign_in().once().return_once(move |user| {
            assert_eq!(*user, after);
            Ok(())
        });
        unit.sign_in_attempts.expect_record_success().once().returning(|key, network, _| {
            assert_eq!((key, network.len()), (format!("user:{}", user(7)).as_str(), 32));
            Ok(())
        });
        unit.sessions.expect_insert().once().returning(|session, family| {
            assert_eq!((session.id, family.generation), (family.session_id, 1));
            assert_eq!(session.client_ip.as_deref(), Some("192.0.2.7"));
            Ok(())
        });
        trail.record(&mut unit);
        unit
    }

    #[tokio::test]
    async fn the_right_password_opens_a_session() {
        let (mut test, trail) = (TestApp::new(), Trail::default());
        test.store.answers.expect_find_login().once().returning(|login, unknown, network, _| {
            assert_eq!(login.key(), "username:person-7");
            assert_eq!((unknown.len(), network.len()), (70, 32));
            Ok(state())
        });
        let journal = test.unit(accepting(&trail, state(), account(7))).journal();
        let app = test.build();
        let signed_in = sign_in(&app, &anonymous(), input(RIGHT)).await.unwrap();
        assert_eq!(signed_in.access_token.expires_in, 600);
        let claims =
            crate::keys::verify_access_token(&app, signed_in.access_token.token.expose_secret()).await.unwrap();
        assert_eq!((claims.sub, claims.sid, claims.org), (user(7), signed_in.session.id, organization(1)));
        assert_eq!((&*claims.roles, signed_in.user.last_login_at), (&["user".to_owned()][..], Some(now())));
        assert!(signed_in.refresh_token.expose_secret().starts_with("ksr_"));
        assert_eq!(journal.steps(), [Step::Begin(Scope::person(organization(1), user(7))), Step::Commit]);
        let event = trail.only();
        assert_eq!(
            (event.event_type.as_str(), event.user_id, event.caller_kind.as_str()),
            ("session.created", Some(user(7)), "user")
        );
    }

    #[tokio::test]
    async fn a_lock_of_the_account_spares_a_known_network() {
        let (mut test, trail) = (TestApp::new(), Trail::default());
        let state = with(|state, account| {
            state.network_known = true;
            account.locked_until = later();
        });
        let again = state.clone();
        test.store.answers.expect_find_login().return_once(|_, _, _, _| Ok(state));
        test.unit(accepting(&trail, again, account(7)));
        assert!(sign_in(&test.build(), &anonymous(), input(RIGHT)).await.is_ok());
    }

    #[tokio::test]
    async fn an_outdated_hash_is_replaced_and_the_duty_to_change_stays() {
        let (mut test, trail) = (TestApp::new(), Trail::default());
        let bcrypt = hash(RIGHT.as_bytes(), &HashSettings::bcrypt(4).unwrap(), &SeededRandom::new(3)).unwrap();
        let bcrypt = PasswordHash::new(bcrypt);
        let state = with(|_, account| account.password_hash = bcrypt);
        let again = state.clone();
        test.store.answers.expect_find_login().return_once(|_, _, _, _| Ok(state));
        let mut unit = accepting(&trail, again, User { must_change_password: true, ..account(7) });
        unit.users.expect_set_password_hash().once().returning(|_, hash, changed_at| {
            assert!(hash.expose().starts_with("$argon2id$") && changed_at.is_none());
            Ok(())
        });
        unit.users.expect_update().once().returning(|_, user| {
            assert!(user.must_change_password && user.version == 2);
            Ok(User { version: 3, ..user.clone() })
        });
        test.unit(unit);
        let signed_in = sign_in(&test.build(), &anonymous(), input(RIGHT)).await.unwrap();
        assert_eq!(signed_in.user.version, 3);
    }
}
