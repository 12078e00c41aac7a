//! `/features/{feature_id}/views`.

use crate::{
    AppState,
    catalogue::views::view::View,
    input::{Id, IfMatch, Json, Signed},
    openapi,
    problem::Problem,
    reply::Living,
};
use axum::extract::State;
use keystead_domain::{FeatureId, ViewId};
use keystead_service::catalogue::{self, FeatureViews, ReplaceLinked};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The views that a feature is in.
#[derive(Serialize, ToSchema)]
pub(crate) struct FeatureViewsShown {
    /// They, oldest first.
    views: Vec<View>,
}

/// Shows the views that a feature is in. Its `ETag` is the feature's.
#[utoipa::path(
    get, path = "/features/{feature_id}/views", tag = "catalogue",
    params(("feature_id" = Uuid, Path, description = "The feature.")),
    responses((status = 200, description = "The views.", body = FeatureViewsShown, headers(("ETag" = String))))
)]
pub(crate) async fn get_feature_views(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<FeatureId>,
) -> Result<Living<FeatureViewsShown>, Problem> {
    let (left, views) = catalogue::get_linked::<FeatureViews>(state.app(), &caller, id).await?;
    Ok(Living(left.version, FeatureViewsShown { views: views.into_iter().map(View::from).collect() }))
}

/// The views that a feature is in, from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FeatureViewsWanted {
    /// The identifiers of all of them.
    #[schema(value_type = Vec<Uuid>, max_items = 1000)]
    views: Vec<ViewId>,
}

/// Replaces the views that a feature is in, all or none.
#[utoipa::path(
    put, path = "/features/{feature_id}/views", tag = "catalogue", request_body = FeatureViewsWanted,
    params(("feature_id" = Uuid, Path, description = "The feature."), openapi::Revision),
    responses((status = 200, description = "The views as they are now.", body = FeatureViewsShown, headers(("ETag" = String))))
)]
pub(crate) async fn set_feature_views(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<FeatureId>,
    IfMatch(version): IfMatch,
    Json { value, .. }: Json<FeatureViewsWanted>,
) -> Result<Living<FeatureViewsShown>, Problem> {
    let input = ReplaceLinked::<FeatureViews> { id, version, linked: value.views };
    let (left, views) = catalogue::replace_linked(state.app(), &caller, input).await?;
    Ok(Living(left.version, FeatureViewsShown { views: views.into_iter().map(View::from).collect() }))
}
