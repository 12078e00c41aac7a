//! `POST /menu-items`.

use super::view::MenuItem;
use crate::{
    AppState,
    catalogue::filter::active,
    input::{CreateKey, Json, Signed},
    openapi,
    problem::Problem,
    reply::Created,
};
use axum::extract::State;
use keystead_domain::{ViewId, navigation};
use keystead_service::catalogue::{self, MenuItemFields};
use serde::Deserialize;
use utoipa::ToSchema;

/// A new item of the menu's first level.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMenuItem {
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
}

impl From<NewMenuItem> for MenuItemFields {
    fn from(new: NewMenuItem) -> Self {
        let NewMenuItem { key, name, description, path, icon, view_id, order_index, is_active } = new;
        Self { key, name, description, path, icon, view_id, order_index, is_active }
    }
}

/// Makes an item of the menu. Only those who work for the platform do.
#[utoipa::path(
    post, path = "/menu-items", tag = "catalogue", params(openapi::CreateKey), request_body = NewMenuItem,
    responses((status = 201, description = "The item.", body = MenuItem, headers(("ETag" = String), ("Location" = String))))
)]
pub(crate) async fn create_menu_item(
    State(state): State<AppState>,
    Signed(caller): Signed,
    key: CreateKey,
    Json { value, bytes }: Json<NewMenuItem>,
) -> Result<Created<MenuItem>, Problem> {
    let key = key.with(state.app(), &bytes)?;
    let made: navigation::MenuItem = catalogue::create_item(state.app(), &caller, value.into(), key).await?;
    let body = MenuItem::from(made);
    Ok(Created { location: format!("/api/v1/menu-items/{}", body.id), version: Some(body.version), body })
}
