//! `/features`.

mod change;
mod create;
mod list;
mod put;
mod read;
pub(crate) mod view;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_features, create::create_feature, put::put_features))
        .routes(routes!(read::get_feature, change::update_feature, change::delete_feature))
}
