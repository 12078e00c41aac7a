//! An identifier in a path.

use crate::problem::Problem;
use axum::{extract::FromRequestParts, http::request::Parts};
use keystead_domain::Error;
use serde::de::DeserializeOwned;

/// One identifier, or a tuple of them. What is no identifier names nothing: 404, as for one that nobody has.
pub(crate) struct Id<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        axum::extract::Path::<T>::from_request_parts(parts, state)
            .await
            .map(|axum::extract::Path(id)| Self(id))
            .map_err(|_| Error::not_found("resource").into())
    }
}
