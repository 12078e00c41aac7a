//! What changes would flip, before they are saved.

mod change;
mod levels;
mod preview;
pub(crate) mod view;

pub(crate) use preview::PreviewBody;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(preview::preview_access))
}
