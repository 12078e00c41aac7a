//! One's own menu, and where one has been.

mod menu;
mod trail;
mod view;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(menu::get_navigation)).routes(routes!(
        trail::recent_trail,
        trail::record_trail,
        trail::clear_trail
    ))
}
