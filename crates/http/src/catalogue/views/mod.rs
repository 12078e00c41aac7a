//! `/views`.

mod change;
mod create;
mod list;
mod put;
mod read;
pub(crate) mod view;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list::list_views, create::create_view, put::put_views)).routes(routes!(
        read::get_view,
        change::update_view,
        change::delete_view
    ))
}
