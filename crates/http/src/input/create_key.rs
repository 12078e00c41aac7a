//! `Idempotency-Key` of creating operations.

use crate::problem::Problem;
use axum::{
    body::Bytes,
    extract::FromRequestParts,
    http::{HeaderName, request::Parts},
};
use keystead_service::{App, idempotency::OnceKey};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// What the client sent as `Idempotency-Key`, if anything, and to which route.
pub(crate) struct CreateKey {
    route: String,
    key: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for CreateKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut values = parts.headers.get_all(IDEMPOTENCY_KEY).iter();
        let key = match (values.next(), values.next()) {
            (None, _) => None,
            (Some(value), None) => Some(value.to_str().map_err(|_| refuse())?.to_owned()),
            (Some(_), Some(_)) => return Err(refuse()),
        };
        Ok(Self { route: format!("{} {}", parts.method, parts.uri.path()), key })
    }
}

impl CreateKey {
    /// The key together with the body that it came with.
    pub(crate) fn with(self, app: &App, body: &Bytes) -> Result<Option<OnceKey>, Problem> {
        Ok(self.key.map(|key| OnceKey::new(app, &self.route, &key, body)).transpose()?)
    }
}

fn refuse() -> Problem {
    Problem::invalid("Idempotency-Key", "must have 1 to 255 visible ASCII characters, no spaces, and come once")
}
