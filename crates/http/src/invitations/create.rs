//! `POST /invitations`.

use super::view::Invitation;
use crate::{
    AppState,
    input::{CreateKey, Json, Signed},
    openapi,
    problem::Problem,
    reply::Created,
};
use axum::extract::State;
use keystead_service::organizations::invitations::{self, CreateInvitation};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whom to invite, and as what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewInvitation {
    /// The address of the person, who must have confirmed it where addresses are confirmed.
    #[schema(format = Email, max_length = 254)]
    email: String,
    /// The name of the role that the person gets; `user` when absent.
    #[schema(example = "user")]
    role: Option<String>,
}

/// The invitation and its token.
#[derive(Serialize, ToSchema)]
pub(crate) struct CreatedInvitation {
    #[serde(flatten)]
    invitation: Invitation,
    /// For the invited person, to accept or decline with. It is shown here and never again.
    token: String,
}

/// Invites a person into the organization. Nobody invites as more than he is himself.
#[utoipa::path(
    post, path = "/invitations", tag = "organizations", params(openapi::CreateKey), request_body = NewInvitation,
    responses((status = 201, description = "The invitation.", body = CreatedInvitation, headers(("ETag" = String), ("Location" = String))))
)]
pub(crate) async fn create_invitation(
    State(state): State<AppState>,
    Signed(caller): Signed,
    key: CreateKey,
    Json { value, bytes }: Json<NewInvitation>,
) -> Result<Created<CreatedInvitation>, Problem> {
    let key = key.with(state.app(), &bytes)?;
    let NewInvitation { email, role } = value;
    let made = invitations::create_invitation(
        state.app(),
        &caller,
        CreateInvitation { organization: caller.organization_id, email, role },
        key,
    )
    .await?;
    let invitation = Invitation::from(made.invitation);
    let (location, version) = (format!("/api/v1/invitations/{}", invitation.id), Some(invitation.version));
    let body = CreatedInvitation { invitation, token: made.token.expose_secret().to_owned() };
    Ok(Created { location, version, body })
}
