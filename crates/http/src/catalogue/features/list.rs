//! `GET /features`.

use super::view::Feature;
use crate::{
    AppState,
    catalogue::filter::Filter,
    input::{Query, Signed},
    problem::Problem,
    reply::Page,
};
use axum::extract::State;
use keystead_domain::access;
use keystead_service::catalogue;

/// Lists the features of the catalogue, or finds the one with a key.
#[utoipa::path(
    get, path = "/features", tag = "catalogue", params(Filter),
    responses((status = 200, description = "A page of them, oldest first.", body = Page<Feature>))
)]
pub(crate) async fn list_features(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Query(query): Query<Filter>,
) -> Result<Page<Feature>, Problem> {
    let found = catalogue::list_items::<access::Feature>(state.app(), &caller, query.input()?).await?;
    Ok(Page::of(found, Feature::from))
}
