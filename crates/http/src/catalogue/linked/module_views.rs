//! `/modules/{module_id}/views`.

use crate::{
    AppState,
    catalogue::views::view::View,
    input::{Id, IfMatch, Json, Signed},
    openapi,
    problem::Problem,
    reply::Living,
};
use axum::extract::State;
use keystead_domain::{ModuleId, ViewId};
use keystead_service::catalogue::{self, ModuleViews, ReplaceLinked};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The views of a module.
#[derive(Serialize, ToSchema)]
pub(crate) struct ModuleViewsShown {
    /// They, oldest first.
    views: Vec<View>,
}

/// Shows the views of a module. Its `ETag` is the module's.
#[utoipa::path(
    get, path = "/modules/{module_id}/views", tag = "catalogue",
    params(("module_id" = Uuid, Path, description = "The module.")),
    responses((status = 200, description = "The views.", body = ModuleViewsShown, headers(("ETag" = String))))
)]
pub(crate) async fn get_module_views(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<ModuleId>,
) -> Result<Living<ModuleViewsShown>, Problem> {
    let (left, views) = catalogue::get_linked::<ModuleViews>(state.app(), &caller, id).await?;
    Ok(Living(left.version, ModuleViewsShown { views: views.into_iter().map(View::from).collect() }))
}

/// The views of a module, from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ModuleViewsWanted {
    /// The identifiers of all of them.
    #[schema(value_type = Vec<Uuid>, max_items = 1000)]
    views: Vec<ViewId>,
}

/// Replaces the views of a module, all or none.
#[utoipa::path(
    put, path = "/modules/{module_id}/views", tag = "catalogue", request_body = ModuleViewsWanted,
    params(("module_id" = Uuid, Path, description = "The module."), openapi::Revision),
    responses((status = 200, description = "The views as they are now.", body = ModuleViewsShown, headers(("ETag" = String))))
)]
pub(crate) async fn set_module_views(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<ModuleId>,
    IfMatch(version): IfMatch,
    Json { value, .. }: Json<ModuleViewsWanted>,
) -> Result<Living<ModuleViewsShown>, Problem> {
    let input = ReplaceLinked::<ModuleViews> { id, version, linked: value.views };
    let (left, views) = catalogue::replace_linked(state.app(), &caller, input).await?;
    Ok(Living(left.version, ModuleViewsShown { views: views.into_iter().map(View::from).collect() }))
}
