//! Requests that may be repeated without acting twice.
//!
//! A creating use case opens its transaction with [`once`] and ends it with [`Once::finish`]:
//!
//! ```ignore
//! let work = match once(app, caller, caller.scope(), key).await? {
//!     Start::First(work) => work,
//!     Start::Repeated(team) => return Ok(team),
//! };
//! work.teams().insert(&team).await?;
//! work.finish(team).await
//! ```

use crate::App;
use keystead_domain::{Caller, Error, Json, Result, Scope};
use keystead_store::{Claim, IdempotencyKey, UnitOfWork};
use serde::{Serialize, de::DeserializeOwned};
use std::ops::{Deref, DerefMut};

/// What a client sent as `Idempotency-Key`, with the request it belongs to.
#[derive(Clone, Debug)]
pub struct OnceKey {
    route: String,
    key: String,
    body_hash: [u8; 32],
}

impl OnceKey {
    /// The longest key, in characters.
    pub const MAX: usize = 255;

    /// The key `key` sent to `route` (method and path template, with the path's own values) with `body`.
    ///
    /// Of the body only a keyed hash is kept: it may hold a password, which a plain hash would give away to guessing.
    ///
    /// # Errors
    /// `Invalid` unless the key has 1 to 255 visible ASCII characters.
    pub fn new(app: &App, route: &str, key: &str, body: &[u8]) -> Result<Self> {
        if key.is_empty() || key.len() > Self::MAX || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::invalid(
                "Idempotency-Key",
                "must have 1 to 255 visible ASCII characters, and no spaces",
            ));
        }
        let body_hash = app.keys.macs().idempotency.keyed_hash("body", body);
        Ok(Self { route: route.to_owned(), key: key.to_owned(), body_hash })
    }
}

/// Whether a request acts or was answered before.
pub enum Start<T> {
    /// It acts, in this transaction.
    First(Once),
    /// It was answered before, with this.
    Repeated(T),
}

/// A transaction that keeps its answer for a repetition of the request. Without a key it is just a transaction.
pub struct Once {
    unit: Box<dyn UnitOfWork>,
    key: Option<IdempotencyKey>,
}

/// Opens a transaction in `scope`; where the client sent a key, it is claimed first, in the same transaction. A
/// concurrent request with the same key waits for the end of this one.
///
/// # Errors
/// `Conflict` with code `idempotency_key_reused` when the key came with another body before, or `already_answered`
/// when the answer held a secret and was not kept.
pub async fn once<T: DeserializeOwned>(
    app: &App,
    caller: &Caller,
    scope: Scope,
    key: Option<OnceKey>,
) -> Result<Start<T>> {
    let Some(key) = key else {
        return Ok(Start::First(Once { unit: app.store.begin(scope).await?, key: None }));
    };
    let (key, body_hash) = (stored(app, caller, &key)?, key.body_hash);
    // The key's row belongs to the caller's organization, whatever the use case goes on to write.
    let home = Scope { organization: Some(key.organization_id), user: scope.user };
    let mut unit = app.store.begin(home).await?;
    match unit.idempotency().claim(&key).await? {
        Claim::First => {
            if home != scope {
                unit.enter(scope).await?;
            }
            Ok(Start::First(Once { unit, key: Some(key) }))
        }
        Claim::Answered { body_hash: before, .. } if before != body_hash => Err(Error::conflict(
            "idempotency_key_reused",
            "This Idempotency-Key came with another body before: use a new key for a new request.",
        )),
        Claim::Answered { answer: None, .. } => Err(Error::conflict(
            "already_answered",
            "This request was carried out before. Its answer held a secret, which was not kept: look up what it made, or make another with a new key.",
        )),
        Claim::Answered { answer: Some(answer), .. } => {
            let answer = serde_json::from_value(answer)
                .map_err(|error| Error::internal(format!("a kept answer cannot be read: {error}")))?;
            Ok(Start::Repeated(answer))
        }
    }
}

fn stored(app: &App, caller: &Caller, key: &OnceKey) -> Result<IdempotencyKey> {
    let name = serde_json::to_vec(&(caller.kind.as_str(), caller.acting_id(), &key.route, &key.key))
        .map_err(|error| Error::internal(error.to_string()))?;
    let now = app.now();
    Ok(IdempotencyKey {
        organization_id: caller.organization_id,
        key_hash: app.keys.macs().idempotency.keyed_hash("key", &name).to_vec(),
        body_hash: key.body_hash.to_vec(),
        created_at: now,
        expires_at: now.plus_seconds(app.settings.idempotency_seconds),
    })
}

