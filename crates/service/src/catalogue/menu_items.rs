//! Items of the menu's first level, as clients say them.

use super::{
    Head, Item,
    kept::Kept,
    limits::{DESCRIPTION, ICON, NAME, PATH, checked_key},
};
use async_trait::async_trait;
use keystead_domain::{
    Error, MenuItemId, Page, PageRequest, Result, ViewId, bounded, navigation::MenuItem, optional_bounded,
};
use keystead_store::UnitOfWork;
use std::collections::HashSet;

/// Everything that a client says about an item of the first level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuItemFields {
    /// The word by which programs name it, up to 100 characters, unique among menu items.
    pub key: String,
    /// What people read, up to 255 characters.
    pub name: String,
    /// What is found there, up to 2000 characters.
    pub description: Option<String>,
    /// Where it leads, up to 500 characters.
    pub path: Option<String>,
    /// The name of its icon, up to 100 characters.
    pub icon: Option<String>,
    /// Who may not see this view does not see the item.
    pub view_id: Option<ViewId>,
    /// Its place among the others: the smaller, the earlier.
    pub order_index: i32,
    /// Whether anyone sees it.
    pub is_active: bool,
}

/// What is to change about an item of the first level. What is absent stays; none inside takes a value away.
#[derive(Clone, Debug, Default)]
pub struct MenuItemChange {
    /// Another key.
    pub key: Option<String>,
    /// Another name.
    pub name: Option<String>,
    /// Another description.
    pub description: Option<Option<String>>,
    /// Another path.
    pub path: Option<Option<String>>,
    /// Another icon.
    pub icon: Option<Option<String>>,
    /// Another view.
    pub view_id: Option<Option<ViewId>>,
    /// Another place.
    pub order_index: Option<i32>,
    /// Whether anyone sees it.
    pub is_active: Option<bool>,
}

impl Item for MenuItem {
    type Id = MenuItemId;
    type Fields = MenuItemFields;
    type Change = MenuItemChange;

    const ONE: &'static str = "menu item";
    const MANY: &'static str = "menu_items";
    const CREATED: &'static str = "menu_item.created";
    const UPDATED: &'static str = "menu_item.updated";
    const DELETED: &'static str = "menu_item.deleted";

    fn build(head: Head<MenuItemId>, fields: MenuItemFields) -> Result<Self> {
        Ok(Self {
            id: head.id,
            key: checked_key(&fields.key)?,
            name: bounded("name", &fields.name, NAME)?,
            description: optional_bounded("description", fields.description.as_deref(), DESCRIPTION)?,
            path: optional_bounded("path", fields.path.as_deref(), PATH)?,
            icon: optional_bounded("icon", fields.icon.as_deref(), ICON)?,
            view_id: fields.view_id,
            order_index: fields.order_index,
            is_active: fields.is_active,
            created_at: head.created_at,
            updated_at: head.updated_at,
            version: head.version,
        })
    }
    fn fields(&self) -> MenuItemFields {
        let Self { key, name, description, path, icon, view_id, order_index, is_active, .. } = self.clone();
        MenuItemFields { key, name, description, path, icon, view_id, order_index, is_active }
    }
    fn changed(fields: MenuItemFields, change: MenuItemChange) -> MenuItemFields {
        MenuItemFields {
            key: change.key.unwrap_or(fields.key),
            name: change.name.unwrap_or(fields.name),
            description: change.description.unwrap_or(fields.description),
            path: change.path.unwrap_or(fields.path),
            icon: change.icon.unwrap_or(fields.icon),
            view_id: change.view_id.unwrap_or(fields.view_id),
            order_index: change.order_index.unwrap_or(fields.order_index),
            is_active: change.is_active.unwrap_or(fields.is_active),
        }
    }
    fn head(&self) -> Head<MenuItemId> {
        Head { id: self.id, created_at: self.created_at, updated_at: self.updated_at, version: self.version }
    }
    fn key(&self) -> &str {
        &self.key
    }
}

/// The first place of `wanted` where a view is named that is not there, with the error that says so.
pub(super) async fn unknown_view(
    unit: &dyn UnitOfWork,
    wanted: impl Iterator<Item = Option<ViewId>> + Clone + Send,
) -> Result<Option<(usize, Error)>> {
    let ids: HashSet<ViewId> = wanted.clone().flatten().collect();
    if ids.is_empty() {
        return Ok(None);
    }
    let ids: Vec<ViewId> = ids.into_iter().collect();
    let known: HashSet<ViewId> = unit.views().find_many(&ids).await?.into_iter().map(|view| view.id).collect();
    let mut named = wanted.enumerate().filter_map(|(place, id)| Some((place, id?)));
    let missing = named.find(|(_, id)| !known.contains(id));
    Ok(missing.map(|(place, id)| (place, Error::invalid("view_id", format!("there is no view {id}")))))
}

#[async_trait]
impl Kept for MenuItem {
    async fn broken(unit: &dyn UnitOfWork, items: &[Self]) -> Result<Option<(usize, Error)>> {
        unknown_view(unit, items.iter().map(|item| item.view_id)).await
    }
    async fn insert(unit: &dyn UnitOfWork, new: &[Self]) -> Result<()> {
        unit.menus().insert_items(new).await
    }
    async fn find(unit: &dyn UnitOfWork, id: MenuItemId) -> Result<Option<Self>> {
        unit.menus().find_item(id).await
    }
    async fn find_by_key(unit: &dyn UnitOfWork, key: &str) -> Result<Option<Self>> {
        unit.menus().find_item_by_key(key).await
    }
    async fn list(unit: &dyn UnitOfWork, page: &PageRequest) -> Result<Page<Self>> {
        unit.menus().list_items(page).await
    }
    async fn all(unit: &dyn UnitOfWork) -> Result<Vec<Self>> {
        Ok(unit.menus().menus().await?.into_iter().map(|menu| menu.item).collect())
    }
    async fn update(unit: &dyn UnitOfWork, changed: &Self) -> Result<Self> {
        unit.menus().update_item(changed).await
    }
    async fn delete(unit: &dyn UnitOfWork, id: MenuItemId, version: i64) -> Result<()> {
        unit.menus().delete_item(id, version).await
    }
}
