//! Invitations into an organization.

mod answer;
mod create;
mod list;
mod read;
mod revoke;
pub(crate) mod view;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_invitations, create::create_invitation))
        .routes(routes!(answer::accept_invitation))
        .routes(routes!(answer::decline_invitation))
        .routes(routes!(read::get_invitation, revoke::revoke_invitation))
}
