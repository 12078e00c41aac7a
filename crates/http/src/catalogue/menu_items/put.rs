//! `PUT /menu-items`.

use super::view::MenuItem;
use crate::{
    AppState,
    catalogue::{filter::active, outcome::Outcome},
    input::{Json, Signed},
    problem::Problem,
};
use axum::extract::State;
use keystead_domain::{ViewId, navigation};
use keystead_service::catalogue::{self, MenuItemFields, PutItem};
use serde::Deserialize;
use utoipa::ToSchema;

/// Menu items that are to be there.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PutMenuItems {
    /// What is to be there. No key stands there twice.
    #[schema(min_items = 1, max_items = 1000)]
    items: Vec<PutMenuItem>,
}

/// An item of the menu that is to be there, whole: what is absent is taken away.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PutMenuItem {
    /// The word by which programs name it, unique among menu items.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$", example = "orders")]
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
    /// Who may not see this view does not see the item. None for one that only holds others.
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

impl From<PutMenuItem> for PutItem<navigation::MenuItem> {
    fn from(put: PutMenuItem) -> Self {
        let PutMenuItem { key, name, description, path, icon, view_id, order_index, is_active, version } = put;
        Self { fields: MenuItemFields { key, name, description, path, icon, view_id, order_index, is_active }, version }
    }
}

/// Makes or changes many menu items at once, by their keys, all or none. Those that are not named stay.
#[utoipa::path(
    put, path = "/menu-items", tag = "catalogue", request_body = PutMenuItems,
    responses(
        (status = 200, description = "They as they are now, in the order given.", body = Outcome<MenuItem>),
        (status = 412, description = "One of them has another version than the one that was read."),
    )
)]
pub(crate) async fn put_menu_items(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Json { value, .. }: Json<PutMenuItems>,
) -> Result<axum::Json<Outcome<MenuItem>>, Problem> {
    let items = value.items.into_iter().map(Into::into).collect();
    let done = catalogue::put_items::<navigation::MenuItem>(state.app(), &caller, items).await?;
    Ok(axum::Json(Outcome::of(done, MenuItem::from)))
}
