//! Sign in, stay signed in, sign out.

mod end;
mod list;
mod refresh;
mod sign_in;
mod switch;
pub(crate) mod view;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(sign_in::sign_in, list::list_sessions))
        .routes(routes!(refresh::refresh))
        .routes(routes!(end::sign_out))
        .routes(routes!(end::end_other_sessions))
        .routes(routes!(end::end_session))
        .routes(routes!(switch::switch_organization))
}
