//! `DELETE /sessions/…`: one's own sessions end.

use crate::{
    AppState,
    input::{Id, Restricted, Signed},
    problem::Problem,
};
use axum::{extract::State, http::StatusCode};
use keystead_domain::SessionId;
use keystead_service::sessions;

/// Signs out: this session ends, with its access tokens. It works also while the password must be changed first.
#[utoipa::path(
    delete, path = "/sessions/current", tag = "sessions",
    responses((status = 204, description = "Signed out."))
)]
pub(crate) async fn sign_out(
    State(state): State<AppState>,
    Restricted(caller): Restricted,
) -> Result<StatusCode, Problem> {
    sessions::sign_out(state.app(), caller.restricted_caller()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends all of one's sessions but this one.
#[utoipa::path(
    delete, path = "/sessions/others", tag = "sessions",
    responses((status = 204, description = "They have ended, with their access tokens."))
)]
pub(crate) async fn end_other_sessions(
    State(state): State<AppState>,
    Signed(caller): Signed,
) -> Result<StatusCode, Problem> {
    sessions::end_other_sessions(state.app(), &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends one of one's own sessions.
#[utoipa::path(
    delete, path = "/sessions/{session_id}", tag = "sessions",
    params(("session_id" = Uuid, Path, description = "The session.")),
    responses((status = 204, description = "It has ended, with its access tokens."))
)]
pub(crate) async fn end_session(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(session): Id<SessionId>,
) -> Result<StatusCode, Problem> {
    sessions::end_session(state.app(), &caller, session).await?;
    Ok(StatusCode::NO_CONTENT)
}
