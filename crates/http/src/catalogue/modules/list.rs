//! `GET /modules`.

use super::view::Module;
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

/// Lists the modules of the catalogue, or finds the one with a key.
#[utoipa::path(
    get, path = "/modules", tag = "catalogue", params(Filter),
    responses((status = 200, description = "A page of them, oldest first.", body = Page<Module>))
)]
pub(crate) async fn list_modules(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Query(query): Query<Filter>,
) -> Result<Page<Module>, Problem> {
    let found = catalogue::list_items::<access::Module>(state.app(), &caller, query.input()?).await?;
    Ok(Page::of(found, Module::from))
}
