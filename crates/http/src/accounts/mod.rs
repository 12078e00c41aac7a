//! The signed-in person, and everyone's accounts.

mod me;
mod own_organizations;
mod password;
mod register;
mod users;
pub(crate) mod view;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(register::register))
        .routes(routes!(me::get_me, me::update_me))
        .routes(routes!(password::change_password))
        .routes(routes!(own_organizations::list_own_organizations))
        .merge(users::routes())
}
