//! Sub-menu items as the API shows them.

use keystead_domain::{MenuItemId, SubMenuItemId, Timestamp, ViewId, navigation};
use serde::Serialize;
use utoipa::ToSchema;

/// An item of the menu's second level.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SubMenuItem {
    /// Its identifier.
    #[schema(value_type = Uuid)]
    pub(crate) id: SubMenuItemId,
    /// Under which item of the menu it stands.
    #[schema(value_type = Uuid)]
    menu_item_id: MenuItemId,
    /// The word by which programs name it, unique among sub-menu items.
    key: String,
    /// What people read.
    name: String,
    /// What is found there.
    description: Option<String>,
    /// Where it leads.
    path: Option<String>,
    /// The name of its icon.
    icon: Option<String>,
    /// Who may not see this view does not see the item. None for one that everyone sees.
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

impl From<navigation::SubMenuItem> for SubMenuItem {
    fn from(item: navigation::SubMenuItem) -> Self {
        let navigation::SubMenuItem {
            id,
            menu_item_id,
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
            menu_item_id,
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
