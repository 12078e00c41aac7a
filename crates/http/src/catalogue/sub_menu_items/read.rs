//! `GET /sub-menu-items/{sub_menu_item_id}`.

use super::view::SubMenuItem;
use crate::{
    AppState,
    input::{Id, Signed},
    openapi,
    problem::Problem,
    reply::Versioned,
};
use axum::extract::State;
use keystead_domain::{SubMenuItemId, navigation};
use keystead_service::catalogue;

/// Shows an item of the menu's second level.
#[utoipa::path(
    get, path = "/sub-menu-items/{sub_menu_item_id}", tag = "catalogue",
    params(("sub_menu_item_id" = Uuid, Path, description = "The item."), openapi::Unless),
    responses((status = 200, description = "The item.", body = SubMenuItem, headers(("ETag" = String))))
)]
pub(crate) async fn get_sub_menu_item(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<SubMenuItemId>,
) -> Result<Versioned<SubMenuItem>, Problem> {
    let body = SubMenuItem::from(catalogue::get_item::<navigation::SubMenuItem>(state.app(), &caller, id).await?);
    Ok(Versioned(body.version, body))
}
