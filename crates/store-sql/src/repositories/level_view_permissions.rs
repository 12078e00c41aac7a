//! What user levels permit on views.

use super::{
    level_permissions::{changeable, may_write, not_modifiable, of_one_level, refused, value},
    statements::{all_in, exactly, last_of_each},
    time,
};
use crate::{
    engine::{SqlUnitOfWork, errors::unique_violation},
    entities::user_level_view_permissions as on_views,
};
use async_trait::async_trait;
use keystead_domain::{
    Error, ErrorKind, OrganizationId, Page, PageRequest, Result, UserLevelId, ViewId, ViewPermissionId,
    access::{AccessChange, AccessTable, LevelEditor, ViewPermission},
};
use keystead_store::ViewPermissionRepository;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Select,
    sea_query::{Expr, ExprTrait, OnConflict},
};

pub(super) fn view_permission(row: on_views::Model) -> Result<ViewPermission> {
    Ok(ViewPermission {
        id: row.id.into(),
        organization_id: row.organization_id.into(),
        user_level_id: row.user_level_id.into(),
        view_id: row.view_id.into(),
        value: value(&row.value)?,
        modifiable: row.modifiable,
        created_at: time(row.created_at),
        updated_at: time(row.updated_at),
        version: row.version,
    })
}

fn view_row(permission: &ViewPermission) -> on_views::ActiveModel {
    on_views::ActiveModel {
        id: Set(permission.id.as_uuid()),
        organization_id: Set(permission.organization_id.as_uuid()),
        user_level_id: Set(permission.user_level_id.as_uuid()),
        view_id: Set(permission.view_id.as_uuid()),
        value: Set(permission.value.as_str().to_owned()),
        modifiable: Set(permission.modifiable),
        created_at: Set(permission.created_at.as_datetime()),
        updated_at: Set(permission.updated_at.as_datetime()),
        version: Set(permission.version),
    }
}

impl SqlUnitOfWork {
    fn permissions_on_views(&self, organization: OrganizationId) -> Select<on_views::Entity> {
        on_views::Entity::find().filter(self.of_organization(on_views::Column::OrganizationId, organization))
    }
}

#[async_trait]
impl ViewPermissionRepository for SqlUnitOfWork {
    async fn insert(&self, organization: OrganizationId, new: &[ViewPermission], by: LevelEditor) -> Result<()> {
        self.may_write_in(organization)?;
        all_in(organization, new.iter().map(|row| row.organization_id))?;
        may_write(by, new.iter().map(|row| row.modifiable))?;
        self.add(new.iter().map(view_row)).await.map_err(refused)?;
        self.note_put(organization, AccessTable::UserLevels, new.iter().map(|row| row.user_level_id));
        Ok(())
    }

    async fn upsert(&self, organization: OrganizationId, rows: &[ViewPermission], by: LevelEditor) -> Result<()> {
        use on_views::Column;
        self.may_write_in(organization)?;
        all_in(organization, rows.iter().map(|row| row.organization_id))?;
        may_write(by, rows.iter().map(|row| row.modifiable))?;
        let rows = last_of_each(rows, |row| (row.user_level_id, row.view_id));
        let mut conflict = OnConflict::columns([Column::OrganizationId, Column::UserLevelId, Column::ViewId]);
        conflict
            .update_columns([Column::Value, Column::Modifiable, Column::UpdatedAt])
            .value(Column::Version, Expr::col((on_views::Entity, Column::Version)).add(1));
        if by == LevelEditor::Managers {
            conflict.action_and_where(Expr::col((on_views::Entity, Column::Modifiable)).eq(true));
        }
        let written = self.add_or(rows.iter().map(|row| view_row(row)), conflict).await.map_err(refused)?;
        if written < rows.len() as u64 {
            return Err(not_modifiable());
        }
        self.note_put(organization, AccessTable::UserLevels, rows.iter().map(|row| row.user_level_id));
        Ok(())
    }

    async fn replace_for_level(
        &self,
        organization: OrganizationId,
        level: UserLevelId,
        rows: &[ViewPermission],
        by: LevelEditor,
    ) -> Result<()> {
        use on_views::Column;
        self.may_write_in(organization)?;
        all_in(organization, rows.iter().map(|row| row.organization_id))?;
        of_one_level(level, rows.iter().map(|row| row.user_level_id))?;
        may_write(by, rows.iter().map(|row| row.modifiable))?;
        let of_level = self
            .of_organization(Column::OrganizationId, organization)
            .add(Column::OrganizationId.eq(organization.as_uuid()))
            .add(Column::UserLevelId.eq(level.as_uuid()))
            .add(changeable(by, Column::Modifiable));
        self.remove_all::<on_views::Entity>(of_level).await?;
        self.note(organization, AccessChange::put(AccessTable::UserLevels, level));
        if rows.is_empty() {
            return self.level_is_there(organization, level).await;
        }
        let rows = last_of_each(rows, |row| (row.user_level_id, row.view_id)).into_iter().map(view_row);
        self.add(rows).await.map_err(|error| match by {
            // Only what could not be removed is still there.
            LevelEditor::Managers if unique_violation(&error).is_some() => not_modifiable(),
            _ => refused(error),
        })
    }

