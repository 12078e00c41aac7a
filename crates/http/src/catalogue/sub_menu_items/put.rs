//! `PUT /sub-menu-items`.

use super::view::SubMenuItem;
use crate::{
    AppState,
    catalogue::{filter::active, outcome::Outcome},
    input::{Json, Signed},
    problem::Problem,
};
use axum::extract::State;
use keystead_domain::{MenuItemId, ViewId, navigation};
use keystead_service::catalogue::{self, PutItem, SubMenuItemFields};
use serde::Deserialize;
use utoipa::ToSchema;

/// Sub-menu items that are to be there.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PutSubMenuItems {
    /// What is to be there. No key stands there twice.
    #[schema(min_items = 1, max_items = 1000)]
    items: Vec<PutSubMenuItem>,
}

/// An item of the menu's second level that is to be there, whole: what is absent is taken away.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PutSubMenuItem {
    /// Under which item of the menu it stands.
    #[schema(value_type = Uuid)]
    menu_item_id: MenuItemId,
    /// The word by which programs name it, unique among sub-menu items.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$", example = "orders-open")]
    key: String,
    /// What people read.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// What is found there.
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// Where it leads.
    #[schema(max_length = 500)]
    path: Option<String>,
    /// The name of its icon.
    #[schema(max_length = 100)]
    icon: Option<String>,
    /// Who may not see this view does not see the item. None for one that everyone sees.
    #[schema(value_type = Option<Uuid>)]
    view_id: Option<ViewId>,
    /// Its place among the others: the smaller, the earlier. 0 when nothing is said.
    #[serde(default)]
    order_index: i32,
    /// Whether anyone sees it. It is unless said otherwise.
    #[serde(default = "active")]
    is_active: bool,
    /// The version that was read: given, the whole request is refused with 412 when it is not the current one.
    version: Option<i64>,
}

impl From<PutSubMenuItem> for PutItem<navigation::SubMenuItem> {
    fn from(put: PutSubMenuItem) -> Self {
        let PutSubMenuItem {
            menu_item_id,
            key,
            name,
            description,
            path,
            icon,
            view_id,
            order_index,
            is_active,
            version,
        } = put;
        Self {
            fields: SubMenuItemFields {
                menu_item_id,
                key,
                name,
                description,
                path,
                icon,
                view_id,
                order_index,
                is_active,
            },
            version,
        }
    }
}

/// Makes or changes many sub-menu items at once, by their keys, all or none. Those that are not named stay.
#[utoipa::path(
    put, path = "/sub-menu-items", tag = "catalogue", request_body = PutSubMenuItems,
    responses(
        (status = 200, description = "They as they are now, in the order given.", body = Outcome<SubMenuItem>),
        (status = 412, description = "One of them has another version than the one that was read."),
    )
)]
pub(crate) async fn put_sub_menu_items(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Json { value, .. }: Json<PutSubMenuItems>,
) -> Result<axum::Json<Outcome<SubMenuItem>>, Problem> {
    let items = value.items.into_iter().map(Into::into).collect();
    let done = catalogue::put_items::<navigation::SubMenuItem>(state.app(), &caller, items).await?;
    Ok(axum::Json(Outcome::of(done, SubMenuItem::from)))
}
