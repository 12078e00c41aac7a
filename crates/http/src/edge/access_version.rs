//! Which access version a write has led to, so that whoever decides elsewhere can ask for nothing older.

use crate::AppState;
use axum::{
    extract::{MatchedPath, OriginalUri, Request, State},
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

/// What the operation has read of the request; nothing before it has.
#[derive(Clone, Default)]
struct Places(Arc<Read>);

#[derive(Default)]
struct Read {
    /// Where the caller works.
    workplace: OnceLock<OrganizationId>,
    /// Which organization the query names.
    named: OnceLock<OrganizationId>,
}

/// In an answer: which organization was written in, where the request itself does not name it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written(pub(crate) OrganizationId);

/// Notes where the caller of a request works.
pub(crate) fn note(parts: &Parts, organization: OrganizationId) {
    if let Some(places) = parts.extensions.get::<Places>() {
        let _ = places.0.workplace.set(organization);
    }
}

/// Notes which organization the query of a request names. Only an operation that reads it does so: it guards it, too. What
/// others find in their queries says nothing, and nobody is told a version for it.
pub(crate) fn note_named(parts: &Parts, organization: OrganizationId) {
    if let Some(places) = parts.extensions.get::<Places>() {
        let _ = places.0.named.set(organization);
    }
}

/// Puts the access version into the answers to successful writes of signed-in callers.
pub(crate) async fn tell(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return next.run(request).await;
    }
    let in_path = in_path(&request);
    let places = Places::default();
    request.extensions_mut().insert(places.clone());
    let mut response = next.run(request).await;
    let is_told = !response.status().is_success() || response.headers().contains_key(&ACCESS_VERSION);
    // Nobody is told of another organization than the one that the answer is about: that was guarded.
    if let Some(workplace) = places.0.workplace.get().filter(|_| !is_told) {
        let written = response.extensions().get::<Written>().map(|written| written.0);
        let organization = written.or(in_path).or(places.0.named.get().copied()).unwrap_or(*workplace);
        // What was done is done: when this cannot be asked, the answer goes without it.
        if let Ok(version) = access_version(state.app(), organization).await {
            response.headers_mut().insert(ACCESS_VERSION, HeaderValue::from(version));
        }
    }
    response
}

/// The organization that the path names. Which part of it that is depends on the route, and not on what happens to look like one.
fn in_path(request: &Request) -> Option<OrganizationId> {
    let route = request.extensions().get::<MatchedPath>()?;
    let place = route.as_str().split('/').position(|part| part == "{organization_id}")?;
    // The route is told whole; the path of the request only in the form in which it came.
    let OriginalUri(uri) = request.extensions().get()?;
    uri.path().split('/').nth(place)?.parse().ok()
}
