//! `GET /invitations/{invitation_id}`.

use super::view::Invitation;
use crate::{
    AppState,
    input::{Id, Signed},
    openapi,
    problem::Problem,
    reply::Versioned,
};
use axum::extract::State;
use keystead_domain::InvitationId;
use keystead_service::organizations::invitations;

/// Shows an invitation, without its token.
#[utoipa::path(
    get, path = "/invitations/{invitation_id}", tag = "organizations",
    params(("invitation_id" = Uuid, Path, description = "The invitation."), openapi::Unless),
    responses((status = 200, description = "The invitation.", body = Invitation, headers(("ETag" = String))))
)]
pub(crate) async fn get_invitation(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<InvitationId>,
) -> Result<Versioned<Invitation>, Problem> {
    let body = Invitation::from(invitations::get_invitation(state.app(), &caller, caller.organization_id, id).await?);
    Ok(Versioned(body.version, body))
}
