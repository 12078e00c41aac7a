//! `GET /menu-items`.

use super::view::MenuItem;
use crate::{
    AppState,
    catalogue::filter::Filter,
    input::{Query, Signed},
    problem::Problem,
    reply::Page,
};
use axum::extract::State;
use keystead_domain::navigation;
use keystead_service::catalogue;

/// Lists the menu items of the catalogue, or finds the one with a key.
#[utoipa::path(
    get, path = "/menu-items", tag = "catalogue", params(Filter),
    responses((status = 200, description = "A page of them, oldest first.", body = Page<MenuItem>))
)]
pub(crate) async fn list_menu_items(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Query(query): Query<Filter>,
) -> Result<Page<MenuItem>, Problem> {
    let found = catalogue::list_items::<navigation::MenuItem>(state.app(), &caller, query.input()?).await?;
    Ok(Page::of(found, MenuItem::from))
}
