//! `GET /features/{feature_id}`.

use super::view::Feature;
use crate::{
    AppState,
    input::{Id, Signed},
    openapi,
    problem::Problem,
    reply::Versioned,
};
use axum::extract::State;
use keystead_domain::{FeatureId, access};
use keystead_service::catalogue;

/// Shows a feature.
#[utoipa::path(
    get, path = "/features/{feature_id}", tag = "catalogue",
    params(("feature_id" = Uuid, Path, description = "The feature."), openapi::Unless),
    responses((status = 200, description = "The feature.", body = Feature, headers(("ETag" = String))))
)]
pub(crate) async fn get_feature(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<FeatureId>,
) -> Result<Versioned<Feature>, Problem> {
    let body = Feature::from(catalogue::get_item::<access::Feature>(state.app(), &caller, id).await?);
    Ok(Versioned(body.version, body))
}
