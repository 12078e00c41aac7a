//! Every route there is, and the document that describes them.

use crate::{
    AppState, access, accounts, audit, authzen, catalogue, edge::access_version, health, invitations, jobs, keys,
    metrics, navigation, openapi, organizations, pages, service_accounts, sessions, teams, user_levels,
};
use axum::{Router, middleware, routing::get};
use serde_json::Value;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

/// The API with its layers, its document and its pages.
pub fn router(state: AppState) -> Router {
    let api = api().layer(middleware::from_fn_with_state(state.clone(), access_version::tell));
    let (mut router, document) = described(api).split_for_parts();
    if state.edge().settings.metrics_beside_api {
        router = router.merge(Router::from(metrics::routes()));
    }
    let router = router
        .with_state(state.clone())
        .merge(openapi::router(document))
        .merge(openapi::docs())
        .route("/", get(pages::welcome));
    state.edge().surround(router)
}

/// The API's layers around routes that are none of the API's: what a benchmark compares with.
pub fn surrounded(state: &AppState, routes: Router) -> Router {
    state.edge().surround(routes)
}

/// The OpenAPI 3.1 document, as `/openapi.json` serves it.
#[must_use]
pub fn openapi_document() -> Value {
    openapi::finish(&described(api()).into_openapi())
}

/// What the document describes. `/metrics` is the operator's, so it is not among it.
fn described(api: OpenApiRouter<AppState>) -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(openapi::Document::openapi())
        .nest("/api/v1", api)
        .merge(health::routes())
        .merge(keys::routes())
        .merge(authzen::routes())
}

fn api() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(accounts::routes())
        .merge(sessions::routes())
        .merge(access::routes())
        .merge(catalogue::routes())
        .merge(user_levels::routes())
        .merge(navigation::routes())
        .merge(organizations::routes())
        .merge(invitations::routes())
        .merge(teams::routes())
        .merge(service_accounts::routes())
        .merge(audit::routes())
        .merge(jobs::routes())
}
