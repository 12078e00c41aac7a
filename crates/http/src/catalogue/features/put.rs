//! `PUT /features`.

use super::view::Feature;
use crate::{
    AppState,
    catalogue::{filter::active, outcome::Outcome},
    input::{Json, Signed},
    problem::Problem,
};
use axum::extract::State;
use keystead_domain::access;
use keystead_service::catalogue::{self, FeatureFields, PutItem};
use serde::Deserialize;
use utoipa::ToSchema;

/// Features that are to be there.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PutFeatures {
    /// What is to be there. No key stands there twice.
    #[schema(min_items = 1, max_items = 1000)]
    items: Vec<PutFeature>,
}

/// A feature that is to be there, whole: what is absent is taken away.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PutFeature {
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
    /// The version that was read: given, the whole request is refused with 412 when it is not the current one.
    version: Option<i64>,
}

impl From<PutFeature> for PutItem<access::Feature> {
    fn from(put: PutFeature) -> Self {
        let PutFeature { key, name, description, is_active, version } = put;
        Self { fields: FeatureFields { key, name, description, is_active }, version }
    }
}

/// Makes or changes many features at once, by their keys, all or none. Those that are not named stay.
#[utoipa::path(
    put, path = "/features", tag = "catalogue", request_body = PutFeatures,
    responses(
        (status = 200, description = "They as they are now, in the order given.", body = Outcome<Feature>),
        (status = 412, description = "One of them has another version than the one that was read."),
    )
)]
pub(crate) async fn put_features(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Json { value, .. }: Json<PutFeatures>,
) -> Result<axum::Json<Outcome<Feature>>, Problem> {
    let items = value.items.into_iter().map(Into::into).collect();
    let done = catalogue::put_items::<access::Feature>(state.app(), &caller, items).await?;
    Ok(axum::Json(Outcome::of(done, Feature::from)))
}
