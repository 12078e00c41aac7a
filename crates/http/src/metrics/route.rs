//! `/metrics`.

use crate::AppState;
use axum::{
    Router,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The figures beside the API.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(metrics))
}

/// `/metrics` alone, for a listener of its own that only the operator reaches.
pub fn metrics_router(state: AppState) -> Router {
    let edge = state.edge().clone();
    edge.surround(Router::new().route("/metrics", get(metrics)).with_state(state))
}

/// Figures in Prometheus text format: requests, hashing queue, pool, store latencies, users, sessions, audit events, jobs.
#[utoipa::path(
    get, path = "/metrics", tag = "health", security(()),
    responses((status = 200, description = "The figures.", body = String, content_type = "text/plain"))
)]
async fn metrics(State(state): State<AppState>) -> Response {
    let text = state.figures().render(state.app()).await;
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}
