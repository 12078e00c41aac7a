//! Signing in with a password.

use super::{
    AccessToken,
    access_token::{Holder, issue_access_token},
    account_key,
    new_session::NewSession,
    sign_in_refused::{Obstacle, Refusal},
};
use crate::{
    App,
    audit::{self, Event},
    keys::current_signing_key,
};
use keystead_domain::{
    Caller, Json, PLATFORM, Result, Scope,
    accounts::{Login, Password, PasswordHash, User, UserStatus},
    bounded_json,
    sessions::Session,
};
use keystead_store::LoginAccount;
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
/// Whatever is wrong (no such account, wrong password, account shut, network or account locked) the answer, the hashing
/// and the statements are the same. The password is checked outside of any transaction.
///
/// # Errors
/// `Unauthenticated` with code `wrong_credentials`; `Invalid` for a password or a description of the device that is too
/// long; `Busy` when too many passwords wait to be hashed.
pub async fn sign_in(app: &App, caller: &Caller, input: SignIn) -> Result<SignedIn> {
    let password = Password::presented(input.password)?;
    let device_info = input.device_info.unwrap_or_else(|| Json::Object(serde_json::Map::new()));
    let device_info = bounded_json("device_info", device_info, 4096)?;
    let login = Login::parse(&input.login);
    let macs = app.keys.macs();
    let network = macs.network_hash(caller.context.client_ip);
    let unknown_key = macs.unknown_account_key(&login);
    let now = app.now();
    let state = app.store.find_login(&login, &unknown_key, &network, now).await?;

    let obstacle = Obstacle::of(&state, now);
    let stored = state.account.as_ref().map(|account| account.password_hash.clone());
    // Where the sign-in is refused anyway, a right password must not cost the making of a new hash.
    let verdict = match obstacle {
        None => app.passwords.verify_and_rehash(password, stored).await?,
        Some(_) => app.passwords.verify(password, stored).await?,
    };
    if let Some(why) = verdict.unusable {
        tracing::warn!(user = ?state.account.as_ref().map(|account| account.user_id), %why, "a stored password hash cannot be used");
    }
    let obstacle = obstacle.or((!verdict.matches).then_some(Obstacle::WrongPassword));
    let refusal = Refusal { state: &state, unknown_key: &unknown_key, network: &network };
    let (None, Some(account)) = (obstacle, &state.account) else {
        return Err(refusal.record(app, caller, obstacle.unwrap_or(Obstacle::UnknownLogin)).await?);
    };
    match open(app, caller, account, &network, verdict.rehashed, device_info).await? {
        Some(signed_in) => {
            metrics::counter!("keystead_sign_ins_total", "outcome" => "success").increment(1);
            Ok(signed_in)
        }
        None => Err(refusal.record(app, caller, Obstacle::WrongPassword).await?),
    }
}

