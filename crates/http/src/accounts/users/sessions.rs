//! `/users/{user_id}/sessions`: someone else's sessions, for the platform's administrators.

use crate::{
    AppState,
    input::{Id, Paged, Query, Signed},
    problem::Problem,
    reply::Page,
    sessions::view::Session,
};
use axum::{extract::State, http::StatusCode};
use keystead_domain::{SessionId, UserId};
use keystead_service::sessions::{self, ListSessions, RevokeSessions};

/// Lists someone's sessions.
#[utoipa::path(
    get, path = "/users/{user_id}/sessions", tag = "accounts",
    params(("user_id" = Uuid, Path, description = "The account."), Paged),
    responses((status = 200, description = "A page of them, oldest first.", body = Page<Session>))
)]
pub(crate) async fn list_sessions_of_user(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(user): Id<UserId>,
    Query(query): Query<Paged>,
) -> Result<Page<Session>, Problem> {
    let input = ListSessions { user: Some(user), page: query.input()? };
    let found = sessions::list_sessions(state.app(), &caller, input).await?;
    Ok(Page::of(found, |session| Session::seen_by(&caller, session)))
}

/// Ends all of someone's sessions.
#[utoipa::path(
    delete, path = "/users/{user_id}/sessions", tag = "accounts",
    params(("user_id" = Uuid, Path, description = "The account.")),
    responses((status = 204, description = "They have ended, with their access tokens."))
)]
pub(crate) async fn end_sessions_of_user(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(user): Id<UserId>,
) -> Result<StatusCode, Problem> {
    sessions::revoke_sessions(state.app(), &caller, RevokeSessions { user, session: None }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends one of someone's sessions.
#[utoipa::path(
    delete, path = "/users/{user_id}/sessions/{session_id}", tag = "accounts",
    params(
        ("user_id" = Uuid, Path, description = "The account."),
        ("session_id" = Uuid, Path, description = "The session."),
    ),
    responses((status = 204, description = "It has ended, with its access tokens."))
)]
pub(crate) async fn end_session_of_user(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id((user, session)): Id<(UserId, SessionId)>,
) -> Result<StatusCode, Problem> {
    sessions::revoke_sessions(state.app(), &caller, RevokeSessions { user, session: Some(session) }).await?;
    Ok(StatusCode::NO_CONTENT)
}
