//! The product's menu, of two levels. The platform writes it, every organization reads it.

use crate::{MenuItemId, SubMenuItemId, Timestamp, ViewId};
use serde::{Deserialize, Serialize};

/// An item of the first level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MenuItem {
    /// Its identifier.
    pub id: MenuItemId,
    /// The word by which programs name it, up to 100 characters, unique among menu items.
    pub key: String,
    /// What people read.
    pub name: String,
    /// What is found there.
    pub description: Option<String>,
    /// Where it leads.
    pub path: Option<String>,
    /// The name of its icon.
    pub icon: Option<String>,
    /// Who may not see this view does not see the item; none for one that only holds others.
    pub view_id: Option<ViewId>,
    /// Its place among the others: the smaller, the earlier.
    pub order_index: i32,
    /// Whether anyone sees it.
    pub is_active: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Raised by every change.
    pub version: i64,
}

/// An item of the second level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubMenuItem {
    /// Its identifier.
    pub id: SubMenuItemId,
    /// Under which item it stands.
    pub menu_item_id: MenuItemId,
    /// The word by which programs name it, up to 100 characters, unique among these items.
    pub key: String,
    /// What people read.
    pub name: String,
    /// What is found there.
    pub description: Option<String>,
    /// Where it leads.
    pub path: Option<String>,
    /// The name of its icon.
    pub icon: Option<String>,
    /// Who may not see this view does not see the item; none for one that everyone sees.
    pub view_id: Option<ViewId>,
    /// Its place among the others: the smaller, the earlier.
    pub order_index: i32,
    /// Whether anyone sees it.
    pub is_active: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Raised by every change.
    pub version: i64,
}

/// An item of the first level with those that stand under it, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Menu {
    /// The item.
    pub item: MenuItem,
    /// What stands under it.
    pub items: Vec<SubMenuItem>,
}
