//! `PATCH` and `DELETE /sub-menu-items/{sub_menu_item_id}`.

use super::view::SubMenuItem;
use crate::{
    AppState,
    input::{Id, IfMatch, Json, Signed, given},
    openapi,
    problem::Problem,
    reply::Versioned,
};
use axum::{extract::State, http::StatusCode};
use keystead_domain::{MenuItemId, SubMenuItemId, ViewId, navigation};
use keystead_service::catalogue::{self, UpdateItem};
use serde::Deserialize;
use utoipa::ToSchema;

/// What can be changed about an item of the menu's second level. What is absent stays; null takes away what may be missing.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubMenuItemChange {
    /// Under which item of the menu it stands.
    #[schema(value_type = Option<Uuid>)]
    menu_item_id: Option<MenuItemId>,
    /// The word by which programs name it, unique among sub-menu items.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$", example = "orders-open")]
    key: Option<String>,
    /// What people read.
    #[schema(min_length = 1, max_length = 255)]
    name: Option<String>,
    /// What is found there.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 2000)]
    description: Option<Option<String>>,
    /// Where it leads.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 500)]
    path: Option<Option<String>>,
    /// The name of its icon.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 100)]
    icon: Option<Option<String>>,
    /// Who may not see this view does not see the item. None for one that everyone sees.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Uuid>)]
    view_id: Option<Option<ViewId>>,
    /// Its place among the others: the smaller, the earlier.
    order_index: Option<i32>,
    /// Whether anyone sees it.
    is_active: Option<bool>,
}

impl From<SubMenuItemChange> for catalogue::SubMenuItemChange {
    fn from(change: SubMenuItemChange) -> Self {
        let SubMenuItemChange { menu_item_id, key, name, description, path, icon, view_id, order_index, is_active } =
            change;
        Self { menu_item_id, key, name, description, path, icon, view_id, order_index, is_active }
    }
}

/// Changes an item of the menu's second level.
#[utoipa::path(
    patch, path = "/sub-menu-items/{sub_menu_item_id}", tag = "catalogue", request_body = SubMenuItemChange,
    params(("sub_menu_item_id" = Uuid, Path, description = "The item."), openapi::Revision),
    responses((status = 200, description = "The item as it is now.", body = SubMenuItem, headers(("ETag" = String))))
)]
pub(crate) async fn update_sub_menu_item(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<SubMenuItemId>,
    IfMatch(version): IfMatch,
    Json { value, .. }: Json<SubMenuItemChange>,
) -> Result<Versioned<SubMenuItem>, Problem> {
    let input = UpdateItem::<navigation::SubMenuItem> { id, version, change: value.into() };
    let body = SubMenuItem::from(catalogue::update_item(state.app(), &caller, input).await?);
    Ok(Versioned(body.version, body))
}

/// Removes an item of the menu's second level.
#[utoipa::path(
    delete, path = "/sub-menu-items/{sub_menu_item_id}", tag = "catalogue",
    params(("sub_menu_item_id" = Uuid, Path, description = "The item."), openapi::Revision),
    responses((status = 204, description = "Removed."))
)]
pub(crate) async fn delete_sub_menu_item(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<SubMenuItemId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Problem> {
    catalogue::delete_item::<navigation::SubMenuItem>(state.app(), &caller, id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
