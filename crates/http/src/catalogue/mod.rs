//! The product catalogue: views, modules, features, what belongs together, and the menu.

mod document;
mod features;
mod filter;
mod linked;
mod menu_items;
mod modules;
mod outcome;
mod sub_menu_items;
mod views;

pub(crate) use filter::active;

use crate::AppState;
use utoipa_axum::router::OpenApiRouter;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(views::routes())
        .merge(modules::routes())
        .merge(features::routes())
        .merge(linked::routes())
        .merge(menu_items::routes())
        .merge(sub_menu_items::routes())
        .merge(document::routes())
}
