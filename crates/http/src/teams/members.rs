//! `/teams/{team_id}/members`.

use super::view::TeamMember;
use crate::{
    AppState,
    input::{Id, Paged, Query, Signed},
    problem::Problem,
    reply::Page,
};
use axum::{extract::State, http::StatusCode};
use keystead_domain::{TeamId, UserId};
use keystead_service::organizations::teams::{self, ListTeamMembers};

/// Lists a team's members.
#[utoipa::path(
    get, path = "/teams/{team_id}/members", tag = "organizations",
    params(("team_id" = Uuid, Path, description = "The team."), Paged),
    responses((status = 200, description = "A page of them.", body = Page<TeamMember>))
)]
pub(crate) async fn list_team_members(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(team): Id<TeamId>,
    Query(query): Query<Paged>,
) -> Result<Page<TeamMember>, Problem> {
    let found = teams::list_team_members(
        state.app(),
        &caller,
        ListTeamMembers { organization: caller.organization_id, team, page: query.input()? },
    )
    .await?;
    Ok(Page::of(found, TeamMember::from))
}

/// Takes a member of the organization into a team. Doing it again changes nothing.
#[utoipa::path(
    put, path = "/teams/{team_id}/members/{user_id}", tag = "organizations",
    params(
        ("team_id" = Uuid, Path, description = "The team."),
        ("user_id" = Uuid, Path, description = "The person."),
    ),
    responses((status = 200, description = "The place in the team.", body = TeamMember))
)]
pub(crate) async fn add_team_member(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id((team, user)): Id<(TeamId, UserId)>,
) -> Result<axum::Json<TeamMember>, Problem> {
    let member = teams::add_team_member(state.app(), &caller, caller.organization_id, team, user).await?;
    Ok(axum::Json(member.into()))
}

/// Takes someone out of a team.
#[utoipa::path(
    delete, path = "/teams/{team_id}/members/{user_id}", tag = "organizations",
    params(
        ("team_id" = Uuid, Path, description = "The team."),
        ("user_id" = Uuid, Path, description = "The person."),
    ),
    responses((status = 204, description = "Not in the team any more."))
)]
pub(crate) async fn remove_team_member(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id((team, user)): Id<(TeamId, UserId)>,
) -> Result<StatusCode, Problem> {
    teams::remove_team_member(state.app(), &caller, caller.organization_id, team, user).await?;
    Ok(StatusCode::NO_CONTENT)
}
