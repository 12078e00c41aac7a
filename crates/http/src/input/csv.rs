//! A CSV body.

use crate::problem::Problem;
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header},
};

/// A body of `text/csv` (RFC 4180, in UTF-8), with the bytes as they were sent.
pub(crate) struct Csv {
    /// What was sent, as a text.
    pub(crate) text: String,
    /// What was sent, for the fingerprint that belongs to an `Idempotency-Key`.
    pub(crate) bytes: Bytes,
}

impl<S: Send + Sync> FromRequest<S> for Csv {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        if !is_csv(request.headers()) {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "The body must be CSV in UTF-8, with the header Content-Type: text/csv.",
            ));
        }
        let bytes = Bytes::from_request(request, &()).await.map_err(|error| {
            Problem::malformed("broken_body", "The request's body could not be read.").with_internal(error.to_string())
        })?;
        match std::str::from_utf8(&bytes) {
            Ok(text) => Ok(Self { text: text.to_owned(), bytes }),
            Err(error) => {
                let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
                Err(Problem::malformed("malformed_csv", format!("line {line}: The text is not UTF-8.")))
            }
        }
    }
}

fn is_csv(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let mut parts = value.split(';').map(str::trim);
    let csv = parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("text/csv"));
    csv && parts.all(|parameter| {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        !name.eq_ignore_ascii_case("charset") || value.trim_matches('"').eq_ignore_ascii_case("utf-8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{body::Body, http::HeaderValue};

    #[test]
    fn only_csv_is_csv() {
        let of = |value| is_csv(&HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(value))]));
        assert!(of("text/csv") && of("Text/CSV; charset=UTF-8; header=absent"));
        assert!(!of("text/plain") && !of("text/csv; charset=latin1") && !is_csv(&HeaderMap::new()));
    }

    #[tokio::test]
    async fn what_is_no_text_is_refused_with_its_line() {
        let request = Request::builder().header(header::CONTENT_TYPE, "text/csv").body(Body::from(&b"p, a\n\xff"[..]));
        let problem = Csv::from_request(request.unwrap(), &()).await.err().unwrap();
        assert_eq!((problem.status.as_u16(), &problem.detail[..7]), (400, "line 2:"));
    }
}
