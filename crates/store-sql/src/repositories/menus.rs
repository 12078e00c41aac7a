//! Menus.

use super::{catalogue::taken, statements::exactly, time};
use crate::{
    engine::{SqlUnitOfWork, errors::store_error},
    entities::{menu_items, sub_menu_items},
};
use async_trait::async_trait;
use keystead_domain::{
    MenuItemId, PLATFORM, Page, PageRequest, Result, SubMenuItemId, ViewId,
    access::{AccessChange, AccessTable},
    navigation::{Menu, MenuItem, SubMenuItem},
};
use keystead_store::MenuRepository;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::HashMap;

pub(super) fn item(row: menu_items::Model) -> MenuItem {
    MenuItem {
        id: row.id.into(),
        key: row.key,
        name: row.name,
        description: row.description,
        path: row.path,
        icon: row.icon,
        view_id: row.view_id.map(ViewId::from_uuid),
        order_index: row.order_index,
        is_active: row.is_active,
        created_at: time(row.created_at),
        updated_at: time(row.updated_at),
        version: row.version,
    }
}

fn item_row(item: &MenuItem) -> menu_items::ActiveModel {
    menu_items::ActiveModel {
        id: Set(item.id.as_uuid()),
        key: Set(item.key.clone()),
        name: Set(item.name.clone()),
        description: Set(item.description.clone()),
        path: Set(item.path.clone()),
        icon: Set(item.icon.clone()),
        view_id: Set(item.view_id.map(ViewId::as_uuid)),
        order_index: Set(item.order_index),
        is_active: Set(item.is_active),
        created_at: Set(item.created_at.as_datetime()),
        updated_at: Set(item.updated_at.as_datetime()),
        version: Set(item.version),
    }
}

pub(super) fn sub_item(row: sub_menu_items::Model) -> SubMenuItem {
    SubMenuItem {
        id: row.id.into(),
        menu_item_id: row.menu_item_id.into(),
        key: row.key,
        name: row.name,
        description: row.description,
        path: row.path,
        icon: row.icon,
        view_id: row.view_id.map(ViewId::from_uuid),
        order_index: row.order_index,
        is_active: row.is_active,
        created_at: time(row.created_at),
        updated_at: time(row.updated_at),
        version: row.version,
    }
}

fn sub_item_row(item: &SubMenuItem) -> sub_menu_items::ActiveModel {
    sub_menu_items::ActiveModel {
        id: Set(item.id.as_uuid()),
        menu_item_id: Set(item.menu_item_id.as_uuid()),
        key: Set(item.key.clone()),
        name: Set(item.name.clone()),
        description: Set(item.description.clone()),
        path: Set(item.path.clone()),
        icon: Set(item.icon.clone()),
        view_id: Set(item.view_id.map(ViewId::as_uuid)),
        order_index: Set(item.order_index),
        is_active: Set(item.is_active),
        created_at: Set(item.created_at.as_datetime()),
        updated_at: Set(item.updated_at.as_datetime()),
        version: Set(item.version),
    }
}

#[async_trait]
impl MenuRepository for SqlUnitOfWork {
    async fn insert_items(&self, new: &[MenuItem]) -> Result<()> {
        self.may_write_in(PLATFORM)?;
        self.add(new.iter().map(item_row)).await.map_err(taken)?;
        self.note_put(PLATFORM, AccessTable::MenuItems, new.iter().map(|item| item.id));
        Ok(())
    }

    async fn insert_sub_items(&self, new: &[SubMenuItem]) -> Result<()> {
        self.may_write_in(PLATFORM)?;
        self.add(new.iter().map(sub_item_row)).await.map_err(taken)?;
        self.note_put(PLATFORM, AccessTable::MenuItems, new.iter().map(|item| item.menu_item_id));
        Ok(())
    }

    async fn find_item(&self, id: MenuItemId) -> Result<Option<MenuItem>> {
        Ok(self.one(menu_items::Entity::find_by_id(id.as_uuid())).await?.map(item))
    }

    async fn find_sub_item(&self, id: SubMenuItemId) -> Result<Option<SubMenuItem>> {
        Ok(self.one(sub_menu_items::Entity::find_by_id(id.as_uuid())).await?.map(sub_item))
    }

