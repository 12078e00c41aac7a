//! `GET /teams/{team_id}`.

use super::view::Team;
use crate::{
    AppState,
    input::{Id, Signed},
    openapi,
    problem::Problem,
    reply::Versioned,
};
use axum::extract::State;
use keystead_domain::TeamId;
use keystead_service::organizations::teams;

/// Shows a team.
#[utoipa::path(
    get, path = "/teams/{team_id}", tag = "organizations",
    params(("team_id" = Uuid, Path, description = "The team."), openapi::Unless),
    responses((status = 200, description = "The team.", body = Team, headers(("ETag" = String))))
)]
pub(crate) async fn get_team(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<TeamId>,
) -> Result<Versioned<Team>, Problem> {
    let body = Team::from(teams::get_team(state.app(), &caller, caller.organization_id, id).await?);
    Ok(Versioned(body.version, body))
}
