//! Making the next signing key in time.

use super::signing::private_half;
use crate::{
    App,
    access::{Resource, guard},
    audit::{self, Event},
};
use keystead_crypto::signing::{SKEW_SECONDS, SigningKey};
use keystead_domain::{
    Caller, Error, KeyId, PLATFORM, RequestContext, Result, Scope, Timestamp, access::Action,
    keys::SigningKey as StoredKey,
};
use serde::Serialize;
use std::sync::Arc;

/// How far the clocks of two nodes may be apart, in seconds.
const CLOCKS_DIFFER_BY: i64 = 60;

/// What a rotation did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RotateOutput {
    /// `kid` of the key that was made; none when it was not time yet.
    pub created: Option<String>,
    /// When the newest key stops signing.
    pub retires_at: Timestamp,
}

/// Makes the next signing key when the newest one retires soon. The job `rotate_signing_keys` runs it every hour.
///
/// The next key begins where the newest one ends, and is published
/// [`signing_key_ahead_seconds`](crate::ServiceSettings::signing_key_ahead_seconds) before, so that every node
/// and client knows it in time. It stays published until the last token that it signed has expired. When the algorithm
/// was changed, the next key begins as soon as it has been published for that time.
///
/// # Errors
/// As [`guard`]; when the store fails.
pub async fn rotate_signing_keys(app: &App, caller: &Caller) -> Result<RotateOutput> {
    guard(caller, Action::Update, &Resource::installation("signing_keys"))?;
    let _one_at_a_time = app.keys.signing().rotation.lock().await;
    let unit = app.store.begin(Scope { organization: Some(PLATFORM), user: caller.user_id }).await?;
    unit.keys().lock_signing_keys().await?;
    let now = app.now();
    let mut keys = unit.keys().signing_keys(now).await?;
    let newest = keys.iter().max_by_key(|key| key.active_from);
    let Some(active_from) = next_begins(app, newest, now) else {
        let retires_at = newest.map_or(now, |key| key.retires_at);
        drop(unit);
        app.keys.signing().replace(app.keys.master(), keys, now)?;
        return Ok(RotateOutput { created: None, retires_at });
    };
    let key = make(app, active_from, now).await?;
    unit.keys().insert_signing_key(&key).await?;
    let event = Event::new(caller, "signing_key.created", "signing_keys").resource(key.id).data(serde_json::json!({
        "kid": key.kid, "algorithm": key.algorithm, "active_from": key.active_from, "retires_at": key.retires_at,
    }));
    audit::append(&*unit, app, PLATFORM, vec![event]).await?;
    unit.commit().await?;
    let output = RotateOutput { created: Some(key.kid.clone()), retires_at: key.retires_at };
    keys.push(key);
    app.keys.signing().replace(app.keys.master(), keys, now)?;
    Ok(output)
}

/// When the next key begins to sign; none while it need not be made.
fn next_begins(app: &App, newest: Option<&StoredKey>, now: Timestamp) -> Option<Timestamp> {
    let ahead = app.settings.signing_key_ahead_seconds;
    // A key that is needed at once must be in force on a node whose clock is behind, too.
    let at_once = now.plus_seconds(-CLOCKS_DIFFER_BY);
    let Some(newest) = newest else { return Some(at_once) };
    if newest.algorithm != app.settings.signing_algorithm.name() {
        return Some(now.plus_seconds(ahead));
    }
    // Where rotation was missed, there is no time left to publish ahead.
    (newest.retires_at <= now.plus_seconds(ahead)).then(|| newest.retires_at.max(at_once))
}

async fn make(app: &App, active_from: Timestamp, now: Timestamp) -> Result<StoredKey> {
    let settings = &app.settings;
    let algorithm = settings.signing_algorithm;
    // An RSA key takes long enough to make others wait.
    let pair = tokio::task::spawn_blocking(move || SigningKey::generate(algorithm))
        .await
        .map_err(|error| Error::internal(error.to_string()))??;
    let id: KeyId = app.ids.next();
    let retires_at = active_from.plus_seconds(settings.signing_key_seconds);
    Ok(StoredKey {
        id,
        kid: pair.kid().to_owned(),
        algorithm: algorithm.name().to_owned(),
        public_jwk: pair.public().to_json()?,
        private_sealed: app.keys.master().seal(&private_half(id), &pair.to_pkcs8()?, &*app.random)?,
        active_from,
        retires_at,
        expires_at: retires_at.plus_seconds(settings.access_token_seconds + SKEW_SECONDS),
        created_at: now,
    })
}

