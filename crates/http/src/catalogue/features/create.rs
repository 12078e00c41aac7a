//! `POST /features`.

use super::view::Feature;
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
use keystead_service::catalogue::{self, FeatureFields};
use serde::Deserialize;
use utoipa::ToSchema;

/// A new feature: what a product can do, on which actions are permitted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewFeature {
    /// The word by which programs name it, unique among features.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$", example = "orders.export")]
    key: String,
    /// Its name, for people.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// What it does.
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// Whether anyone can reach it. It is unless said otherwise.
    #[serde(default = "active")]
    is_active: bool,
}

impl From<NewFeature> for FeatureFields {
    fn from(new: NewFeature) -> Self {
        let NewFeature { key, name, description, is_active } = new;
        Self { key, name, description, is_active }
    }
}

/// Makes a feature. Only those who work for the platform do.
#[utoipa::path(
    post, path = "/features", tag = "catalogue", params(openapi::CreateKey), request_body = NewFeature,
    responses((status = 201, description = "The feature.", body = Feature, headers(("ETag" = String), ("Location" = String))))
)]
pub(crate) async fn create_feature(
    State(state): State<AppState>,
    Signed(caller): Signed,
    key: CreateKey,
    Json { value, bytes }: Json<NewFeature>,
) -> Result<Created<Feature>, Problem> {
    let key = key.with(state.app(), &bytes)?;
    let made: access::Feature = catalogue::create_item(state.app(), &caller, value.into(), key).await?;
    let body = Feature::from(made);
    Ok(Created { location: format!("/api/v1/features/{}", body.id), version: Some(body.version), body })
}
