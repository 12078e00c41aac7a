//! `POST /sessions/current/organization`: go on in another organization.

use crate::{
    AppState,
    input::{Json, Signed},
    organizations::view::Organization,
    problem::Problem,
};
use axum::extract::State;
use keystead_domain::OrganizationId;
use keystead_service::sessions;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where to go on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Destination {
    /// One that the caller is a member of.
    #[schema(value_type = Uuid)]
    organization_id: OrganizationId,
}

/// An access token for the organization; the refresh token stays.
#[derive(Serialize, ToSchema)]
pub(crate) struct Switched {
    /// For the `Authorization` header. Earlier access tokens go on naming the organization before.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// How long the access token is good for, in seconds.
    expires_in: i64,
    /// The organization.
    organization: Organization,
    /// The names of the roles held there.
    roles: Vec<String>,
}

/// Moves the session to another organization.
#[utoipa::path(
    post, path = "/sessions/current/organization", tag = "sessions", request_body = Destination,
    responses(
        (status = 200, description = "An access token for the organization.", body = Switched),
        (status = 404, description = "The caller is no member of such an organization."),
    )
)]
pub(crate) async fn switch_organization(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Json { value, .. }: Json<Destination>,
) -> Result<axum::Json<Switched>, Problem> {
    let done = sessions::switch_organization(state.app(), &caller, value.organization_id).await?;
    Ok(axum::Json(Switched {
        access_token: done.access_token.token.expose_secret().to_owned(),
        token_type: "Bearer",
        expires_in: done.access_token.expires_in,
        organization: done.organization.into(),
        roles: done.roles,
    }))
}
