//! `POST /users/{user_id}/password-reset`.

use crate::{
    AppState,
    input::{Id, Json, Signed},
    problem::Problem,
};
use axum::extract::State;
use keystead_domain::UserId;
use keystead_service::passwords::{self, ResetPassword};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The password to set.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordReset {
    /// Made up and shown once when absent.
    #[schema(format = Password, min_length = 10, max_length = 256)]
    password: Option<String>,
}

/// What came of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct PasswordResetDone {
    /// The password that was made up. It is shown here and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
    /// How many sessions have ended with the old one.
    ended_sessions: u64,
}

/// Sets someone's password, to be changed at the next sign-in, and ends their sessions.
#[utoipa::path(
    post, path = "/users/{user_id}/password-reset", tag = "accounts", request_body = PasswordReset,
    params(("user_id" = Uuid, Path, description = "The account.")),
    responses((status = 200, description = "It is set.", body = PasswordResetDone))
)]
pub(crate) async fn reset_password(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(user): Id<UserId>,
    Json { value, .. }: Json<PasswordReset>,
) -> Result<axum::Json<PasswordResetDone>, Problem> {
    let input = ResetPassword { user, password: value.password };
    let done = passwords::reset_password(state.app(), &caller, input).await?;
    Ok(axum::Json(PasswordResetDone {
        password: done.password.map(|password| password.expose_secret().to_owned()),
        ended_sessions: done.ended_sessions,
    }))
}
