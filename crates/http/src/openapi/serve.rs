//! `/openapi.json` and `/docs`.

use super::finish;
use axum::{
    Router,
    body::Bytes,
    http::{HeaderValue, header},
    middleware::map_response,
    response::{IntoResponse, Response},
    routing::get,
};
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    thread,
};
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::{Config, SwaggerUi};

/// Serves the finished document. It is made into text once.
pub(crate) fn router(document: OpenApi) -> Router {
    let bytes = text(document);
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    let tag =
        HeaderValue::from_str(&format!("\"{:016x}\"", hasher.finish())).unwrap_or(HeaderValue::from_static("\"0\""));
    let answer = move || async move {
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            (header::ETAG, tag),
        ];
        (headers, bytes).into_response()
    };
    Router::new().route("/openapi.json", get(answer))
}

/// The finished document as text. It takes many times its size to make, which a thread of its own gives back when it ends.
fn text(document: OpenApi) -> Bytes {
    let made = thread::spawn(move || finish(&document).to_string()).join();
    made.map(|text| Bytes::copy_from_slice(text.as_bytes())).unwrap_or_default()
}

/// The page that shows the document, with all its files from this binary.
pub(crate) fn docs() -> Router {
    let config = Config::new(["/openapi.json"]).persist_authorization(false).try_it_out_enabled(true);
    Router::from(SwaggerUi::new("/docs").config(config)).layer(map_response(allow_page))
}

/// The page sets styles from its script; everything comes from here, and nothing may frame it.
async fn allow_page(mut response: Response) -> Response {
    let policy = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; base-uri 'none'; \
        form-action 'self'; frame-ancestors 'none'";
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}
