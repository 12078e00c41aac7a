//! `POST /sessions/refresh`: the next tokens of a session.

use crate::{
    AppState,
    input::{Anyone, Json},
    problem::Problem,
};
use axum::extract::State;
use keystead_service::sessions::{self, Refresh};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The refresh token in hand.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refreshing {
    /// The latest that was given out.
    #[schema(max_length = 512)]
    refresh_token: String,
}

/// The next tokens. They are shown here and never again.
#[derive(Serialize, ToSchema)]
pub(crate) struct Tokens {
    /// For the `Authorization` header.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// How long the access token is good for, in seconds.
    expires_in: i64,
    /// Gives the next access token. It works once.
    refresh_token: String,
}

/// Trades a refresh token for the next tokens.
///
/// A token works once. Its immediate predecessor is answered with the same successor for ten seconds, for a reply that was
/// lost; an older one ends the session, since somebody else may hold a copy.
#[utoipa::path(
    post, path = "/sessions/refresh", tag = "sessions", security(()), request_body = Refreshing,
    responses(
        (status = 200, description = "The next tokens.", body = Tokens),
        (status = 401, description = "The token is of no use: sign in again."),
    )
)]
pub(crate) async fn refresh(
    State(state): State<AppState>,
    Anyone(caller): Anyone,
    Json { value, .. }: Json<Refreshing>,
) -> Result<axum::Json<Tokens>, Problem> {
    let input = Refresh { refresh_token: SecretString::from(value.refresh_token) };
    let done = sessions::refresh(state.app(), &caller, input).await?;
    Ok(axum::Json(Tokens {
        access_token: done.access_token.token.expose_secret().to_owned(),
        token_type: "Bearer",
        expires_in: done.access_token.expires_in,
        refresh_token: done.refresh_token.expose_secret().to_owned(),
    }))
}
