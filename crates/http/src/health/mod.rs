//! Whether the server lives, and whether it can serve.

mod live;
mod ready;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(live::live)).routes(routes!(ready::ready))
}
