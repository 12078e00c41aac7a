//! `X-Request-ID`: names a request in the log, in audit events and in the answer.

use axum::http::{HeaderMap, HeaderName};
use keystead_domain::Ids;
use uuid::Uuid;

/// The header.
pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The client's own name for its request when it is 1 to 100 characters of `[A-Za-z0-9._-]`, else a new UUID.
///
/// Anything else could forge lines in a log or grow without bounds.
pub(crate) fn request_id(headers: &HeaderMap, ids: &Ids) -> String {
    let sent = headers.get(X_REQUEST_ID).and_then(|value| value.to_str().ok()).filter(|text| is_good(text));
    sent.map_or_else(|| ids.next::<Uuid>().to_string(), str::to_owned)
}

fn is_good(text: &str) -> bool {
    (1..=100).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_are_kept() {
        assert!(is_good("a.B_c-1") && is_good(&"x".repeat(100)));
        let long = "x".repeat(101);
        for bad in ["", " ", "a b", "a\n", "é", "a/b", long.as_str()] {
            assert!(!is_good(bad), "{bad:?}");
        }
    }
}
