//! `POST /me/password`: one's own password.

use crate::{
    AppState,
    input::{Json, Restricted},
    problem::Problem,
};
use axum::{extract::State, http::StatusCode};
use keystead_service::passwords::{self, ChangePassword};
use serde::Deserialize;
use utoipa::ToSchema;

/// The old and the new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordChange {
    /// The one in use, so that an open screen does not suffice.
    #[schema(format = Password, max_length = 256)]
    current_password: String,
    /// The one to come: hard to guess, 10 characters or more.
    #[schema(format = Password, min_length = 10, max_length = 256)]
    new_password: String,
}

/// Changes one's own password and ends one's other sessions.
#[utoipa::path(
    post, path = "/me/password", tag = "accounts", request_body = PasswordChange,
    responses((status = 204, description = "Changed. This session goes on; the others have ended."))
)]
pub(crate) async fn change_password(
    State(state): State<AppState>,
    Restricted(caller): Restricted,
    Json { value, .. }: Json<PasswordChange>,
) -> Result<StatusCode, Problem> {
    let PasswordChange { current_password, new_password } = value;
    let input = ChangePassword { current_password, new_password };
    passwords::change_password(state.app(), caller.restricted_caller(), input).await?;
    Ok(StatusCode::NO_CONTENT)
}
