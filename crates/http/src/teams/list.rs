//! `GET /teams`.

use super::view::Team;
use crate::{
    AppState,
    input::{Paged, Query, Signed},
    problem::Problem,
    reply::Page,
};
use axum::extract::State;
use keystead_service::organizations::teams::{self, ListTeams};

/// Lists the organization's teams.
#[utoipa::path(
    get, path = "/teams", tag = "organizations", params(Paged),
    responses((status = 200, description = "A page of them, oldest first.", body = Page<Team>))
)]
pub(crate) async fn list_teams(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Query(query): Query<Paged>,
) -> Result<Page<Team>, Problem> {
    let found = teams::list_teams(
        state.app(),
        &caller,
        ListTeams { organization: caller.organization_id, page: query.input()? },
    )
    .await?;
    Ok(Page::of(found, Team::from))
}
