//! The few pages for people that the API itself serves.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

/// `/`: says what this is and where to go on.
pub(crate) async fn welcome() -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, include_str!("welcome.html")).into_response()
}
