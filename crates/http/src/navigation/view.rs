//! Menus and visits as the API shows them.

use keystead_domain::{MenuItemId, SubMenuItemId, Timestamp, TrailEntryId, ViewId, navigation};
use serde::Serialize;
use utoipa::ToSchema;

/// The menu of one person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Navigation {
    /// The items of the first level, in order.
    items: Vec<NavigationItem>,
}

impl From<Vec<navigation::Menu>> for Navigation {
    fn from(menus: Vec<navigation::Menu>) -> Self {
        Self { items: menus.into_iter().map(NavigationItem::from).collect() }
    }
}

/// An item of the first level.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NavigationItem {
    /// Its identifier.
    #[schema(value_type = Uuid)]
    id: MenuItemId,
    /// The word by which programs name it.
    key: String,
    /// What people read.
    name: String,
    /// What is found there.
    description: Option<String>,
    /// Where it leads.
    path: Option<String>,
    /// The name of its icon.
    icon: Option<String>,
    /// The view that it leads to; null for one that only holds others.
    #[schema(value_type = Option<Uuid>)]
    view_id: Option<ViewId>,
    /// What stands under it, in order.
    items: Vec<NavigationSubItem>,
}

impl From<navigation::Menu> for NavigationItem {
    fn from(menu: navigation::Menu) -> Self {
        let navigation::Menu { item, items } = menu;
        Self {
            id: item.id,
            key: item.key,
            name: item.name,
            description: item.description,
            path: item.path,
            icon: item.icon,
            view_id: item.view_id,
            items: items.into_iter().map(NavigationSubItem::from).collect(),
        }
    }
}

/// An item of the second level.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NavigationSubItem {
    /// Its identifier.
    #[schema(value_type = Uuid)]
    id: SubMenuItemId,
    /// The word by which programs name it.
    key: String,
    /// What people read.
    name: String,
    /// What is found there.
    description: Option<String>,
    /// Where it leads.
    path: Option<String>,
    /// The name of its icon.
    icon: Option<String>,
    /// The view that it leads to; null for one that everyone sees.
    #[schema(value_type = Option<Uuid>)]
    view_id: Option<ViewId>,
}

impl From<navigation::SubMenuItem> for NavigationSubItem {
    fn from(item: navigation::SubMenuItem) -> Self {
        Self {
            id: item.id,
            key: item.key,
            name: item.name,
            description: item.description,
            path: item.path,
            icon: item.icon,
            view_id: item.view_id,
        }
    }
}

/// Where one has been.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecentTrail {
    /// The visits.
    visits: Vec<TrailVisit>,
}

impl From<Vec<navigation::TrailEntry>> for RecentTrail {
    fn from(entries: Vec<navigation::TrailEntry>) -> Self {
        Self { visits: entries.into_iter().map(TrailVisit::from).collect() }
    }
}

/// That one saw a view.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TrailVisit {
    /// Its identifier.
    #[schema(value_type = Uuid)]
    id: TrailEntryId,
    /// The view.
    #[schema(value_type = Uuid)]
    view_id: ViewId,
    /// When one saw it.
    #[schema(value_type = String, format = DateTime)]
    visited_at: Timestamp,
}

impl From<navigation::TrailEntry> for TrailVisit {
    fn from(entry: navigation::TrailEntry) -> Self {
        Self { id: entry.id, view_id: entry.view_id, visited_at: entry.visited_at }
    }
}
