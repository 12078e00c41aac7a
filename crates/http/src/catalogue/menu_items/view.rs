//! Menu items as the API shows them.

use keystead_domain::{MenuItemId, Timestamp, ViewId, navigation};
use serde::Serialize;
use utoipa::ToSchema;

/// An item of the menu's first level.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MenuItem {
    /// Its identifier.
    #[schema(value_type = Uuid)]
    pub(crate) id: MenuItemId,
    /// The word by which programs name it, unique among menu items.
    key: String,
    /// What people read.
    name: String,
    /// What is found there.
    description: Option<String>,
    /// Where it leads.
    path: Option<String>,
    /// The name of its icon.
    icon: Option<String>,
    /// Who may not see this view does not see the item. None for one that only holds others.
    #[schema(value_type = Option<Uuid>)]
    view_id: Option<ViewId>,
    /// Its place among the others: the smaller, the earlier.
    order_index: i32,
    /// Whether anyone sees it.
    is_active: bool,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// Raised by every change; the `ETag`.
    pub(crate) version: i64,
}

impl From<navigation::MenuItem> for MenuItem {
    fn from(item: navigation::MenuItem) -> Self {
        let navigation::MenuItem {
            id,
            key,
            name,
            description,
            path,
            icon,
            view_id,
            order_index,
            is_active,
            created_at,
            updated_at,
            version,
        } = item;
        Self {
            id,
            key,
            name,
            description,
            path,
            icon,
            view_id,
            order_index,
            is_active,
            created_at,
            updated_at,
            version,
        }
    }
}
