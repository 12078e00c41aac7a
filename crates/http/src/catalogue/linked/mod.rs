//! What belongs together: `/modules/{module_id}/views`, `/modules/{module_id}/features`, `/features/{feature_id}/views`.

mod feature_views;
mod module_features;
mod module_views;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(module_views::get_module_views, module_views::set_module_views))
        .routes(routes!(module_features::get_module_features, module_features::set_module_features))
        .routes(routes!(feature_views::get_feature_views, feature_views::set_feature_views))
}
