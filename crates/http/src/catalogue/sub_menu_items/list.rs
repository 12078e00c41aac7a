//! `GET /sub-menu-items`.

use super::view::SubMenuItem;
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

/// Lists the sub-menu items of the catalogue, or finds the one with a key.
#[utoipa::path(
    get, path = "/sub-menu-items", tag = "catalogue", params(Filter),
    responses((status = 200, description = "A page of them, oldest first.", body = Page<SubMenuItem>))
)]
pub(crate) async fn list_sub_menu_items(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Query(query): Query<Filter>,
) -> Result<Page<SubMenuItem>, Problem> {
    let found = catalogue::list_items::<navigation::SubMenuItem>(state.app(), &caller, query.input()?).await?;
    Ok(Page::of(found, SubMenuItem::from))
}