    async fn find(&self, organization: OrganizationId, id: ViewPermissionId) -> Result<Option<ViewPermission>> {
        let query = self.permissions_on_views(organization).filter(on_views::Column::Id.eq(id.as_uuid()));
        self.one(query).await?.map(view_permission).transpose()
    }

    async fn find_by_view(
        &self,
        organization: OrganizationId,
        level: UserLevelId,
        view: ViewId,
    ) -> Result<Option<ViewPermission>> {
        let query = self
            .permissions_on_views(organization)
            .filter(on_views::Column::UserLevelId.eq(level.as_uuid()))
            .filter(on_views::Column::ViewId.eq(view.as_uuid()));
        self.one(query).await?.map(view_permission).transpose()
    }

    async fn list(&self, organization: OrganizationId, page: &PageRequest) -> Result<Page<ViewPermission>> {
        let rows = self.page(self.permissions_on_views(organization), on_views::Column::Id, page).await?;
        let items = rows.into_iter().map(view_permission).collect::<Result<Vec<_>>>()?;
        Ok(Page::cut(items, page.limit, |row| row.id.to_string()))
    }

    async fn of_levels(&self, organization: OrganizationId, levels: &[UserLevelId]) -> Result<Vec<ViewPermission>> {
        let levels = levels.iter().map(|level| level.as_uuid());
        let query = self
            .permissions_on_views(organization)
            .filter(on_views::Column::UserLevelId.is_in(levels))
            .order_by_asc(on_views::Column::UserLevelId)
            .order_by_asc(on_views::Column::ViewId);
        self.many(query).await?.into_iter().map(view_permission).collect()
    }

    async fn all(&self, organization: OrganizationId) -> Result<Vec<ViewPermission>> {
        let query = self
            .permissions_on_views(organization)
            .order_by_asc(on_views::Column::UserLevelId)
            .order_by_asc(on_views::Column::ViewId);
        self.many(query).await?.into_iter().map(view_permission).collect()
    }

    async fn update(
        &self,
        organization: OrganizationId,
        changed: &ViewPermission,
        by: LevelEditor,
    ) -> Result<ViewPermission> {
        use on_views::{ActiveModel, Column};
        may_write(by, std::iter::once(changed.modifiable))?;
        let next = ViewPermission { version: changed.version + 1, ..changed.clone() };
        let row = ActiveModel {
            value: Set(next.value.as_str().to_owned()),
            modifiable: Set(next.modifiable),
            updated_at: Set(next.updated_at.as_datetime()),
            version: Set(next.version),
            ..Default::default()
        };
        let which = exactly(Column::Id, changed.id, Column::Version, changed.version)
            .add(self.of_organization(Column::OrganizationId, organization))
            .add(Column::UserLevelId.eq(changed.user_level_id.as_uuid()));
        let done = self.change_row(row, which.clone().add(changeable(by, Column::Modifiable)), refused).await;
        if let Err(error) = done {
            let is_kept = error.kind == ErrorKind::PreconditionFailed && by == LevelEditor::Managers;
            let is_there = is_kept && self.one(on_views::Entity::find().filter(which)).await?.is_some();
            return Err(if is_there { not_modifiable() } else { error });
        }
        self.note(organization, AccessChange::put(AccessTable::UserLevels, next.user_level_id));
        Ok(next)
    }

    async fn delete(
        &self,
        organization: OrganizationId,
        id: ViewPermissionId,
        version: i64,
        by: LevelEditor,
    ) -> Result<()> {
        use on_views::{Column, Entity};
        let which = exactly(Column::Id, id, Column::Version, version)
            .add(self.of_organization(Column::OrganizationId, organization));
        let removable = which.clone().add(changeable(by, Column::Modifiable));
        let levels = self.remove_returning::<Entity>(removable, Column::UserLevelId).await?;
        if levels.is_empty() {
            let is_there = by == LevelEditor::Managers && self.one(Entity::find().filter(which)).await?.is_some();
            return Err(if is_there { not_modifiable() } else { Error::stale() });
        }
        self.note_put(organization, AccessTable::UserLevels, levels);
        Ok(())
    }
}
