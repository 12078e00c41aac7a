//! `/modules`.

mod change;
mod create;
mod list;
mod put;
mod read;
pub(crate) mod view;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list::list_modules, create::create_module, put::put_modules)).routes(routes!(
        read::get_module,
        change::update_module,
        change::delete_module
    ))
}
