//! `POST /invitations/accept` and `/decline`: the invited person's answer.

use super::view::{Accepted, Invitation};
use crate::{
    AppState,
    edge::access_version::Written,
    input::{Json, Signed},
    problem::Problem,
};
use axum::extract::{Extension, State};
use keystead_service::organizations::invitations;
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

/// The token of an invitation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InvitationToken {
    /// As it was given to the invited person.
    #[schema(max_length = 512)]
    token: String,
}

/// Joins the organization that one is invited to. Switch to it to work in it.
#[utoipa::path(
    post, path = "/invitations/accept", tag = "organizations", request_body = InvitationToken,
    responses(
        (status = 200, description = "The place in the organization.", body = Accepted),
        (status = 404, description = "The caller has no such open invitation."),
    )
)]
pub(crate) async fn accept_invitation(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Json { value, .. }: Json<InvitationToken>,
) -> Result<(Extension<Written>, axum::Json<Accepted>), Problem> {
    let accepted = invitations::accept_invitation(state.app(), &caller, &SecretString::from(value.token)).await?;
    Ok((Extension(Written(accepted.membership.organization_id)), axum::Json(accepted.into())))
}

/// Says no to an invitation.
#[utoipa::path(
    post, path = "/invitations/decline", tag = "organizations", request_body = InvitationToken,
    responses(
        (status = 200, description = "The invitation, declined.", body = Invitation),
        (status = 404, description = "The caller has no such open invitation."),
    )
)]
pub(crate) async fn decline_invitation(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Json { value, .. }: Json<InvitationToken>,
) -> Result<axum::Json<Invitation>, Problem> {
    let declined = invitations::decline_invitation(state.app(), &caller, &SecretString::from(value.token)).await?;
    Ok(axum::Json(declined.into()))
}
