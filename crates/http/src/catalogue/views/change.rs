//! `PATCH` and `DELETE /views/{view_id}`.

use super::view::View;
use crate::{
    AppState,
    input::{Id, IfMatch, Json, Signed, given},
    openapi,
    problem::Problem,
    reply::Versioned,
};
use axum::{extract::State, http::StatusCode};
use keystead_domain::{ViewId, access};
use keystead_service::catalogue::{self, UpdateItem};
use serde::Deserialize;
use utoipa::ToSchema;

/// What can be changed about a view. What is absent stays; null takes away what may be missing.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ViewChange {
    /// The word by which programs name it, unique among views.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$", example = "orders")]
    key: Option<String>,
    /// Its name, for people.
    #[schema(min_length = 1, max_length = 255)]
    name: Option<String>,
    /// What it shows.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 2000)]
    description: Option<Option<String>>,
    /// Where the product shows it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 500)]
    path: Option<Option<String>>,
    /// The name of its icon.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 100)]
    icon: Option<Option<String>>,
    /// Whether anyone can reach it.
    is_active: Option<bool>,
}

impl From<ViewChange> for catalogue::ViewChange {
    fn from(change: ViewChange) -> Self {
        let ViewChange { key, name, description, path, icon, is_active } = change;
        Self { key, name, description, path, icon, is_active }
    }
}

/// Changes a view.
#[utoipa::path(
    patch, path = "/views/{view_id}", tag = "catalogue", request_body = ViewChange,
    params(("view_id" = Uuid, Path, description = "The view."), openapi::Revision),
    responses((status = 200, description = "The view as it is now.", body = View, headers(("ETag" = String))))
)]
pub(crate) async fn update_view(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<ViewId>,
    IfMatch(version): IfMatch,
    Json { value, .. }: Json<ViewChange>,
) -> Result<Versioned<View>, Problem> {
    let input = UpdateItem::<access::View> { id, version, change: value.into() };
    let body = View::from(catalogue::update_item(state.app(), &caller, input).await?);
    Ok(Versioned(body.version, body))
}

/// Removes a view that nothing of an organization or the menu refers to. Modules and features lose it.
#[utoipa::path(
    delete, path = "/views/{view_id}", tag = "catalogue",
    params(("view_id" = Uuid, Path, description = "The view."), openapi::Revision),
    responses((status = 204, description = "Removed."))
)]
pub(crate) async fn delete_view(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<ViewId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Problem> {
    catalogue::delete_item::<access::View>(state.app(), &caller, id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
