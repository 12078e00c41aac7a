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
    let Some(newest) = newest else { return Some(now) };
    if newest.algorithm != app.settings.signing_algorithm.name() {
        return Some(now.plus_seconds(ahead));
    }
    // Where rotation was missed, there is no time left to publish ahead.
    (newest.retires_at <= now.plus_seconds(ahead)).then(|| newest.retires_at.max(now))
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
