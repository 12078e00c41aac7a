//! Items of the menu's second level, as clients say them.

use super::{
    Head, Item,
    kept::Kept,
    limits::{DESCRIPTION, ICON, NAME, PATH, checked_key},
    menu_items::unknown_view,
};
use async_trait::async_trait;
use keystead_domain::{
    Error, MenuItemId, Page, PageRequest, Result, SubMenuItemId, ViewId, bounded,
    navigation::{MenuItem, SubMenuItem},
    optional_bounded,
};
use keystead_store::UnitOfWork;
use std::collections::HashSet;

/// Everything that a client says about an item of the second level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubMenuItemFields {
    /// Under which item it stands.
    pub menu_item_id: MenuItemId,
    /// The word by which programs name it, up to 100 characters, unique among these items.
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

/// What is to change about an item of the second level. What is absent stays; none inside takes a value away.
#[derive(Clone, Debug, Default)]
pub struct SubMenuItemChange {
    /// Under which item it stands from now on.
    pub menu_item_id: Option<MenuItemId>,
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

impl Item for SubMenuItem {
    type Id = SubMenuItemId;
    type Fields = SubMenuItemFields;
    type Change = SubMenuItemChange;

    const ONE: &'static str = "sub-menu item";
    const MANY: &'static str = "sub_menu_items";
    const CREATED: &'static str = "sub_menu_item.created";
    const UPDATED: &'static str = "sub_menu_item.updated";
    const DELETED: &'static str = "sub_menu_item.deleted";

    fn build(head: Head<SubMenuItemId>, fields: SubMenuItemFields) -> Result<Self> {
        Ok(Self {
            id: head.id,
            menu_item_id: fields.menu_item_id,
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
    fn fields(&self) -> SubMenuItemFields {
        let Self { menu_item_id, key, name, description, path, icon, view_id, order_index, is_active, .. } =
            self.clone();
        SubMenuItemFields { menu_item_id, key, name, description, path, icon, view_id, order_index, is_active }
    }
    fn changed(fields: SubMenuItemFields, change: SubMenuItemChange) -> SubMenuItemFields {
        SubMenuItemFields {
            menu_item_id: change.menu_item_id.unwrap_or(fields.menu_item_id),
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
    fn head(&self) -> Head<SubMenuItemId> {
        Head { id: self.id, created_at: self.created_at, updated_at: self.updated_at, version: self.version }
    }
    fn key(&self) -> &str {
        &self.key
    }
}

#[async_trait]
impl Kept for SubMenuItem {
    async fn broken(unit: &dyn UnitOfWork, items: &[Self]) -> Result<Option<(usize, Error)>> {
        // One is looked for, several in the whole menu, which is short.
        let known: HashSet<MenuItemId> = match items {
            [one] => unit.menus().find_item(one.menu_item_id).await?.into_iter().map(|item| item.id).collect(),
            _ => MenuItem::all(unit).await?.into_iter().map(|item| item.id).collect(),
        };
        if let Some(place) = items.iter().position(|item| !known.contains(&item.menu_item_id)) {
            let id = items.get(place).map(|item| item.menu_item_id.to_string()).unwrap_or_default();
            return Ok(Some((place, Error::invalid("menu_item_id", format!("there is no menu item {id}")))));
        }
        unknown_view(unit, items.iter().map(|item| item.view_id)).await
    }
    async fn insert(unit: &dyn UnitOfWork, new: &[Self]) -> Result<()> {
        unit.menus().insert_sub_items(new).await
    }
    async fn find(unit: &dyn UnitOfWork, id: SubMenuItemId) -> Result<Option<Self>> {
        unit.menus().find_sub_item(id).await
    }
    async fn find_by_key(unit: &dyn UnitOfWork, key: &str) -> Result<Option<Self>> {
        unit.menus().find_sub_item_by_key(key).await
    }
    async fn list(unit: &dyn UnitOfWork, page: &PageRequest) -> Result<Page<Self>> {
        unit.menus().list_sub_items(page).await
    }
    async fn all(unit: &dyn UnitOfWork) -> Result<Vec<Self>> {
        Ok(unit.menus().menus().await?.into_iter().flat_map(|menu| menu.items).collect())
    }
    async fn update(unit: &dyn UnitOfWork, changed: &Self) -> Result<Self> {
        unit.menus().update_sub_item(changed).await
    }
    async fn delete(unit: &dyn UnitOfWork, id: SubMenuItemId, version: i64) -> Result<()> {
        unit.menus().delete_sub_item(id, version).await
    }
}
