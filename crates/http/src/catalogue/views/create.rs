//! `POST /views`.

use super::view::View;
use crate::{
    AppState,
    catalogue::filter::active,
    input::{CreateKey, Json, Signed},
    openapi,
    problem::Problem,
    reply::Created,
};
use axum::extract::State;
use keystead_domain::access;
use keystead_service::catalogue::{self, ViewFields};
use serde::Deserialize;
use utoipa::ToSchema;

/// A new page of a product, or a part of one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewView {
    /// The word by which programs name it, unique among views.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$", example = "orders")]
    key: String,
    /// Its name, for people.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// What it shows.
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// Where the product shows it.
    #[schema(max_length = 500)]
    path: Option<String>,
    /// The name of its icon.
    #[schema(max_length = 100)]
    icon: Option<String>,
    /// Whether anyone can reach it. It is unless said otherwise.
    #[serde(default = "active")]
    is_active: bool,
}

impl From<NewView> for ViewFields {
    fn from(new: NewView) -> Self {
        let NewView { key, name, description, path, icon, is_active } = new;
        Self { key, name, description, path, icon, is_active }
    }
}

/// Makes a view. Only those who work for the platform do.
#[utoipa::path(
    post, path = "/views", tag = "catalogue", params(openapi::CreateKey), request_body = NewView,
    responses((status = 201, description = "The view.", body = View, headers(("ETag" = String), ("Location" = String))))
)]
pub(crate) async fn create_view(
    State(state): State<AppState>,
    Signed(caller): Signed,
    key: CreateKey,
    Json { value, bytes }: Json<NewView>,
) -> Result<Created<View>, Problem> {
    let key = key.with(state.app(), &bytes)?;
    let made: access::View = catalogue::create_item(state.app(), &caller, value.into(), key).await?;
    let body = View::from(made);
    Ok(Created { location: format!("/api/v1/views/{}", body.id), version: Some(body.version), body })
}
