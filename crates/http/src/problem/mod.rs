//! Every refusal leaves as `application/problem+json` (RFC 9457), made here and nowhere else.

mod body;
mod status;

pub(crate) use body::{ProblemBody, render};
pub(crate) use status::{code_of, status_of};

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use keystead_domain::{Error, ErrorKind, FieldError};
use std::{borrow::Cow, sync::Arc};

/// A refusal on its way out: what the client may read, and what only the log may.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    pub(crate) code: Cow<'static, str>,
    pub(crate) detail: String,
    pub(crate) errors: Vec<FieldError>,
    pub(crate) retry_after: Option<u32>,
    pub(crate) internal: Option<String>,
    pub(crate) challenge: Option<Challenge>,
}

/// What `WWW-Authenticate` says on a 401 (RFC 6750, section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Challenge {
    /// No credentials were sent: no reason is given (section 3.1).
    Missing,
    /// Those that were sent are of no use.
    InvalidToken,
}

impl Challenge {
    pub(crate) const fn header(self) -> &'static str {
        match self {
            Self::Missing => r#"Bearer realm="keystead""#,
            Self::InvalidToken => r#"Bearer realm="keystead", error="invalid_token""#,
        }
    }
}

impl Problem {
    /// A refusal with a status, a stable word and a sentence.
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code: Cow::Borrowed(code),
            detail: detail.into(),
            errors: Vec::new(),
            retry_after: None,
            internal: None,
            challenge: None,
        }
    }
    /// The request cannot be read at all.
    pub(crate) fn malformed(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }
    /// The request was read, but one field breaks a rule.
    pub(crate) fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Error::invalid(field, message).into()
    }
    /// A fault of the server; `internal` is for the log.
    pub(crate) fn internal(internal: impl Into<String>) -> Self {
        Error::internal(internal).into()
    }
    /// All that the client may read, in one text. Where one field is wrong only, the detail says it already.
    pub(crate) fn message(&self) -> String {
        let fields = self.errors.iter().map(|error| format!("{}: {}", error.field, error.message));
        let more = fields.filter(|said| !self.detail.contains(said)).map(|said| format!(" {said}."));
        std::iter::once(self.detail.clone()).chain(more).collect()
    }
    pub(crate) fn with_internal(mut self, internal: impl Into<String>) -> Self {
        self.internal = Some(internal.into());
        self
    }
    pub(crate) fn with_challenge(mut self, challenge: Challenge) -> Self {
        self.challenge = Some(challenge);
        self
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let challenge = error.is(ErrorKind::Unauthenticated).then_some(Challenge::Missing);
        let soon = error.is(ErrorKind::Busy).then_some(1);
        Self {
            status: status_of(error.kind),
            code: Cow::Borrowed(error.code),
            detail: error.message,
            errors: error.fields,
            retry_after: error.retry_after.or(soon),
            internal: error.internal,
            challenge,
        }
    }
}

/// Rides in the answer's extensions until the outermost layer, which knows the request id, writes the body.
#[derive(Clone, Debug)]
pub(crate) struct Pending(pub(crate) Arc<Problem>);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(Pending(Arc::new(self)));
        response
    }
}
