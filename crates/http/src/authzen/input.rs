//! How these endpoints are asked: what cannot be used is 400 here, whatever is wrong with it (section 10.1.5), and members that
//! nobody knows are passed over.

use crate::{edge::Edge, input::Json, problem::Problem};
use axum::{
    extract::{FromRef, FromRequest, FromRequestParts, Request},
    http::{HeaderName, StatusCode, request::Parts},
};
use keystead_domain::Error;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use utoipa::IntoParams;

/// A JSON body.
pub(super) struct Asked<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Asked<T>
where
    Arc<Edge>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        Json::from_request(request, state).await.map(|Json { value, .. }| Self(value)).map_err(refused)
    }
}

/// The problem with the status that this API gives it.
pub(super) fn refused(problem: impl Into<Problem>) -> Problem {
    let mut problem = problem.into();
    if problem.status == StatusCode::UNPROCESSABLE_ENTITY {
        problem.status = StatusCode::BAD_REQUEST;
    }
    problem
}

/// A member that is missing.
pub(super) fn missing(field: &'static str) -> Problem {
    refused(Error::invalid(field, "is missing"))
}

const AT_LEAST: HeaderName = HeaderName::from_static("keystead-at-least");

/// The greatest whole number that every JSON reader keeps exact (RFC 8259, section 6); no access version comes near it.
const NEWEST: i64 = (1 << 53) - 1;

/// The access version that must have decided.
pub(crate) struct AtLeast(pub(crate) Option<i64>);

/// As OpenAPI describes it.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code, reason = "it only describes the header")]
pub(crate) struct Consistency {
    /// An access version, as a write has told it: what decides is of this version or newer. What decides is as new as the request
    /// without it, too.
    #[param(rename = "Keystead-At-Least", nullable = false, minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    at_least: Option<i64>,
}

impl<S: Send + Sync> FromRequestParts<S> for AtLeast {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(AT_LEAST) else { return Ok(Self(None)) };
        let version =
            value.to_str().ok().and_then(|text| text.parse().ok()).filter(|version| (0..=NEWEST).contains(version));
        version.map(|version| Self(Some(version))).ok_or_else(|| {
            Problem::malformed("bad_header", "Keystead-At-Least must be an access version: a number from 0.")
        })
    }
}
