//! `/modules/{module_id}/features`.

use crate::{
    AppState,
    catalogue::features::view::Feature,
    input::{Id, IfMatch, Json, Signed},
    openapi,
    problem::Problem,
    reply::Living,
};
use axum::extract::State;
use keystead_domain::{FeatureId, ModuleId};
use keystead_service::catalogue::{self, ModuleFeatures, ReplaceLinked};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The features of a module.
#[derive(Serialize, ToSchema)]
pub(crate) struct ModuleFeaturesShown {
    /// They, oldest first.
    features: Vec<Feature>,
}

/// Shows the features of a module. Its `ETag` is the module's.
#[utoipa::path(
    get, path = "/modules/{module_id}/features", tag = "catalogue",
    params(("module_id" = Uuid, Path, description = "The module.")),
    responses((status = 200, description = "The features.", body = ModuleFeaturesShown, headers(("ETag" = String))))
)]
pub(crate) async fn get_module_features(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<ModuleId>,
) -> Result<Living<ModuleFeaturesShown>, Problem> {
    let (left, features) = catalogue::get_linked::<ModuleFeatures>(state.app(), &caller, id).await?;
    Ok(Living(left.version, ModuleFeaturesShown { features: features.into_iter().map(Feature::from).collect() }))
}

/// The features of a module, from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ModuleFeaturesWanted {
    /// The identifiers of all of them.
    #[schema(value_type = Vec<Uuid>, max_items = 1000)]
    features: Vec<FeatureId>,
}

/// Replaces the features of a module, all or none.
#[utoipa::path(
    put, path = "/modules/{module_id}/features", tag = "catalogue", request_body = ModuleFeaturesWanted,
    params(("module_id" = Uuid, Path, description = "The module."), openapi::Revision),
    responses((status = 200, description = "The features as they are now.", body = ModuleFeaturesShown, headers(("ETag" = String))))
)]
pub(crate) async fn set_module_features(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<ModuleId>,
    IfMatch(version): IfMatch,
    Json { value, .. }: Json<ModuleFeaturesWanted>,
) -> Result<Living<ModuleFeaturesShown>, Problem> {
    let input = ReplaceLinked::<ModuleFeatures> { id, version, linked: value.features };
    let (left, features) = catalogue::replace_linked(state.app(), &caller, input).await?;
    Ok(Living(left.version, ModuleFeaturesShown { features: features.into_iter().map(Feature::from).collect() }))
}
