//! `/user-levels/{user_level_id}/view-permissions`.

mod list;
mod one;
mod write;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_view_permissions, write::put_view_permissions))
        .routes(routes!(write::replace_view_permissions))
        .routes(routes!(one::get_view_permission, one::update_view_permission, one::delete_view_permission))
}
