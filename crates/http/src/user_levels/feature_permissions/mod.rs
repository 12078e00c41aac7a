//! `/user-levels/{user_level_id}/feature-permissions`.

mod list;
mod one;
mod write;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_feature_permissions, write::put_feature_permissions))
        .routes(routes!(write::replace_feature_permissions))
        .routes(routes!(one::get_feature_permission, one::update_feature_permission, one::delete_feature_permission))
}