impl Once {
    /// Keeps `output` as the answer, commits and gives it back.
    ///
    /// # Errors
    /// When the store fails; then nothing was changed.
    pub async fn finish<T: Serialize>(self, output: T) -> Result<T> {
        let answer = match self.key {
            Some(_) => Some(serde_json::to_value(&output).map_err(|error| Error::internal(error.to_string()))?),
            None => None,
        };
        self.close(answer).await?;
        Ok(output)
    }

    /// Commits and gives `output` back, which holds a secret and is not kept.
    ///
    /// # Errors
    /// When the store fails; then nothing was changed.
    pub async fn finish_secret<T>(self, output: T) -> Result<T> {
        self.close(None).await?;
        Ok(output)
    }

    async fn close(mut self, answer: Option<Json>) -> Result<()> {
        if let Some(key) = &self.key {
            let scope = self.unit.scope();
            if scope.organization != Some(key.organization_id) {
                self.unit.enter(Scope { organization: Some(key.organization_id), user: scope.user }).await?;
            }
            self.unit.idempotency().finish(key, answer).await?;
        }
        self.unit.commit().await
    }
}

impl Deref for Once {
    type Target = dyn UnitOfWork;

    fn deref(&self) -> &Self::Target {
        &*self.unit
    }
}

impl DerefMut for Once {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut *self.unit
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, member, service_account};
    use keystead_domain::ErrorKind;
    use keystead_store::mocks::MockUnitOfWork;
    use serde_json::json;
    use uuid::Uuid;

    fn key(app: &App, body: &[u8]) -> OnceKey {
        OnceKey::new(app, "POST /api/v1/teams", "key-1", body).unwrap()
    }

    /// The outcome of a request with `body` after one that `answered` with `before` as its body.
    async fn repeat(before: &'static [u8], answer: Option<Json>, body: &[u8]) -> Result<Start<String>> {
        let test = TestApp::new();
        let mut unit = MockUnitOfWork::new();
        let hash = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let kept = hash.clone();
        unit.idempotency
            .expect_claim()
            .once()
            .return_once(move |_| Ok(Claim::Answered { body_hash: kept.lock().unwrap().clone(), answer }));
        test.unit(unit);
        let app = test.build();
        *hash.lock().unwrap() = key(&app, before).body_hash.to_vec();
        let caller = member(1, 7);
        once(&app, &caller, caller.scope(), Some(key(&app, body))).await
    }

    #[tokio::test]
    async fn a_repetition_gets_the_first_answer() {
        let Ok(Start::Repeated(answer)) = repeat(b"{}", Some(json!("made")), b"{}").await else { panic!() };
        assert_eq!(answer, "made");
    }

    #[tokio::test]
    async fn another_body_and_a_secret_answer_are_conflicts() {
        let code = |outcome: Result<Start<String>>| outcome.err().map(|error| (error.kind, error.code));
        let reused = repeat(b"{}", Some(json!("made")), b"{\"other\":1}").await;
        assert_eq!(code(reused), Some((ErrorKind::Conflict, "idempotency_key_reused")));
        let secret = repeat(b"{}", None, b"{}").await;
        assert_eq!(code(secret), Some((ErrorKind::Conflict, "already_answered")));
    }

    #[tokio::test]
    async fn keys_of_other_callers_routes_and_bodies_do_not_meet() {
        let app = TestApp::new().build();
        let one = stored(&app, &member(1, 7), &key(&app, b"{}")).unwrap();
        assert_eq!(one.expires_at, one.created_at.plus_seconds(86_400));
        let other_caller = stored(&app, &member(1, 8), &key(&app, b"{}")).unwrap();
        let other_route = OnceKey::new(&app, "POST /api/v1/roles", "key-1", b"{}").unwrap();
        let other_route = stored(&app, &member(1, 7), &other_route).unwrap();
        let other_body = stored(&app, &member(1, 7), &key(&app, b"[]")).unwrap();
        let program =
            |number| Caller { service_account_id: Some(Uuid::from_u128(number).into()), ..service_account(1, &[]) };
        let [first, second] = [1, 2].map(|number| stored(&app, &program(number), &key(&app, b"{}")).unwrap());
        assert_ne!(first.key_hash, second.key_hash);
        assert_ne!(first.key_hash, one.key_hash);
        assert_ne!(one.key_hash, other_caller.key_hash);
        assert_ne!(one.key_hash, other_route.key_hash);
        assert_eq!(one.key_hash, other_body.key_hash);
        assert_ne!(one.body_hash, other_body.body_hash);
    }

    #[test]
    fn keys_are_bounded() {
        let app = TestApp::new().build();
        for (text, good) in [
            ("k", true),
            (&*"k".repeat(255), true),
            (&*"k".repeat(256), false),
            (" ", false),
            ("a b", false),
            ("é", false),
            ("", false),
        ] {
            assert_eq!(OnceKey::new(&app, "POST /x", text, b"").is_ok(), good, "{text}");
        }
    }
}
