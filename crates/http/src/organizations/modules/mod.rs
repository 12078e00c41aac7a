//! `/organizations/{organization_id}/modules`.

mod list;
mod one;
mod replace;
mod view;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_organization_modules, replace::replace_organization_modules))
        .routes(routes!(one::set_organization_module, one::remove_organization_module))
}