    async fn find_item_by_key(&self, key: &str) -> Result<Option<MenuItem>> {
        Ok(self.one(menu_items::Entity::find().filter(menu_items::Column::Key.eq(key))).await?.map(item))
    }

    async fn find_sub_item_by_key(&self, key: &str) -> Result<Option<SubMenuItem>> {
        let query = sub_menu_items::Entity::find().filter(sub_menu_items::Column::Key.eq(key));
        Ok(self.one(query).await?.map(sub_item))
    }

    async fn list_items(&self, page: &PageRequest) -> Result<Page<MenuItem>> {
        let rows = self.page(menu_items::Entity::find(), menu_items::Column::Id, page).await?;
        Ok(Page::cut(rows.into_iter().map(item).collect(), page.limit, |item| item.id.to_string()))
    }

    async fn list_sub_items(&self, page: &PageRequest) -> Result<Page<SubMenuItem>> {
        let rows = self.page(sub_menu_items::Entity::find(), sub_menu_items::Column::Id, page).await?;
        Ok(Page::cut(rows.into_iter().map(sub_item).collect(), page.limit, |item| item.id.to_string()))
    }

    async fn menus(&self) -> Result<Vec<Menu>> {
        let items = menu_items::Entity::find()
            .order_by_asc(menu_items::Column::OrderIndex)
            .order_by_asc(menu_items::Column::Id);
        let items = self.many(items).await?;
        let under = sub_menu_items::Entity::find()
            .order_by_asc(sub_menu_items::Column::MenuItemId)
            .order_by_asc(sub_menu_items::Column::OrderIndex)
            .order_by_asc(sub_menu_items::Column::Id);
        let mut by_item: HashMap<MenuItemId, Vec<SubMenuItem>> = HashMap::with_capacity(items.len());
        for row in self.many(under).await? {
            let row = sub_item(row);
            by_item.entry(row.menu_item_id).or_default().push(row);
        }
        let menu = |row| {
            let item = item(row);
            Menu { items: by_item.remove(&item.id).unwrap_or_default(), item }
        };
        Ok(items.into_iter().map(menu).collect())
    }

    async fn under(&self, above: MenuItemId) -> Result<Vec<SubMenuItem>> {
        let query = sub_menu_items::Entity::find()
            .filter(sub_menu_items::Column::MenuItemId.eq(above.as_uuid()))
            .order_by_asc(sub_menu_items::Column::OrderIndex)
            .order_by_asc(sub_menu_items::Column::Id);
        Ok(self.many(query).await?.into_iter().map(sub_item).collect())
    }

    async fn update_item(&self, changed: &MenuItem) -> Result<MenuItem> {
        use menu_items::Column;
        self.may_write_in(PLATFORM)?;
        let next = MenuItem { version: changed.version + 1, ..changed.clone() };
        let which = exactly(Column::Id, changed.id, Column::Version, changed.version);
        self.change_row(item_row(&next), which, taken).await?;
        self.note(PLATFORM, AccessChange::put(AccessTable::MenuItems, next.id));
        Ok(next)
    }

    async fn update_sub_item(&self, changed: &SubMenuItem) -> Result<SubMenuItem> {
        use sub_menu_items::Column;
        self.may_write_in(PLATFORM)?;
        let next = SubMenuItem { version: changed.version + 1, ..changed.clone() };
        let which = exactly(Column::Id, changed.id, Column::Version, changed.version);
        self.change_row(sub_item_row(&next), which, taken).await?;
        // It may have stood under another item; menus are short.
        self.note(PLATFORM, AccessChange::all(AccessTable::MenuItems));
        Ok(next)
    }

    async fn delete_item(&self, id: MenuItemId, version: i64) -> Result<()> {
        use menu_items::{Column, Entity};
        self.may_write_in(PLATFORM)?;
        self.remove_row::<Entity>(exactly(Column::Id, id, Column::Version, version), store_error).await?;
        self.note(PLATFORM, AccessChange::remove(AccessTable::MenuItems, id));
        Ok(())
    }

    async fn delete_sub_item(&self, id: SubMenuItemId, version: i64) -> Result<()> {
        use sub_menu_items::{Column, Entity};
        self.may_write_in(PLATFORM)?;
        self.remove_row::<Entity>(exactly(Column::Id, id, Column::Version, version), store_error).await?;
        self.note(PLATFORM, AccessChange::all(AccessTable::MenuItems));
        Ok(())
    }
}
