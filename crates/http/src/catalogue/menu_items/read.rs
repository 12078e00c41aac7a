//! `GET /menu-items/{menu_item_id}`.

use super::view::MenuItem;
use crate::{
    AppState,
    input::{Id, Signed},
    openapi,
    problem::Problem,
    reply::Versioned,
};
use axum::extract::State;
use keystead_domain::{MenuItemId, navigation};
use keystead_service::catalogue;

/// Shows an item of the menu.
#[utoipa::path(
    get, path = "/menu-items/{menu_item_id}", tag = "catalogue",
    params(("menu_item_id" = Uuid, Path, description = "The item."), openapi::Unless),
    responses((status = 200, description = "The item.", body = MenuItem, headers(("ETag" = String))))
)]
pub(crate) async fn get_menu_item(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<MenuItemId>,
) -> Result<Versioned<MenuItem>, Problem> {
    let body = MenuItem::from(catalogue::get_item::<navigation::MenuItem>(state.app(), &caller, id).await?);
    Ok(Versioned(body.version, body))
}
