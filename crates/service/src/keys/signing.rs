//! The signing keys in memory: which one signs, and which tokens are accepted.

use crate::App;
use arc_swap::ArcSwap;
use keystead_crypto::{
    sealing::{MasterKey, SealContext},
    signing::{Algorithm, Claims, Jwk, JwkSet, MAX_TOKEN_LENGTH, SigningKey, Verifier, VerifyError},
};
use keystead_domain::{Error, KeyId, PLATFORM, Result, Scope, Timestamp, keys::SigningKey as StoredKey};
use moka::sync::Cache;
use sha2::{Digest, Sha256};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// Where a private half is sealed.
pub(super) fn private_half(id: KeyId) -> SealContext<'static> {
    SealContext::new("signing_keys", "private_sealed", id)
}

/// The signing keys, as of the last reading.
#[derive(Default)]
pub(crate) struct SigningKeys {
    ring: ArcSwap<Ring>,
    /// When a token with an unknown key last caused a reading, in Unix seconds.
    last_reload: AtomicI64,
    /// Lets one task at a time make a key.
    pub(super) rotation: tokio::sync::Mutex<()>,
}

/// One reading of the signing keys.
#[derive(Default)]
pub(super) struct Ring {
    pub(super) stored: Vec<StoredKey>,
    signers: Vec<(Timestamp, Timestamp, Arc<SigningKey>)>,
    verifier: Verifier,
    /// Tokens that these keys have verified, by their hash: a client shows the same one again and again, and a signature
    /// costs as much as the rest of a small request.
    verified: Verified,
    pub(super) published: JwkSet,
}

/// The claims of tokens, by SHA-256.
struct Verified(Cache<[u8; 32], Arc<Claims>>);

impl Default for Verified {
    fn default() -> Self {
        Self(Cache::new(10_000))
    }
}

impl Ring {
    /// Opens the keys that can still sign, and reads the public halves of all.
    pub(super) fn open(master: &MasterKey, stored: Vec<StoredKey>, now: Timestamp) -> Result<Self> {
        let mut signers = Vec::new();
        let mut published = JwkSet::default();
        for key in &stored {
            published.keys.insert(0, Jwk::from_json(&key.public_jwk)?);
            if key.retires_at > now {
                signers.push((key.active_from, key.retires_at, Arc::new(open_private(master, key)?)));
            }
        }
        let verifier = Verifier::new(&published.keys)?;
        Ok(Self { stored, signers, verifier, verified: Verified::default(), published })
    }

    /// The key that signs at `now`: of those in force the one that came into force last.
    pub(super) fn signer(&self, now: Timestamp) -> Option<Arc<SigningKey>> {
        let in_force = self.signers.iter().filter(|(from, until, _)| *from <= now && now < *until);
        in_force.max_by_key(|(from, _, _)| *from).map(|(_, _, key)| Arc::clone(key))
    }
}

fn open_private(master: &MasterKey, key: &StoredKey) -> Result<SigningKey> {
    let private = master.open(&private_half(key.id), &key.private_sealed).map_err(|error| {
        Error::internal(format!("the signing key {} cannot be opened with this master key: {error}", key.kid))
    })?;
    let algorithm: Algorithm = key.algorithm.parse()?;
    Ok(SigningKey::from_pkcs8(algorithm, &private)?)
}

impl SigningKeys {
    pub(super) fn ring(&self) -> Arc<Ring> {
        self.ring.load_full()
    }
    pub(crate) fn replace(&self, master: &MasterKey, stored: Vec<StoredKey>, now: Timestamp) -> Result<()> {
        self.ring.store(Arc::new(Ring::open(master, stored, now)?));
        Ok(())
    }
    /// Whether this call may read the keys again: one may in each second.
    fn may_reload(&self, now: Timestamp) -> bool {
        let (now, last) = (now.unix_seconds(), self.last_reload.load(Ordering::Acquire));
        now != last && self.last_reload.compare_exchange(last, now, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }
}

/// Reads the signing keys from the store again. The server does so every minute.
///
/// # Errors
/// When the store fails, or the keys were sealed by another master key; then the ones in memory stay.
pub async fn reload_signing_keys(app: &App) -> Result<()> {
    let now = app.now();
    let unit = app.store.read(Scope::organization(PLATFORM)).await?;
    let stored = unit.keys().signing_keys(now).await?;
    app.keys.signing().replace(app.keys.master(), stored, now)
}

/// The claims of an access token that this installation issued and that is valid now. Whether its session still lives
/// is not asked here.
///
/// A token with a key that is not known may come from a node that has made one: the keys are read again then, at most
/// once a second.
///
/// # Errors
/// `Unauthenticated`; also when the store fails while the keys are read again.
pub async fn verify_access_token(app: &App, token: &str) -> Result<Arc<Claims>> {
    match verify(app, token) {
        Err(VerifyError::UnknownKey) if app.keys.signing().may_reload(app.now()) => {
            reload_signing_keys(app).await?;
            Ok(verify(app, token)?)
        }
        outcome => Ok(outcome?),
    }
}

fn verify(app: &App, token: &str) -> Result<Arc<Claims>, VerifyError> {
    if token.len() > MAX_TOKEN_LENGTH {
        return Err(VerifyError::TooLong);
    }
    let (ring, now) = (app.keys.signing().ring.load(), app.now());
    let hash: [u8; 32] = Sha256::digest(token).into();
    // All else that was checked once holds for as long as the token does.
    if let Some(claims) = ring.verified.0.get(&hash).filter(|claims| now.unix_seconds() < claims.exp) {
        return Ok(claims);
    }
    let claims = Arc::new(ring.verifier.verify(token, now, &app.settings.issuer, &app.settings.audience)?);
    ring.verified.0.insert(hash, Arc::clone(&claims));
    Ok(claims)
}
