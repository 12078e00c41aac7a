//! `POST /roles`.

use crate::{
    AppState,
    access::view::Role,
    input::{CreateKey, Json, Signed},
    openapi,
    problem::Problem,
    reply::Created,
};
use axum::extract::State;
use keystead_service::access::roles::{self, CreateRole};
use serde::Deserialize;
use utoipa::ToSchema;

/// A new role.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRole {
    /// Its name, of lower-case letters, digits, `_` and `-`, unique in the organization.
    #[schema(pattern = "^[a-z0-9_-]{1,50}$", example = "team-makers")]
    name: String,
    /// What it is for.
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// The names of the permissions that it has.
    #[serde(default)]
    #[schema(max_items = 500, example = json!(["teams:create:organization"]))]
    permissions: Vec<String>,
}

/// Makes a role in the organization. Nobody puts a permission into it that he lacks.
#[utoipa::path(
    post, path = "/roles", tag = "access", params(openapi::CreateKey), request_body = NewRole,
    responses((status = 201, description = "The role.", body = Role, headers(("ETag" = String), ("Location" = String))))
)]
pub(crate) async fn create_role(
    State(state): State<AppState>,
    Signed(caller): Signed,
    key: CreateKey,
    Json { value, bytes }: Json<NewRole>,
) -> Result<Created<Role>, Problem> {
    let key = key.with(state.app(), &bytes)?;
    let NewRole { name, description, permissions } = value;
    let input = CreateRole { organization: caller.organization_id, name, description, permissions };
    let body = Role::from(roles::create_role(state.app(), &caller, input, key).await?);
    Ok(Created { location: format!("/api/v1/roles/{}", body.id), version: Some(body.version), body })
}
