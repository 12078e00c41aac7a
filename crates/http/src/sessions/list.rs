//! `GET /sessions`: one's own sessions.

use super::view::Session;
use crate::{
    AppState,
    input::{Paged, Query, Signed},
    problem::Problem,
    reply::Page,
};
use axum::extract::State;
use keystead_service::sessions::{self, ListSessions};

/// Lists one's own sessions.
#[utoipa::path(
    get, path = "/sessions", tag = "sessions", params(Paged),
    responses((status = 200, description = "A page of them, oldest first.", body = Page<Session>))
)]
pub(crate) async fn list_sessions(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Query(query): Query<Paged>,
) -> Result<Page<Session>, Problem> {
    let input = ListSessions { user: None, page: query.input()? };
    let found = sessions::list_sessions(state.app(), &caller, input).await?;
    Ok(Page::of(found, |session| Session::seen_by(&caller, session)))
}
