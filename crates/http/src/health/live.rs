//! `/health/live`: the process answers. It asks nothing else, so that a slow database restarts nobody.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

/// That the process answers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Liveness {
    /// Always `live`.
    status: &'static str,
    /// The program's version.
    version: &'static str,
}

/// Whether the process answers.
#[utoipa::path(
    get, path = "/health/live", tag = "health", security(()),
    responses((status = 200, description = "It does.", body = Liveness))
)]
pub(crate) async fn live() -> Json<Liveness> {
    Json(Liveness { status: "live", version: env!("CARGO_PKG_VERSION") })
}
