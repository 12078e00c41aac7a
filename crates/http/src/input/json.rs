//! A JSON body.

use super::scan::{Refused, scan};
use crate::{edge::Edge, problem::Problem};
use axum::{
    body::Bytes,
    extract::{FromRef, FromRequest, Request},
    http::{HeaderMap, StatusCode, header},
};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::error::Category;
use std::sync::Arc;

/// A body of `application/json`, with the bytes as they were sent.
///
/// 415 for another type, 400 for what is not JSON, 422 for JSON that is not what the operation takes.
pub(crate) struct Json<T> {
    /// What was read.
    pub(crate) value: T,
    /// What was sent, for the fingerprint that belongs to an `Idempotency-Key`.
    pub(crate) bytes: Bytes,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T>
where
    Arc<Edge>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is(request.headers(), &["application/json"]) {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "The body must be JSON, with the header Content-Type: application/json.",
            ));
        }
        // The body was read and bounded before the work began, so this only hands it over.
        let bytes = Bytes::from_request(request, &()).await.map_err(|error| {
            Problem::malformed("broken_body", "The request's body could not be read.").with_internal(error.to_string())
        })?;
        let value = parse(&bytes, Arc::<Edge>::from_ref(state).settings.json_depth)?;
        Ok(Self { value, bytes })
    }
}

/// Whether the body is of one of these types, in UTF-8.
pub(super) fn is(headers: &HeaderMap, types: &[&str]) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let mut parts = value.split(';').map(str::trim);
    let known = parts.next().is_some_and(|essence| types.iter().any(|one| essence.eq_ignore_ascii_case(one)));
    known
        && parts.all(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            !name.eq_ignore_ascii_case("charset") || value.trim_matches('"').eq_ignore_ascii_case("utf-8")
        })
}

/// Reads JSON text that nests at most `depth` deep.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8], depth: usize) -> Result<T, Problem> {
    match scan(bytes, depth) {
        Ok(()) => {}
        Err(Refused::TooDeep) => {
            let detail = format!("The body nests deeper than {depth} levels.");
            return Err(Problem::malformed("too_deep", detail));
        }
        Err(Refused::Nul) => return Err(Problem::invalid("body", "must not contain the NUL character")),
    }
    // To know the way to each field takes longer than to read it, and only who is refused is told it.
    let value = serde_json::from_slice(bytes).or_else(|_| located(bytes))?;
    // Serde takes a list for an object whose members stand there in their order; the document says object.
    if bytes.trim_ascii_start().starts_with(b"[") {
        return Err(Problem::invalid("body", "must be an object, not a list"));
    }
    Ok(value)
}

fn located<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| refuse(bytes, &error))?;
    deserializer.end().map_err(|error| malformed(&error))?;
    Ok(value)
}

fn refuse(bytes: &[u8], error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let inner = error.inner();
    let mut message = inner.to_string();
    if inner.classify() != Category::Data {
        // Of an object that is to have one member of several names, a second member is taken for broken text.
        let is_choice = message.starts_with("expected value") && serde_json::from_slice::<IgnoredAny>(bytes).is_ok();
        if !is_choice {
            return malformed(inner);
        }
        "must be an object with just one member".clone_into(&mut message);
    }
    // The place in the text says nothing more once the field is named.
    let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
    let path = error.path().to_string();
    Problem::invalid(if path == "." { "body".to_owned() } else { path }, message)
}

fn malformed(error: &serde_json::Error) -> Problem {
    Problem::malformed("malformed_json", format!("The body is not JSON: {error}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only its reading is looked at")]
    struct Sample {
        name: String,
        inner: Option<Inner>,
        choice: Option<Choice>,
    }
    #[derive(Debug, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    #[allow(dead_code, reason = "only its reading is looked at")]
    enum Choice {
        One(u8),
        Other(u8),
    }
    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only its reading is looked at")]
    struct Inner {
        count: u8,
    }

    fn refused(json: &str) -> (u16, String, Option<String>) {
        let problem = parse::<Sample>(json.as_bytes(), 8).unwrap_err();
        (problem.status.as_u16(), problem.code.into_owned(), problem.errors.first().map(|e| e.field.clone()))
    }

    #[test]
    fn what_cannot_be_read_is_400_and_what_breaks_a_rule_is_422() {
        assert!(parse::<Sample>(br#"{"name":"x","inner":{"count":3}}"#, 8).is_ok());
        for broken in ["", "{", r#"{"name":"x"} x"#, "nonsense", r#"{"name":"\ud800"}"#] {
            assert_eq!(refused(broken).0, 400, "{broken}");
        }
        assert_eq!(refused(r#"{"name":1}"#), (422, "invalid".into(), Some("name".into())));
        assert_eq!(refused(r#"{"name":"x","inner":{"count":300}}"#).2, Some("inner.count".into()));
        assert_eq!(refused(r#"{"name":"x","other":1}"#), (422, "invalid".into(), Some("other".into())));
        assert_eq!(refused(r#"{"name":"x","name":"y"}"#).0, 422);
        assert_eq!(refused("{}").0, 422);
        assert_eq!(refused(r#" ["x", [3]]"#), (422, "invalid".into(), Some("body".into())));
        assert_eq!(refused(r#"{"name":"\u0000"}"#).0, 422);
        assert_eq!(
            refused(r#"{"name":"x","choice":{"one":1,"other":2}}"#),
            (422, "invalid".into(), Some("choice".into()))
        );
        assert_eq!(refused(&"[".repeat(9)).1, "too_deep");
    }

    #[test]
    fn only_json_is_json() {
        let of = |value: &'static str| {
            let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(value))]);
            is(&headers, &["application/json"])
        };
        assert!(of("application/json") && of("Application/JSON; charset=UTF-8"));
        assert!(!of("text/json") && !of("application/json; charset=latin1") && !of("application/problem+json"));
        assert!(!is(&HeaderMap::new(), &["application/json"]));
    }
}
