//! `PATCH` and `DELETE /teams/{team_id}`.

use super::view::Team;
use crate::{
    AppState,
    input::{Id, IfMatch, Json, Signed, given},
    openapi,
    problem::Problem,
    reply::Versioned,
};
use axum::{extract::State, http::StatusCode};
use keystead_domain::TeamId;
use keystead_service::organizations::teams::{self, DeleteTeam, UpdateTeam};
use serde::Deserialize;
use utoipa::ToSchema;

/// What can be changed about a team. What is absent stays; null clears the description.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TeamChange {
    /// Its name, unique in the organization.
    #[schema(min_length = 1, max_length = 255)]
    name: Option<String>,
    /// What it is for.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 2000)]
    description: Option<Option<String>>,
}

/// Changes a team.
#[utoipa::path(
    patch, path = "/teams/{team_id}", tag = "organizations", request_body = TeamChange,
    params(("team_id" = Uuid, Path, description = "The team."), openapi::Revision),
    responses((status = 200, description = "The team as it is now.", body = Team, headers(("ETag" = String))))
)]
pub(crate) async fn update_team(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(team): Id<TeamId>,
    IfMatch(version): IfMatch,
    Json { value, .. }: Json<TeamChange>,
) -> Result<Versioned<Team>, Problem> {
    let TeamChange { name, description } = value;
    let input = UpdateTeam { organization: caller.organization_id, team, version, name, description };
    let body = Team::from(teams::update_team(state.app(), &caller, input).await?);
    Ok(Versioned(body.version, body))
}

/// Dissolves a team. Its members stay in the organization.
#[utoipa::path(
    delete, path = "/teams/{team_id}", tag = "organizations",
    params(("team_id" = Uuid, Path, description = "The team."), openapi::Revision),
    responses((status = 204, description = "Dissolved."))
)]
pub(crate) async fn delete_team(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(team): Id<TeamId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Problem> {
    teams::delete_team(state.app(), &caller, DeleteTeam { organization: caller.organization_id, team, version })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
