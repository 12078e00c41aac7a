//! User levels, who has them, and which modules an organization has.

use super::{
    catalogue::module,
    statements::{all_in, exactly, last_of_each},
    time,
};
use crate::{
    engine::{
        SqlUnitOfWork,
        errors::{foreign_key_violation, store_error, unique_violation},
    },
    entities::{modules, organization_modules, user_levels},
};
use async_trait::async_trait;
use keystead_domain::{
    Error, ModuleId, OrganizationId, OrganizationModuleId, Page, PageRequest, Result, UserLevelId,
    access::{AccessChange, AccessTable, Module, OrganizationModule, UserLevel},
};
use keystead_store::{OrganizationModuleRepository, UserLevelRepository};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, OnConflict},
};

pub(super) fn organization_module(row: organization_modules::Model) -> OrganizationModule {
    OrganizationModule {
        id: row.id.into(),
        organization_id: row.organization_id.into(),
        module_id: row.module_id.into(),
        is_active: row.is_active,
        created_at: time(row.created_at),
        updated_at: time(row.updated_at),
        version: row.version,
    }
}

fn organization_module_row(row: &OrganizationModule) -> organization_modules::ActiveModel {
    organization_modules::ActiveModel {
        id: Set(row.id.as_uuid()),
        organization_id: Set(row.organization_id.as_uuid()),
        module_id: Set(row.module_id.as_uuid()),
        is_active: Set(row.is_active),
        created_at: Set(row.created_at.as_datetime()),
        updated_at: Set(row.updated_at.as_datetime()),
        version: Set(row.version),
    }
}

fn module_refused(error: DbErr) -> Error {
    match unique_violation(&error) {
        Some(what) if what.contains("module") && !what.contains("pkey") && !what.ends_with(".id") => {
            Error::conflict("module_already_there", "The organization has this module already.")
        }
        _ if foreign_key_violation(&error) => Error::not_found("module"),
        _ => store_error(error),
    }
}

#[async_trait]
impl OrganizationModuleRepository for SqlUnitOfWork {
    async fn insert(&self, organization: OrganizationId, new: &[OrganizationModule]) -> Result<()> {
        self.may_write_in(organization)?;
        all_in(organization, new.iter().map(|row| row.organization_id))?;
        self.add(new.iter().map(organization_module_row)).await.map_err(module_refused)?;
        self.note_put(organization, AccessTable::OrganizationModules, new.iter().map(|row| row.module_id));
        Ok(())
    }

    async fn upsert(&self, organization: OrganizationId, rows: &[OrganizationModule]) -> Result<()> {
        use organization_modules::Column;
        self.may_write_in(organization)?;
        all_in(organization, rows.iter().map(|row| row.organization_id))?;
        let conflict = OnConflict::columns([Column::OrganizationId, Column::ModuleId])
            .update_columns([Column::IsActive, Column::UpdatedAt])
            .value(Column::Version, Expr::col((organization_modules::Entity, Column::Version)).add(1))
            .to_owned();
        let rows = last_of_each(rows, |row| row.module_id);
        let written = rows.iter().map(|row| organization_module_row(row));
        self.add_or(written, conflict).await.map_err(module_refused)?;
        self.note_put(organization, AccessTable::OrganizationModules, rows.iter().map(|row| row.module_id));
        Ok(())
    }

    async fn find(&self, organization: OrganizationId, id: OrganizationModuleId) -> Result<Option<OrganizationModule>> {
        let query = self.of_organization_modules(organization);
        let query = query.filter(organization_modules::Column::Id.eq(id.as_uuid()));
        Ok(self.one(query).await?.map(organization_module))
    }

    async fn find_by_module(
        &self,
        organization: OrganizationId,
        module: ModuleId,
    ) -> Result<Option<OrganizationModule>> {
        let query = self.of_organization_modules(organization);
        let query = query.filter(organization_modules::Column::ModuleId.eq(module.as_uuid()));
        Ok(self.one(query).await?.map(organization_module))
    }

    async fn list(&self, organization: OrganizationId, page: &PageRequest) -> Result<Page<OrganizationModule>> {
        let query = self.of_organization_modules(organization);
        let rows = self.page(query, organization_modules::Column::Id, page).await?;
        Ok(Page::cut(rows.into_iter().map(organization_module).collect(), page.limit, |row| row.id.to_string()))
    }

    async fn active_modules(&self, organization: OrganizationId) -> Result<Vec<Module>> {
        let held = self
            .of_organization_modules(organization)
            .filter(organization_modules::Column::IsActive.eq(true))
            .select_only()
            .column(organization_modules::Column::ModuleId)
            .into_query();
        let query = modules::Entity::find()
            .filter(modules::Column::Id.in_subquery(held))
            .filter(modules::Column::IsActive.eq(true))
            .order_by_asc(modules::Column::OrderIndex)
            .order_by_asc(modules::Column::Id);
        Ok(self.many(query).await?.into_iter().map(module).collect())
    }

    async fn update(&self, organization: OrganizationId, changed: &OrganizationModule) -> Result<OrganizationModule> {
        use organization_modules::{ActiveModel, Column};
        let next = OrganizationModule { version: changed.version + 1, ..changed.clone() };
        let row = ActiveModel {
            is_active: Set(next.is_active),
            updated_at: Set(next.updated_at.as_datetime()),
            version: Set(next.version),
            ..Default::default()
        };
        let which = exactly(Column::Id, changed.id, Column::Version, changed.version)
            .add(self.of_organization(Column::OrganizationId, organization))
            .add(Column::ModuleId.eq(changed.module_id.as_uuid()));
        self.change_row(row, which, module_refused).await?;
        self.note(organization, AccessChange::put(AccessTable::OrganizationModules, changed.module_id));
        Ok(next)
    }

