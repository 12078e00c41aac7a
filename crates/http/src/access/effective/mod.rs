//! What people may do, with the reasons.

mod of_user;
mod own;
mod query;
pub(super) mod view;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(own::own_permissions)).routes(routes!(of_user::permissions_of_user))
}