/// Opens the session in one transaction; none when the account was shut or its password changed since it was read.
async fn open(
    app: &App,
    caller: &Caller,
    account: &LoginAccount,
    network: &[u8],
    rehashed: Option<PasswordHash>,
    device_info: Json,
) -> Result<Option<SignedIn>> {
    let signing_key = current_signing_key(app).await?;
    let user_id = account.user_id;
    // Without any membership a person still has their own account and sessions; in the platform they hold no role.
    let organization = account.organization_id.unwrap_or(PLATFORM);
    let now = app.now();
    let unit = app.store.begin(Scope::person(organization, user_id)).await?;
    // The account's row comes first: a change of the password or a disabling at the same moment waits for this
    // transaction and then ends the new session, or this one waits for it and then sees what it did.
    unit.users().record_sign_in(user_id, now).await?;
    let user = unit.users().find_own(user_id).await?;
    let hash = unit.users().password_hash(user_id).await?;
    let unchanged = hash.is_some_and(|hash| hash.expose() == account.password_hash.expose());
    let Some(mut user) = user.filter(|user| user.status == UserStatus::Active && unchanged) else {
        return Ok(None);
    };
    if let Some(hash) = rehashed {
        // Writing a hash lifts the duty to change the password; a silent rehash must not.
        let must_change_password = user.must_change_password;
        unit.users().set_password_hash(user_id, &hash, None).await?;
        user.version += 1;
        if must_change_password {
            user = unit.users().update(organization, &user).await?;
        }
    }
    unit.sign_in_attempts().record_success(&account_key(user_id), network, now).await?;
    let roles = unit.roles().held_by(organization, user_id).await?;
    let new = NewSession::by_password(app, user_id, organization, &caller.context, device_info);
    unit.sessions().insert(&new.session, &new.family).await?;
    let event = Event::new(caller, "session.created", "sessions")
        .acting(user_id, Some(new.session.id))
        .resource(new.session.id)
        .subject(user_id)
        .data(serde_json::json!({ "method": "password" }));
    audit::append(&*unit, app, organization, vec![event]).await?;
    unit.commit().await?;

    let holder = Holder {
        user: user_id,
        session: new.session.id,
        organization,
        roles: roles.into_iter().map(|role| role.name).collect(),
        session_ends: new.session.expires_at,
    };
    let access_token = issue_access_token(app, &signing_key, holder)?;
    Ok(Some(SignedIn { access_token, refresh_token: new.refresh_token.to_text(), session: new.session, user }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, Trail, account, anonymous, hashed, now, organization, user};
    use keystead_crypto::passwords::{HashSettings, hash};
    use keystead_domain::{
        Error, ErrorKind, SeededRandom, Timestamp,
        audit::{AuditEvent, Outcome, Severity},
    };
    use keystead_store::{
        LoginState,
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

    /// Signs in against `state`, which must be refused; returns the answer, the steps and the recorded event.
    async fn refused(state: LoginState, password: &str, locks: bool) -> (Error, Vec<Step>, AuditEvent) {
        let (mut test, trail) = (TestApp::new(), Trail::default());
        test.store.answers.expect_find_login().once().return_once(|_, _, _, _| Ok(state));
        let mut unit = MockUnitOfWork::new();
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
    async fn the_failure_that_locks_is_critical() {
        let (_, _, event) = refused(state(), "wrong password", true).await;
        assert_eq!((event.severity, &event.event_data["locks"]), (Severity::Critical, &Json::Bool(true)));
    }

    fn accepting(trail: &Trail, stored: PasswordHash, found: User) -> MockUnitOfWork {
        let mut unit = MockUnitOfWork::new();
        unit.users.expect_record_sign_in().once().returning(|_, _| Ok(()));
        unit.users.expect_find_own().once().return_once(|_| Ok(Some(found)));
        unit.users.expect_password_hash().once().return_once(|_| Ok(Some(stored)));
        unit.sign_in_attempts.expect_record_success().times(0..=1).returning(|_, _, _| Ok(()));
        unit.roles.expect_held_by().times(0..=1).returning(|_, _| Ok(vec![]));
        unit.sessions.expect_insert().times(0..=1).returning(|session, family| {
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
        let journal = test.unit(accepting(&trail, hashed(RIGHT), account(7))).journal();
        let app = test.build();
        let signed_in = sign_in(&app, &anonymous(), input(RIGHT)).await.unwrap();
        assert_eq!(signed_in.access_token.expires_in, 600);
        let claims =
            crate::keys::verify_access_token(&app, signed_in.access_token.token.expose_secret()).await.unwrap();
        assert_eq!((claims.sub, claims.sid, claims.org), (user(7), signed_in.session.id, organization(1)));
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
        test.store.answers.expect_find_login().return_once(|_, _, _, _| Ok(state));
        test.unit(accepting(&trail, hashed(RIGHT), account(7)));
        assert!(sign_in(&test.build(), &anonymous(), input(RIGHT)).await.is_ok());
    }

    #[tokio::test]
    async fn a_password_changed_meanwhile_is_a_wrong_one() {
        let (mut test, trail) = (TestApp::new(), Trail::default());
        test.store.answers.expect_find_login().returning(|_, _, _, _| Ok(state()));
        test.unit(accepting(&Trail::default(), hashed("the new password"), account(7)));
        let mut unit = MockUnitOfWork::new();
        unit.sign_in_attempts.expect_record_failure().once().returning(|_| Ok(false));
        trail.record(&mut unit);
        let journal = test.unit(unit).journal();
        let error = sign_in(&test.build(), &anonymous(), input(RIGHT)).await.unwrap_err();
        assert_eq!((error.code, journal.commits()), ("wrong_credentials", 1));
        assert!(journal.steps().contains(&Step::RolledBack));
    }

    #[tokio::test]
    async fn an_outdated_hash_is_replaced_and_the_duty_to_change_stays() {
        let (mut test, trail) = (TestApp::new(), Trail::default());
        let bcrypt = hash(RIGHT.as_bytes(), &HashSettings::bcrypt(4).unwrap(), &SeededRandom::new(3)).unwrap();
        let bcrypt = PasswordHash::new(bcrypt);
        let outdated = bcrypt.clone();
        let state = with(|_, account| account.password_hash = outdated);
        test.store.answers.expect_find_login().return_once(|_, _, _, _| Ok(state));
        let mut unit = accepting(&trail, bcrypt, User { must_change_password: true, ..account(7) });
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
