//! `GET /views`.

use super::view::View;
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

/// Lists the views of the catalogue, or finds the one with a key.
#[utoipa::path(
    get, path = "/views", tag = "catalogue", params(Filter),
    responses((status = 200, description = "A page of them, oldest first.", body = Page<View>))
)]
pub(crate) async fn list_views(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Query(query): Query<Filter>,
) -> Result<Page<View>, Problem> {
    let found = catalogue::list_items::<access::View>(state.app(), &caller, query.input()?).await?;
    Ok(Page::of(found, View::from))
}
