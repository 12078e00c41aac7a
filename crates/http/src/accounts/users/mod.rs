//! `/users`: everyone's accounts, for those who may see or change them.

mod change;
mod create;
mod list;
mod password;
mod read;
mod sessions;
mod status;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_users, create::create_user))
        .routes(routes!(read::get_user, change::update_user))
        .routes(routes!(status::disable_user))
        .routes(routes!(status::enable_user))
        .routes(routes!(status::unlock_user))
        .routes(routes!(password::reset_password))
        .routes(routes!(sessions::list_sessions_of_user, sessions::end_sessions_of_user))
        .routes(routes!(sessions::end_session_of_user))
}
