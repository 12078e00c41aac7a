//! What user levels permit on views and on features.

use super::{
    statements::{all_in, exactly},
    time, word,
};
use crate::{
    engine::{
        SqlUnitOfWork,
        errors::{foreign_key_violation, store_error, unique_violation},
    },
    entities::{user_level_feature_permissions as on_features, user_level_view_permissions as on_views},
};
use async_trait::async_trait;
use keystead_domain::{
    Error, FeatureId, FeaturePermissionId, OrganizationId, Page, PageRequest, Result, UserLevelId, ViewId,
    ViewPermissionId,
    access::{FeaturePermission, LevelScope, PermissionValue, ViewPermission},
};
use keystead_store::{FeaturePermissionRepository, ViewPermissionRepository};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter, QueryOrder, Select,
    sea_query::{Expr, ExprTrait, OnConflict},
};

/// The stored word.
pub(super) fn value(text: &str) -> Result<PermissionValue> {
    word(PermissionValue::parse(text), "value", text)
}
/// The stored word.
pub(super) fn scope(text: &str) -> Result<LevelScope> {
    word(LevelScope::parse(text), "scope", text)
}

fn refused(error: DbErr) -> Error {
    match unique_violation(&error) {
        Some(what) if what.contains("level_view") || what.contains("level_feature") || what.contains("_level_id") => {
            Error::conflict("permission_already_there", "The user level has a permission on this already.")
        }
        _ if foreign_key_violation(&error) => Error::not_found("user level, view or feature"),
        _ => store_error(error),
    }
}

