//! The product catalogue: views, modules, features.

use super::{statements::exactly, time};
use crate::{
    engine::{
        SqlUnitOfWork,
        errors::{foreign_key_violation, store_error, unique_violation},
    },
    entities::{features, modules, views},
};
use async_trait::async_trait;
use keystead_domain::{
    Error, FeatureId, ModuleId, PLATFORM, Page, PageRequest, Result, ViewId,
    access::{AccessChange, AccessTable, Feature, Module, View},
};
use keystead_store::{FeatureRepository, ModuleRepository, ViewRepository};
use sea_orm::{ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

pub(super) fn view(row: views::Model) -> View {
    View {
        id: ViewId::from_uuid(row.id),
        key: row.key,
        name: row.name,
        description: row.description,
        path: row.path,
        icon: row.icon,
        is_active: row.is_active,
        created_at: time(row.created_at),
        updated_at: time(row.updated_at),
        version: row.version,
    }
}

fn view_row(view: &View) -> views::ActiveModel {
    views::ActiveModel {
        id: Set(view.id.as_uuid()),
        key: Set(view.key.clone()),
        name: Set(view.name.clone()),
        description: Set(view.description.clone()),
        path: Set(view.path.clone()),
        icon: Set(view.icon.clone()),
        is_active: Set(view.is_active),
        created_at: Set(view.created_at.as_datetime()),
        updated_at: Set(view.updated_at.as_datetime()),
        version: Set(view.version),
    }
}

pub(super) fn module(row: modules::Model) -> Module {
    Module {
        id: ModuleId::from_uuid(row.id),
        key: row.key,
        name: row.name,
        description: row.description,
        icon: row.icon,
        order_index: row.order_index,
        is_active: row.is_active,
        created_at: time(row.created_at),
        updated_at: time(row.updated_at),
        version: row.version,
    }
}

fn module_row(module: &Module) -> modules::ActiveModel {
    modules::ActiveModel {
        id: Set(module.id.as_uuid()),
        key: Set(module.key.clone()),
        name: Set(module.name.clone()),
        description: Set(module.description.clone()),
        icon: Set(module.icon.clone()),
        order_index: Set(module.order_index),
        is_active: Set(module.is_active),
        created_at: Set(module.created_at.as_datetime()),
        updated_at: Set(module.updated_at.as_datetime()),
        version: Set(module.version),
    }
}

pub(super) fn feature(row: features::Model) -> Feature {
    Feature {
        id: FeatureId::from_uuid(row.id),
        key: row.key,
        name: row.name,
        description: row.description,
        is_active: row.is_active,
        created_at: time(row.created_at),
        updated_at: time(row.updated_at),
        version: row.version,
    }
}

fn feature_row(feature: &Feature) -> features::ActiveModel {
    features::ActiveModel {
        id: Set(feature.id.as_uuid()),
        key: Set(feature.key.clone()),
        name: Set(feature.name.clone()),
        description: Set(feature.description.clone()),
        is_active: Set(feature.is_active),
        created_at: Set(feature.created_at.as_datetime()),
        updated_at: Set(feature.updated_at.as_datetime()),
        version: Set(feature.version),
    }
}

/// What it means that a row of the catalogue cannot be written.
pub(super) fn taken(error: DbErr) -> Error {
    match unique_violation(&error) {
        Some(what) if what.contains("key") && !what.contains("pkey") => {
            Error::conflict("key_taken", "There is one with this key: choose another one.")
        }
        _ if foreign_key_violation(&error) => Error::not_found("view, or item above"),
        _ => store_error(error),
    }
}

fn in_use(error: DbErr) -> Error {
    if foreign_key_violation(&error) {
        return Error::conflict(
            "catalogue_in_use",
            "An organization, a user level or a menu refers to it: switch it off, or take it away there first.",
        );
    }
    store_error(error)
}

macro_rules! repository {
    ($repository:ident, $item:ident, $id:ident, $table:ident, $change:ident, $read:ident, $write:ident) => {
        #[async_trait]
        impl $repository for SqlUnitOfWork {
            async fn insert(&self, new: &[$item]) -> Result<()> {
                self.may_write_in(PLATFORM)?;
                self.add(new.iter().map($write)).await.map_err(taken)?;
                self.note_put(PLATFORM, AccessTable::$change, new.iter().map(|item| item.id));
                Ok(())
            }

            async fn find(&self, id: $id) -> Result<Option<$item>> {
                Ok(self.one($table::Entity::find_by_id(id.as_uuid())).await?.map($read))
            }

            async fn find_by_key(&self, key: &str) -> Result<Option<$item>> {
                Ok(self.one($table::Entity::find().filter($table::Column::Key.eq(key))).await?.map($read))
            }

            async fn find_many(&self, ids: &[$id]) -> Result<Vec<$item>> {
                let ids = ids.iter().map(|id| id.as_uuid());
                let rows = self.with_ids($table::Entity::find(), $table::Column::Id, ids).await?;
                Ok(rows.into_iter().map($read).collect())
            }

            async fn list(&self, page: &PageRequest) -> Result<Page<$item>> {
                let rows = self.page($table::Entity::find(), $table::Column::Id, page).await?;
                Ok(Page::cut(rows.into_iter().map($read).collect(), page.limit, |item: &$item| item.id.to_string()))
            }

            async fn all(&self) -> Result<Vec<$item>> {
                let query = $table::Entity::find().order_by_asc($table::Column::Id);
                Ok(self.many(query).await?.into_iter().map($read).collect())
            }

            async fn update(&self, changed: &$item) -> Result<$item> {
                self.may_write_in(PLATFORM)?;
                let next = $item { version: changed.version + 1, ..changed.clone() };
                let which = exactly($table::Column::Id, changed.id, $table::Column::Version, changed.version);
                self.change_row($write(&next), which, taken).await?;
                self.note(PLATFORM, AccessChange::put(AccessTable::$change, next.id));
                Ok(next)
            }

            async fn delete(&self, id: $id, version: i64) -> Result<()> {
                self.may_write_in(PLATFORM)?;
                let which = exactly($table::Column::Id, id, $table::Column::Version, version);
                self.remove_row::<$table::Entity>(which, in_use).await?;
                self.note(PLATFORM, AccessChange::remove(AccessTable::$change, id));
                Ok(())
            }
        }
    };
}
repository!(ViewRepository, View, ViewId, views, Views, view, view_row);
repository!(ModuleRepository, Module, ModuleId, modules, Modules, module, module_row);
repository!(FeatureRepository, Feature, FeatureId, features, Features, feature, feature_row);
