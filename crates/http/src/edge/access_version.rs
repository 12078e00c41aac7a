//! Which access version a write has led to, so that whoever decides elsewhere can ask for nothing older.

use crate::AppState;
use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, request::Parts},
    middleware::Next,
    response::Response,
};
use keystead_domain::OrganizationId;
use keystead_service::access::access_version;
use std::sync::{Arc, OnceLock};

/// The access version of the organization that was written in, not older than what the request has changed: the one that the path
/// or the query names, or that was founded or joined; else the one that the caller works in.
pub(crate) const ACCESS_VERSION: HeaderName = HeaderName::from_static("keystead-access-version");

/// Where the request's caller works; nowhere before it is known.
#[derive(Clone, Default)]
struct Workplace(Arc<OnceLock<OrganizationId>>);

/// In an answer: which organization was written in, where the request itself does not name it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written(pub(crate) OrganizationId);

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
    let named = named(&request);
    let place = Workplace::default();
    request.extensions_mut().insert(place.clone());
    let mut response = next.run(request).await;
    let is_told = !response.status().is_success() || response.headers().contains_key(&ACCESS_VERSION);
    // Nobody is told of another organization than the one that the answer is about: that was guarded.
    if let Some(workplace) = place.0.get().filter(|_| !is_told) {
        let written = response.extensions().get::<Written>().map(|written| written.0);
        // What was done is done: when this cannot be asked, the answer goes without it.
        if let Ok(version) = access_version(state.app(), written.or(named).unwrap_or(*workplace)).await {
            response.headers_mut().insert(ACCESS_VERSION, HeaderValue::from(version));
        }
    }
    response
}

/// The organization that the request names as the one that it is about.
fn named(request: &Request) -> Option<OrganizationId> {
    let (uri, route) = (request.uri(), request.extensions().get::<MatchedPath>());
    // Which organization it is depends on the route, and not on what happens to look like one.
    let place = route.and_then(|route| route.as_str().split('/').position(|part| part == "{organization_id}"));
    let in_path = place.and_then(|place| uri.path().split('/').nth(place));
    let in_query = || uri.query()?.split('&').find_map(|pair| pair.strip_prefix("organization_id="));
    in_path.or_else(in_query)?.parse().ok()
}
