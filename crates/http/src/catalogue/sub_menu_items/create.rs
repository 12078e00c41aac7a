//! `POST /sub-menu-items`.

use super::view::SubMenuItem;
use crate::{
    AppState,
    catalogue::filter::active,
    input::{CreateKey, Json, Signed},
    openapi,
    problem::Problem,
    reply::Created,
};
use axum::extract::State;
use keystead_domain::{MenuItemId, ViewId, navigation};
use keystead_service::catalogue::{self, SubMenuItemFields};
use serde::Deserialize;
use utoipa::ToSchema;

/// A new item of the menu's second level.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSubMenuItem {
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
}

impl From<NewSubMenuItem> for SubMenuItemFields {
    fn from(new: NewSubMenuItem) -> Self {
        let NewSubMenuItem { menu_item_id, key, name, description, path, icon, view_id, order_index, is_active } = new;
        Self { menu_item_id, key, name, description, path, icon, view_id, order_index, is_active }
    }
}

/// Makes an item of the menu's second level. Only those who work for the platform do.
#[utoipa::path(
    post, path = "/sub-menu-items", tag = "catalogue", params(openapi::CreateKey), request_body = NewSubMenuItem,
    responses((status = 201, description = "The item.", body = SubMenuItem, headers(("ETag" = String), ("Location" = String))))
)]
pub(crate) async fn create_sub_menu_item(
    State(state): State<AppState>,
    Signed(caller): Signed,
    key: CreateKey,
    Json { value, bytes }: Json<NewSubMenuItem>,
) -> Result<Created<SubMenuItem>, Problem> {
    let key = key.with(state.app(), &bytes)?;
    let made: navigation::SubMenuItem = catalogue::create_item(state.app(), &caller, value.into(), key).await?;
    let body = SubMenuItem::from(made);
    Ok(Created { location: format!("/api/v1/sub-menu-items/{}", body.id), version: Some(body.version), body })
}
