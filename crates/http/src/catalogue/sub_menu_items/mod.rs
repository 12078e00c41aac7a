//! `/sub-menu-items`.

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
        .routes(routes!(list::list_sub_menu_items, create::create_sub_menu_item, put::put_sub_menu_items))
        .routes(routes!(read::get_sub_menu_item, change::update_sub_menu_item, change::delete_sub_menu_item))
}
