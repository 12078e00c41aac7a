//! The body of a problem, and the answer around it.

use super::{Pending, Problem, code_of};
use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::Response,
};
use serde::Serialize;
use std::{borrow::Cow, sync::Arc};
use utoipa::ToSchema;

/// What went wrong, as `application/problem+json` (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemBody<'a> {
    /// Always `about:blank`: `status` and `code` say what kind of problem it is.
    #[serde(rename = "type")]
    #[schema(rename = "type", example = "about:blank")]
    kind: &'static str,
    /// The status code's own words.
    #[schema(value_type = String, example = "Conflict")]
    title: &'a str,
    /// The status code.
    #[schema(minimum = 400, maximum = 599, example = 409)]
    status: u16,
    /// What happened and what to do next, for people.
    #[schema(value_type = String)]
    detail: &'a str,
    /// A stable word for programs.
    #[schema(value_type = String, example = "username_taken")]
    code: &'a str,
    /// The rules that the request breaks, field by field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldProblem<'a>>,
    /// Names the request in the log; the same as the header `X-Request-ID`.
    #[schema(value_type = String)]
    request_id: &'a str,
}

/// A rule that one field of the request breaks.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldProblem<'a> {
    /// The field; a dot leads into an object.
    #[schema(value_type = String, example = "email")]
    field: &'a str,
    /// What must hold.
    #[schema(value_type = String)]
    message: &'a str,
}

/// Gives a refusal its body, whoever made it, and logs what only the log may know. Other answers pass unchanged.
pub(crate) fn render(mut response: Response, request_id: &str) -> Response {
    let status = response.status();
    let problem = match response.extensions_mut().remove::<Pending>() {
        Some(Pending(problem)) => problem,
        None if status.is_client_error() || status.is_server_error() => {
            let (code, detail) = code_of(status);
            let mut problem = Problem::new(status, code, detail);
            problem.code = Cow::Borrowed(code);
            Arc::new(problem)
        }
        None => return response,
    };
    log(&problem, request_id);
    let body = ProblemBody {
        kind: "about:blank",
        title: status.canonical_reason().unwrap_or("Refused"),
        status: status.as_u16(),
        detail: &problem.detail,
        code: &problem.code,
        errors: problem.errors.iter().map(|e| FieldProblem { field: &e.field, message: &e.message }).collect(),
        request_id,
    };
    // A struct of texts and numbers cannot fail to serialise; an empty body would still carry the status.
    let bytes = serde_json::to_vec(&body).unwrap_or_default();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if let Some(seconds) = problem.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if let Some(challenge) = problem.challenge {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge.header()));
    }
    *response.body_mut() = Body::from(bytes);
    response
}

fn log(problem: &Problem, request_id: &str) {
    let internal = problem.internal.as_deref();
    if problem.status.is_server_error() && problem.status.as_u16() != 503 {
        tracing::error!(request_id, status = problem.status.as_u16(), code = %problem.code, internal, "the request failed");
    } else if internal.is_some() {
        tracing::warn!(request_id, status = problem.status.as_u16(), code = %problem.code, internal, "the request was refused");
    }
}
