//! Organizations and their members.

mod change;
mod create;
mod list;
mod members;
mod modules;
mod read;
pub(crate) mod view;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_organizations, create::create_organization))
        .routes(routes!(read::get_organization, change::update_organization, change::archive_organization))
        .merge(members::routes())
        .merge(modules::routes())
}
