//! `If-None-Match` (RFC 9110, section 13.1.2): what the client has already is not sent again.

use crate::reply::AlwaysWhole;
use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::Response,
};

/// Turns a 200 whose `ETag` the client has already into a 304 without body.
pub(crate) fn not_modified(method: &Method, asked: &HeaderMap, mut response: Response) -> Response {
    let reads = matches!(*method, Method::GET | Method::HEAD);
    let same = response.headers().get(header::ETAG).is_some_and(|tag| is_listed(asked, tag));
    let whole = response.extensions().get::<AlwaysWhole>().is_some();
    if reads && response.status() == StatusCode::OK && same && !whole {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
        response.headers_mut().remove(header::CONTENT_TYPE);
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    response
}

/// Weak comparison (section 8.8.3.2): `W/` makes no difference.
fn is_listed(asked: &HeaderMap, tag: &HeaderValue) -> bool {
    let Ok(tag) = tag.to_str() else { return false };
    let opaque = tag.trim_start_matches("W/");
    asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value.trim() == "*" || value.split(',').any(|listed| listed.trim().trim_start_matches("W/") == opaque)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(value: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn tags_are_compared_weakly() {
        let tag = HeaderValue::from_static("\"7\"");
        for hit in ["\"7\"", "W/\"7\"", "\"6\", \"7\"", "*"] {
            assert!(is_listed(&asked(hit), &tag), "{hit}");
        }
        for miss in ["\"6\"", "7", ""] {
            assert!(!is_listed(&asked(miss), &tag), "{miss}");
        }
    }
}
