//! `PATCH` and `DELETE /features/{feature_id}`.

use super::view::Feature;
use crate::{
    AppState,
    input::{Id, IfMatch, Json, Signed, given},
    openapi,
    problem::Problem,
    reply::Versioned,
};
use axum::{extract::State, http::StatusCode};
use keystead_domain::{FeatureId, access};
use keystead_service::catalogue::{self, UpdateItem};
use serde::Deserialize;
use utoipa::ToSchema;

/// What can be changed about a feature. What is absent stays; null takes away what may be missing.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FeatureChange {
    /// The word by which programs name it, unique among features.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$", example = "orders.export")]
    key: Option<String>,
    /// Its name, for people.
    #[schema(min_length = 1, max_length = 255)]
    name: Option<String>,
    /// What it does.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 2000)]
    description: Option<Option<String>>,
    /// Whether anyone can reach it.
    is_active: Option<bool>,
}

impl From<FeatureChange> for catalogue::FeatureChange {
    fn from(change: FeatureChange) -> Self {
        let FeatureChange { key, name, description, is_active } = change;
        Self { key, name, description, is_active }
    }
}

/// Changes a feature.
#[utoipa::path(
    patch, path = "/features/{feature_id}", tag = "catalogue", request_body = FeatureChange,
    params(("feature_id" = Uuid, Path, description = "The feature."), openapi::Revision),
    responses((status = 200, description = "The feature as it is now.", body = Feature, headers(("ETag" = String))))
)]
pub(crate) async fn update_feature(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<FeatureId>,
    IfMatch(version): IfMatch,
    Json { value, .. }: Json<FeatureChange>,
) -> Result<Versioned<Feature>, Problem> {
    let input = UpdateItem::<access::Feature> { id, version, change: value.into() };
    let body = Feature::from(catalogue::update_item(state.app(), &caller, input).await?);
    Ok(Versioned(body.version, body))
}

/// Removes a feature on which no user level permits anything. Modules lose it.
#[utoipa::path(
    delete, path = "/features/{feature_id}", tag = "catalogue",
    params(("feature_id" = Uuid, Path, description = "The feature."), openapi::Revision),
    responses((status = 204, description = "Removed."))
)]
pub(crate) async fn delete_feature(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<FeatureId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Problem> {
    catalogue::delete_item::<access::Feature>(state.app(), &caller, id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
