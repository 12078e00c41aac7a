//! Teams inside an organization.

mod change;
mod create;
mod list;
mod members;
mod read;
pub(crate) mod view;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_teams, create::create_team))
        .routes(routes!(read::get_team, change::update_team, change::delete_team))
        .routes(routes!(members::list_team_members))
        .routes(routes!(members::add_team_member, members::remove_team_member))
}
