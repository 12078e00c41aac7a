//! The query of an address.

use crate::problem::Problem;
use axum::{
    extract::{FromRequestParts, rejection::QueryRejection},
    http::request::Parts,
};
use serde::de::DeserializeOwned;

/// The query's parameters. 422 for unknown, repeated or wrong ones.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        if query.contains("%00") {
            return Err(Problem::invalid("query", "must not contain the NUL character"));
        }
        axum::extract::Query::<T>::try_from_uri(&parts.uri)
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(refuse)
    }
}

/// The message is `name: what is wrong` where the parameter is known.
fn refuse(rejection: QueryRejection) -> Problem {
    let text = rejection.body_text();
    let text = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(&text);
    match text.split_once(": ") {
        Some((field, message)) if !field.contains(' ') => Problem::invalid(field, message),
        _ => Problem::invalid("query", text),
    }
}
