//! `/organizations/{organization_id}/members`.

mod change;
mod read;
mod remove;
mod roles;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(read::list_members))
        .routes(routes!(read::get_member, change::update_member, remove::remove_member))
        .routes(routes!(roles::set_member_roles))
}
