//! `POST /teams`.

use super::view::Team;
use crate::{
    AppState,
    input::{CreateKey, Json, Signed},
    openapi,
    problem::Problem,
    reply::Created,
};
use axum::extract::State;
use keystead_service::organizations::teams::{self, CreateTeam};
use serde::Deserialize;
use utoipa::ToSchema;

/// A new team.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTeam {
    /// Its name, unique in the organization.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// What it is for.
    #[schema(max_length = 2000)]
    description: Option<String>,
}

/// Forms a team in the organization.
#[utoipa::path(
    post, path = "/teams", tag = "organizations", params(openapi::CreateKey), request_body = NewTeam,
    responses((status = 201, description = "The team.", body = Team, headers(("ETag" = String), ("Location" = String))))
)]
pub(crate) async fn create_team(
    State(state): State<AppState>,
    Signed(caller): Signed,
    key: CreateKey,
    Json { value, bytes }: Json<NewTeam>,
) -> Result<Created<Team>, Problem> {
    let key = key.with(state.app(), &bytes)?;
    let NewTeam { name, description } = value;
    let input = CreateTeam { organization: caller.organization_id, name, description };
    let body = Team::from(teams::create_team(state.app(), &caller, input, key).await?);
    Ok(Created { location: format!("/api/v1/teams/{}", body.id), version: Some(body.version), body })
}