/// The key that signs now. Where none does (at the first start, or when the rotation was missed), one is made.
pub(crate) async fn current_signing_key(app: &App) -> Result<Arc<SigningKey>> {
    if let Some(key) = app.keys.signing().ring().signer(app.now()) {
        return Ok(key);
    }
    let context =
        RequestContext { correlation_id: "signing-key-needed".to_owned(), source: "job", ..RequestContext::default() };
    rotate_signing_keys(app, &Caller::job(PLATFORM, context)).await?;
    let key = app.keys.signing().ring().signer(app.now());
    key.ok_or_else(|| Error::internal("no signing key is in force although one was made"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        keys::{jwks, reload_signing_keys, verify_access_token},
        sessions::{Holder, issue_access_token},
        testing::{TestApp, Trail, context, now, organization, session, stored_signing_key, user},
    };
    use keystead_domain::FixedClock;
    use keystead_store::mocks::MockUnitOfWork;
    use secrecy::ExposeSecret;
    use std::sync::Mutex;

    const DAY: i64 = 86_400;

    /// A store of signing keys that `units` transactions see.
    fn app(units: usize, inserts: usize) -> (App, Arc<FixedClock>, Arc<Mutex<Vec<StoredKey>>>) {
        let (test, stored) = (TestApp::new(), Arc::new(Mutex::new(Vec::<StoredKey>::new())));
        for number in 0..units {
            let mut unit = MockUnitOfWork::new();
            let (list, inserted) = (Arc::clone(&stored), Arc::clone(&stored));
            unit.keys.expect_lock_signing_keys().returning(|| Ok(()));
            unit.keys.expect_signing_keys().returning(move |now| {
                Ok(list.lock().unwrap().iter().filter(|key| key.expires_at > now).cloned().collect())
            });
            unit.keys.expect_insert_signing_key().times(usize::from(number < inserts)).returning(move |key| {
                inserted.lock().unwrap().push(key.clone());
                Ok(())
            });
            Trail::default().record(&mut unit);
            test.unit(unit);
        }
        let clock = Arc::clone(&test.clock);
        (test.build(), clock, stored)
    }

    fn job() -> Caller {
        Caller::job(PLATFORM, context())
    }

    fn token(app: &App, key: &SigningKey) -> String {
        let (user, session, organization) = (user(7), session(7), organization(1));
        let holder =
            Holder { user, session, organization, roles: vec![], session_ends: app.now().plus_seconds(86_400) };
        issue_access_token(app, key, holder).unwrap().token.expose_secret().to_owned()
    }

    #[tokio::test]
    async fn keys_overlap_and_are_published_before_they_sign() {
        let (app, clock, stored) = app(4, 2);
        let first = rotate_signing_keys(&app, &job()).await.unwrap().created.unwrap();
        assert_eq!(signing_kid(&app), first);

        // It began a minute ago, for nodes whose clocks are behind.
        clock.advance_seconds(29 * DAY - 60);
        assert_eq!(stored.lock().unwrap().len(), 1);
        let second = rotate_signing_keys(&app, &job()).await.unwrap().created.unwrap();
        // The new one is published and does not sign yet.
        assert_eq!(signing_kid(&app), first);
        assert_eq!(jwks(&app).keys.iter().map(|key| key.kid().to_owned()).collect::<Vec<_>>(), [&*second, &*first]);
        // Again is too early.
        assert_eq!(rotate_signing_keys(&app, &job()).await.unwrap().created, None);

        clock.advance_seconds(DAY - 1);
        let old_token = token(&app, &current_signing_key(&app).await.unwrap());
        clock.advance_seconds(1);
        assert_eq!(signing_kid(&app), second);
        // The last token of the old key is good until its end.
        clock.advance_seconds(598);
        assert!(verify_access_token(&app, &old_token).await.is_ok());
        clock.advance_seconds(10);
        assert_eq!(jwks(&app).keys.len(), 1);
    }

    fn signing_kid(app: &App) -> String {
        app.keys.signing().ring().signer(app.now()).unwrap().kid().to_owned()
    }

    #[tokio::test]
    async fn where_no_key_is_in_force_one_is_made_at_once() {
        let (app, clock, _) = app(1, 1);
        clock.advance_seconds(2_000_000);
        let key = current_signing_key(&app).await.unwrap();
        assert_eq!(current_signing_key(&app).await.unwrap().kid(), key.kid());
    }

    #[tokio::test]
    async fn a_key_of_another_node_is_found_but_not_looked_for_all_the_time() {
        let (app, clock, stored) = app(2, 0);
        let other = stored_signing_key(&app, now(), now().plus_seconds(DAY));
        let master = app.keys.master();
        let pair = SigningKey::from_pkcs8(
            keystead_crypto::signing::Algorithm::EdDsa,
            &master.open(&private_half(other.id), &other.private_sealed).unwrap(),
        )
        .unwrap();
        let token = token(&app, &pair);
        // Not there yet: one look in this second, and no other.
        assert!(verify_access_token(&app, &token).await.is_err());
        stored.lock().unwrap().push(other);
        assert!(verify_access_token(&app, &token).await.is_err());
        clock.advance_seconds(1);
        assert_eq!(verify_access_token(&app, &token).await.unwrap().sub, user(7));
    }

    #[tokio::test]
    async fn people_do_not_rotate_keys_and_a_failing_store_takes_none_away() {
        let app = TestApp::new().build();
        let people = crate::testing::administrator(PLATFORM, 1);
        assert!(rotate_signing_keys(&app, &people).await.is_err());
        assert!(reload_signing_keys(&app).await.is_err());
        assert!(app.keys.signing().ring().signer(now()).is_some());
    }
}