fn view_permission(row: on_views::Model) -> Result<ViewPermission> {
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

fn feature_permission(row: on_features::Model) -> Result<FeaturePermission> {
    Ok(FeaturePermission {
        id: row.id.into(),
        organization_id: row.organization_id.into(),
        user_level_id: row.user_level_id.into(),
        feature_id: row.feature_id.into(),
        value: value(&row.value)?,
        scope: scope(&row.scope)?,
        action: row.action,
        modifiable: row.modifiable,
        created_at: time(row.created_at),
        updated_at: time(row.updated_at),
        version: row.version,
    })
}

fn feature_row(permission: &FeaturePermission) -> on_features::ActiveModel {
    on_features::ActiveModel {
        id: Set(permission.id.as_uuid()),
        organization_id: Set(permission.organization_id.as_uuid()),
        user_level_id: Set(permission.user_level_id.as_uuid()),
        feature_id: Set(permission.feature_id.as_uuid()),
        action: Set(permission.action.clone()),
        value: Set(permission.value.as_str().to_owned()),
        scope: Set(permission.scope.as_str().to_owned()),
        modifiable: Set(permission.modifiable),
        created_at: Set(permission.created_at.as_datetime()),
        updated_at: Set(permission.updated_at.as_datetime()),
        version: Set(permission.version),
    }
}

/// The rows of one user level only.
fn of_one_level(level: UserLevelId, rows: impl Iterator<Item = UserLevelId>) -> Result<()> {
    let mut rows = rows;
    if rows.any(|row| row != level) {
        return Err(Error::internal("a permission belongs to another user level than it is written for"));
    }
    Ok(())
}

impl SqlUnitOfWork {
    fn permissions_on_views(&self, organization: OrganizationId) -> Select<on_views::Entity> {
        on_views::Entity::find().filter(self.of_organization(on_views::Column::OrganizationId, organization))
    }
    fn permissions_on_features(&self, organization: OrganizationId) -> Select<on_features::Entity> {
        on_features::Entity::find().filter(self.of_organization(on_features::Column::OrganizationId, organization))
    }
    /// Nothing refers to a level that permits nothing, so nothing would be refused.
    async fn level_is_there(&self, organization: OrganizationId, level: UserLevelId) -> Result<()> {
        match keystead_store::UserLevelRepository::find(self, organization, level).await? {
            Some(_) => Ok(()),
            None => Err(Error::not_found("user level")),
        }
    }
}

#[async_trait]
impl ViewPermissionRepository for SqlUnitOfWork {
    async fn insert(&self, organization: OrganizationId, new: &[ViewPermission]) -> Result<()> {
        self.may_write_in(organization)?;
        all_in(organization, new.iter().map(|row| row.organization_id))?;
        self.add(new.iter().map(view_row)).await.map_err(refused)
    }

    async fn upsert(&self, organization: OrganizationId, rows: &[ViewPermission]) -> Result<()> {
        use on_views::Column;
        self.may_write_in(organization)?;
        all_in(organization, rows.iter().map(|row| row.organization_id))?;
        let conflict = OnConflict::columns([Column::OrganizationId, Column::UserLevelId, Column::ViewId])
            .update_columns([Column::Value, Column::Modifiable, Column::UpdatedAt])
            .value(Column::Version, Expr::col((on_views::Entity, Column::Version)).add(1))
            .to_owned();
        self.add_or(rows.iter().map(view_row), conflict).await.map(drop).map_err(refused)
    }

    async fn replace_for_level(
        &self,
        organization: OrganizationId,
        level: UserLevelId,
        rows: &[ViewPermission],
    ) -> Result<()> {
        use on_views::Column;
        self.may_write_in(organization)?;
        all_in(organization, rows.iter().map(|row| row.organization_id))?;
        of_one_level(level, rows.iter().map(|row| row.user_level_id))?;
        let of_level = self.of_organization(Column::OrganizationId, organization);
        let of_level = of_level
            .add(Column::OrganizationId.eq(organization.as_uuid()))
            .add(Column::UserLevelId.eq(level.as_uuid()));
        self.remove_all::<on_views::Entity>(of_level).await?;
        if rows.is_empty() {
            return self.level_is_there(organization, level).await;
        }
        self.add(rows.iter().map(view_row)).await.map_err(refused)
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

    async fn update(&self, organization: OrganizationId, changed: &ViewPermission) -> Result<ViewPermission> {
        use on_views::{ActiveModel, Column};
        let next = ViewPermission { version: changed.version + 1, ..changed.clone() };
        let row = ActiveModel {
            value: Set(next.value.as_str().to_owned()),
            modifiable: Set(next.modifiable),
            updated_at: Set(next.updated_at.as_datetime()),
            version: Set(next.version),
            ..Default::default()
        };
        let which = exactly(Column::Id, changed.id, Column::Version, changed.version);
        self.change_row(row, which.add(self.of_organization(Column::OrganizationId, organization)), refused).await?;
        Ok(next)
    }

    async fn delete(&self, organization: OrganizationId, id: ViewPermissionId, version: i64) -> Result<()> {
        use on_views::{Column, Entity};
        let which: Condition = exactly(Column::Id, id, Column::Version, version);
        self.remove_row::<Entity>(which.add(self.of_organization(Column::OrganizationId, organization)), store_error)
            .await
    }
}

#[async_trait]
impl FeaturePermissionRepository for SqlUnitOfWork {
    async fn insert(&self, organization: OrganizationId, new: &[FeaturePermission]) -> Result<()> {
        self.may_write_in(organization)?;
        all_in(organization, new.iter().map(|row| row.organization_id))?;
        self.add(new.iter().map(feature_row)).await.map_err(refused)
    }

    async fn upsert(&self, organization: OrganizationId, rows: &[FeaturePermission]) -> Result<()> {
        use on_features::Column;
        self.may_write_in(organization)?;
        all_in(organization, rows.iter().map(|row| row.organization_id))?;
        let key = [Column::OrganizationId, Column::UserLevelId, Column::FeatureId, Column::Action];
        let conflict = OnConflict::columns(key)
            .update_columns([Column::Value, Column::Scope, Column::Modifiable, Column::UpdatedAt])
            .value(Column::Version, Expr::col((on_features::Entity, Column::Version)).add(1))
            .to_owned();
        self.add_or(rows.iter().map(feature_row), conflict).await.map(drop).map_err(refused)
    }

    async fn replace_for_level(
        &self,
        organization: OrganizationId,
        level: UserLevelId,
        rows: &[FeaturePermission],
    ) -> Result<()> {
        use on_features::Column;
        self.may_write_in(organization)?;
        all_in(organization, rows.iter().map(|row| row.organization_id))?;
        of_one_level(level, rows.iter().map(|row| row.user_level_id))?;
        let of_level = self.of_organization(Column::OrganizationId, organization);
        let of_level = of_level
            .add(Column::OrganizationId.eq(organization.as_uuid()))
            .add(Column::UserLevelId.eq(level.as_uuid()));
        self.remove_all::<on_features::Entity>(of_level).await?;
        if rows.is_empty() {
            return self.level_is_there(organization, level).await;
        }
        self.add(rows.iter().map(feature_row)).await.map_err(refused)
    }

    async fn find(&self, organization: OrganizationId, id: FeaturePermissionId) -> Result<Option<FeaturePermission>> {
        let query = self.permissions_on_features(organization).filter(on_features::Column::Id.eq(id.as_uuid()));
        self.one(query).await?.map(feature_permission).transpose()
    }

    async fn find_by_action(
        &self,
        organization: OrganizationId,
        level: UserLevelId,
        feature: FeatureId,
        action: &str,
    ) -> Result<Option<FeaturePermission>> {
        let query = self
            .permissions_on_features(organization)
            .filter(on_features::Column::UserLevelId.eq(level.as_uuid()))
            .filter(on_features::Column::FeatureId.eq(feature.as_uuid()))
            .filter(on_features::Column::Action.eq(action));
        self.one(query).await?.map(feature_permission).transpose()
    }

    async fn list(&self, organization: OrganizationId, page: &PageRequest) -> Result<Page<FeaturePermission>> {
        let rows = self.page(self.permissions_on_features(organization), on_features::Column::Id, page).await?;
        let items = rows.into_iter().map(feature_permission).collect::<Result<Vec<_>>>()?;
        Ok(Page::cut(items, page.limit, |row| row.id.to_string()))
    }

    async fn of_levels(&self, organization: OrganizationId, levels: &[UserLevelId]) -> Result<Vec<FeaturePermission>> {
        let levels = levels.iter().map(|level| level.as_uuid());
        let query = self
            .permissions_on_features(organization)
            .filter(on_features::Column::UserLevelId.is_in(levels))
            .order_by_asc(on_features::Column::UserLevelId)
            .order_by_asc(on_features::Column::FeatureId)
            .order_by_asc(on_features::Column::Action);
        self.many(query).await?.into_iter().map(feature_permission).collect()
    }

    async fn all(&self, organization: OrganizationId) -> Result<Vec<FeaturePermission>> {
        let query = self
            .permissions_on_features(organization)
            .order_by_asc(on_features::Column::UserLevelId)
            .order_by_asc(on_features::Column::FeatureId)
            .order_by_asc(on_features::Column::Action);
        self.many(query).await?.into_iter().map(feature_permission).collect()
    }

    async fn update(&self, organization: OrganizationId, changed: &FeaturePermission) -> Result<FeaturePermission> {
        use on_features::{ActiveModel, Column};
        let next = FeaturePermission { version: changed.version + 1, ..changed.clone() };
        let row = ActiveModel {
            value: Set(next.value.as_str().to_owned()),
            scope: Set(next.scope.as_str().to_owned()),
            modifiable: Set(next.modifiable),
            updated_at: Set(next.updated_at.as_datetime()),
            version: Set(next.version),
            ..Default::default()
        };
        let which = exactly(Column::Id, changed.id, Column::Version, changed.version);
        self.change_row(row, which.add(self.of_organization(Column::OrganizationId, organization)), refused).await?;
        Ok(next)
    }

    async fn delete(&self, organization: OrganizationId, id: FeaturePermissionId, version: i64) -> Result<()> {
        use on_features::{Column, Entity};
        let which: Condition = exactly(Column::Id, id, Column::Version, version);
        self.remove_row::<Entity>(which.add(self.of_organization(Column::OrganizationId, organization)), store_error)
            .await
    }
}
