//! The outermost layer: where a request gets its name and an answer its last headers.

use super::{Edge, client, conditional, headers, request_id};
use crate::{metrics::InFlight, problem};
use axum::{
    extract::{ConnectInfo, MatchedPath, Request, State},
    http::{HeaderValue, Method},
    middleware::Next,
    response::Response,
};
use keystead_domain::RequestContext;
use std::{
    net::{IpAddr, SocketAddr},
    sync::{Arc, atomic::Ordering},
};
use tracing::Instrument;

/// Names the request, lets it in, and finishes its answer.
pub(crate) async fn enter(State(edge): State<Arc<Edge>>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    if let Some(peer) = peer {
        warn_of_proxy(&edge, peer, &request);
    }
    let id = request_id::request_id(request.headers(), &edge.ids);
    let context = RequestContext {
        client_ip: client::address(peer, request.headers(), &edge.settings.trusted_proxies),
        user_agent: client::user_agent(request.headers()),
        correlation_id: id.clone(),
        source: "http",
    };
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|path| Arc::<str>::from(path.as_str()));
    let span = tracing::info_span!(
        "request",
        request_id = %id,
        method = %method,
        route = route.as_deref().unwrap_or("none"),
        client_ip = context.client_ip.map(tracing::field::display),
    );
    request.extensions_mut().insert(context);
    let asked = match method {
        Method::GET | Method::HEAD => request.headers().clone(),
        _ => axum::http::HeaderMap::new(),
    };

    let mut in_flight = InFlight::begin(&method, route);
    let finish = async {
        let response = next.run(request).await;
        let mut response = problem::render(conditional::not_modified(&method, &asked, response), &id);
        headers::secure(response.headers_mut(), edge.settings.behind_tls);
        if let Ok(value) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(request_id::X_REQUEST_ID, value);
        }
        in_flight.end(response.status());
        response
    };
    finish.instrument(span).await
}

/// Tells the operator, once, of a proxy that is not named: without its word all clients are one, and whoever guesses
/// passwords locks everybody out.
fn warn_of_proxy(edge: &Edge, peer: IpAddr, request: &Request) {
    let trusted = || client::is_trusted(peer.to_canonical(), &edge.settings.trusted_proxies);
    if edge.warned_of_proxy.load(Ordering::Relaxed) || !client::is_forwarded(request.headers()) || trusted() {
        return;
    }
    if !edge.warned_of_proxy.swap(true, Ordering::Relaxed) {
        tracing::warn!(
            %peer,
            "a request names the client that it was forwarded for, and http.trusted_proxies does not name its sender. If that is \
             your proxy, name it: until then all its clients share one address, and with it their failed sign-ins. \
             This is said once"
        );
    }
}
