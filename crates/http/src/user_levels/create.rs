//! `POST /user-levels`.

use super::view::UserLevel;
use crate::{
    AppState,
    input::{CreateKey, Json, Signed, Whose},
    openapi,
    problem::Problem,
    reply::Created,
};
use axum::extract::State;
use keystead_service::access::user_levels::{self, CreateUserLevel};
use serde::Deserialize;
use utoipa::ToSchema;

/// A new user level.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewUserLevel {
    /// Its name, unique in the organization.
    #[schema(min_length = 1, max_length = 255, example = "Clerks")]
    name: String,
    /// What it is for.
    #[schema(max_length = 2000)]
    description: Option<String>,
}

/// Makes a user level in the organization, which permits nothing yet.
#[utoipa::path(
    post, path = "/user-levels", tag = "access", params(openapi::CreateKey, Whose), request_body = NewUserLevel,
    responses((
        status = 201, description = "The user level.", body = UserLevel, headers(("ETag" = String), ("Location" = String))
    ))
)]
pub(crate) async fn create_user_level(
    State(state): State<AppState>,
    Signed(caller): Signed,
    whose: Whose,
    key: CreateKey,
    Json { value, bytes }: Json<NewUserLevel>,
) -> Result<Created<UserLevel>, Problem> {
    let key = key.with(state.app(), &bytes)?;
    let NewUserLevel { name, description } = value;
    let organization = whose.organization_id.unwrap_or(caller.organization_id);
    let input = CreateUserLevel { organization, name, description };
    let body = UserLevel::from(user_levels::create_user_level(state.app(), &caller, input, key).await?);
    Ok(Created { location: format!("/api/v1/user-levels/{}", body.id), version: Some(body.version), body })
}
