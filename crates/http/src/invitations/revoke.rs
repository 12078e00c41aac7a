//! `DELETE /invitations/{invitation_id}`.

use crate::{
    AppState,
    input::{Id, IfMatch, Signed},
    openapi,
    problem::Problem,
};
use axum::{extract::State, http::StatusCode};
use keystead_domain::InvitationId;
use keystead_service::organizations::invitations::{self, RevokeInvitation};

/// Withdraws an invitation that is not answered yet.
#[utoipa::path(
    delete, path = "/invitations/{invitation_id}", tag = "organizations",
    params(("invitation_id" = Uuid, Path, description = "The invitation."), openapi::Revision),
    responses((status = 204, description = "Its token is worth nothing any more."))
)]
pub(crate) async fn revoke_invitation(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(invitation): Id<InvitationId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Problem> {
    let organization = caller.organization_id;
    let input = RevokeInvitation { organization, invitation, version: Some(version) };
    invitations::revoke_invitation(state.app(), &caller, input).await?;
    Ok(StatusCode::NO_CONTENT)
}
