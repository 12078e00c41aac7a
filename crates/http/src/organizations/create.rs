//! `POST /organizations`.

use super::view::Organization;
use crate::{
    AppState,
    edge::access_version::Written,
    input::{CreateKey, Json, Signed},
    openapi,
    problem::Problem,
    reply::Created,
};
use axum::extract::{Extension, State};
use keystead_domain::UserId;
use keystead_service::organizations::{self, CreateOrganization};
use serde::Deserialize;
use utoipa::ToSchema;

/// A new organization.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewOrganization {
    /// Its name; not unique.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// What its administrators note.
    #[schema(value_type = Option<Object>)]
    metadata: Option<serde_json::Value>,
    /// Whose it is to be, when an administrator of the platform founds it for someone; else the caller's own.
    #[schema(value_type = Option<Uuid>)]
    administrator: Option<UserId>,
}

/// Founds an organization, with the caller as its administrator. Switch to it to work in it.
#[utoipa::path(
    post, path = "/organizations", tag = "organizations", params(openapi::CreateKey), request_body = NewOrganization,
    responses((status = 201, description = "The organization.", body = Organization, headers(("ETag" = String), ("Location" = String))))
)]
pub(crate) async fn create_organization(
    State(state): State<AppState>,
    Signed(caller): Signed,
    key: CreateKey,
    Json { value, bytes }: Json<NewOrganization>,
) -> Result<(Extension<Written>, Created<Organization>), Problem> {
    let key = key.with(state.app(), &bytes)?;
    let NewOrganization { name, metadata, administrator } = value;
    let input = CreateOrganization { name, metadata, administrator };
    let made = organizations::create_organization(state.app(), &caller, input, key).await?;
    let (written, body) = (Written(made.id), Organization::from(made));
    let made = Created { location: format!("/api/v1/organizations/{}", body.id), version: Some(body.version), body };
    Ok((Extension(written), made))
}