    async fn delete(&self, organization: OrganizationId, id: OrganizationModuleId, version: i64) -> Result<()> {
        use organization_modules::{Column, Entity};
        let which = exactly(Column::Id, id, Column::Version, version);
        let which = which.add(self.of_organization(Column::OrganizationId, organization));
        let removed = self.remove_returning::<Entity>(which, Column::ModuleId).await?;
        if removed.is_empty() {
            return Err(Error::stale());
        }
        self.note_removed(organization, AccessTable::OrganizationModules, removed);
        Ok(())
    }
}

impl SqlUnitOfWork {
    fn of_organization_modules(&self, organization: OrganizationId) -> Select<organization_modules::Entity> {
        let column = organization_modules::Column::OrganizationId;
        organization_modules::Entity::find().filter(self.of_organization(column, organization))
    }
    fn levels_of_organization(&self, organization: OrganizationId) -> Select<user_levels::Entity> {
        user_levels::Entity::find().filter(self.of_organization(user_levels::Column::OrganizationId, organization))
    }
}

pub(super) fn level(row: user_levels::Model) -> UserLevel {
    UserLevel {
        id: row.id.into(),
        organization_id: row.organization_id.into(),
        name: row.name,
        description: row.description,
        created_at: time(row.created_at),
        updated_at: time(row.updated_at),
        version: row.version,
    }
}

fn level_row(level: &UserLevel) -> user_levels::ActiveModel {
    user_levels::ActiveModel {
        id: Set(level.id.as_uuid()),
        organization_id: Set(level.organization_id.as_uuid()),
        name: Set(level.name.clone()),
        description: Set(level.description.clone()),
        created_at: Set(level.created_at.as_datetime()),
        updated_at: Set(level.updated_at.as_datetime()),
        version: Set(level.version),
    }
}

fn level_refused(error: DbErr) -> Error {
    match unique_violation(&error) {
        Some(what) if what.contains("name") => {
            Error::conflict("user_level_name_taken", "There is a user level with this name: choose another one.")
        }
        _ if foreign_key_violation(&error) => {
            Error::conflict("user_level_in_use", "Somebody has this user level: take it away there first.")
        }
        _ => store_error(error),
    }
}

#[async_trait]
impl UserLevelRepository for SqlUnitOfWork {
    async fn insert(&self, organization: OrganizationId, new: &[UserLevel]) -> Result<()> {
        self.may_write_in(organization)?;
        all_in(organization, new.iter().map(|row| row.organization_id))?;
        self.add(new.iter().map(level_row)).await.map_err(level_refused)?;
        self.note_put(organization, AccessTable::UserLevels, new.iter().map(|level| level.id));
        Ok(())
    }

    async fn find(&self, organization: OrganizationId, id: UserLevelId) -> Result<Option<UserLevel>> {
        let query = self.levels_of_organization(organization).filter(user_levels::Column::Id.eq(id.as_uuid()));
        Ok(self.one(query).await?.map(level))
    }

    async fn find_by_name(&self, organization: OrganizationId, name: &str) -> Result<Option<UserLevel>> {
        let query = self.levels_of_organization(organization).filter(user_levels::Column::Name.eq(name));
        Ok(self.one(query).await?.map(level))
    }

    async fn find_many(&self, organization: OrganizationId, ids: &[UserLevelId]) -> Result<Vec<UserLevel>> {
        let ids = ids.iter().map(|id| id.as_uuid());
        let rows = self.with_ids(self.levels_of_organization(organization), user_levels::Column::Id, ids).await?;
        Ok(rows.into_iter().map(level).collect())
    }

    async fn list(&self, organization: OrganizationId, page: &PageRequest) -> Result<Page<UserLevel>> {
        let rows = self.page(self.levels_of_organization(organization), user_levels::Column::Id, page).await?;
        Ok(Page::cut(rows.into_iter().map(level).collect(), page.limit, |level| level.id.to_string()))
    }

    async fn all(&self, organization: OrganizationId) -> Result<Vec<UserLevel>> {
        let query = self.levels_of_organization(organization).order_by_asc(user_levels::Column::Id);
        Ok(self.many(query).await?.into_iter().map(level).collect())
    }

    async fn update(&self, organization: OrganizationId, changed: &UserLevel) -> Result<UserLevel> {
        use user_levels::{ActiveModel, Column};
        let next = UserLevel { version: changed.version + 1, ..changed.clone() };
        // A level never moves to another organization.
        let row = ActiveModel { organization_id: NotSet, ..level_row(&next) };
        let which = exactly(Column::Id, changed.id, Column::Version, changed.version);
        let which = which.add(self.of_organization(Column::OrganizationId, organization));
        self.change_row(row, which, level_refused).await?;
        self.note(organization, AccessChange::put(AccessTable::UserLevels, next.id));
        Ok(next)
    }

    async fn delete(&self, organization: OrganizationId, id: UserLevelId, version: i64) -> Result<()> {
        use user_levels::{Column, Entity};
        let which = exactly(Column::Id, id, Column::Version, version);
        let which = which.add(self.of_organization(Column::OrganizationId, organization));
        self.remove_row::<Entity>(which, level_refused).await?;
        self.note(organization, AccessChange::remove(AccessTable::UserLevels, id));
        Ok(())
    }
}
