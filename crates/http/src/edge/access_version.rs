//! Which access version a write has led to, so that whoever decides elsewhere can ask for nothing older.

use crate::AppState;
use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, request::Parts},
    middleware::Next,
    response::Response,
};
use keystead_domain::OrganizationId;
use keystead_service::access::access_version;
use std::sync::{Arc, OnceLock};

/// The access version of the organization that the caller works in, not older than what the request has changed.
pub(crate) const ACCESS_VERSION: HeaderName = HeaderName::from_static("keystead-access-version");

/// Where the request's caller works; nowhere before it is known.
#[derive(Clone, Default)]
struct Workplace(Arc<OnceLock<OrganizationId>>);

/// Notes where the caller of a request works.
pub(crate) fn note(parts: &Parts, organization: OrganizationId) {
    if let Some(place) = parts.extensions.get::<Workplace>() {
        let _ = place.0.set(organization);
    }
}

/// Puts the access version into the answers to successful writes of signed-in callers.
pub(crate) async fn tell(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return next.run(request).await;
    }
    let place = Workplace::default();
    request.extensions_mut().insert(place.clone());
    let mut response = next.run(request).await;
    let is_told = !response.status().is_success() || response.headers().contains_key(&ACCESS_VERSION);
    if let Some(organization) = place.0.get().filter(|_| !is_told) {
        // What was done is done: when this cannot be asked, the answer goes without it.
        if let Ok(version) = access_version(state.app(), *organization).await {
            response.headers_mut().insert(ACCESS_VERSION, HeaderValue::from(version));
        }
    }
    response
}
