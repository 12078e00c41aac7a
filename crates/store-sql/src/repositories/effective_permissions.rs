//! What was worked out for each person.

use super::{
    identifier,
    level_permissions::{scope, value},
    no_place, one_more,
    statements::{all_in, last_of_each},
    time,
};
use crate::{
    engine::{
        SqlUnitOfWork,
        errors::{foreign_key_violation, store_error},
    },
    entities::{effective_feature_permissions as on_features, effective_view_permissions as on_views},
    schema::{postgres, sqlite},
};
use async_trait::async_trait;
use keystead_domain::{
    Error, FeatureId, OrganizationId, Page, PageRequest, Result, Timestamp, UserId, ViewId,
    access::{EffectiveFeature, EffectiveView},
};
use keystead_store::EffectivePermissionRepository;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, DbBackend, DbErr, EntityName, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

fn view(row: on_views::Model) -> Result<EffectiveView> {
    Ok(EffectiveView {
        organization_id: row.organization_id.into(),
        user_id: row.user_id.into(),
        view_id: row.view_id.into(),
        value: value(&row.value)?,
        access_version: row.access_version,
        platform_version: row.platform_version,
        computed_at: time(row.computed_at),
        expires_at: time(row.expires_at),
    })
}

fn view_row(row: &EffectiveView) -> on_views::ActiveModel {
    on_views::ActiveModel {
        organization_id: Set(row.organization_id.as_uuid()),
        user_id: Set(row.user_id.as_uuid()),
        view_id: Set(row.view_id.as_uuid()),
        value: Set(row.value.as_str().to_owned()),
        access_version: Set(row.access_version),
        platform_version: Set(row.platform_version),
        computed_at: Set(row.computed_at.as_datetime()),
        expires_at: Set(row.expires_at.as_datetime()),
    }
}

fn feature(row: on_features::Model) -> Result<EffectiveFeature> {
    Ok(EffectiveFeature {
        organization_id: row.organization_id.into(),
        user_id: row.user_id.into(),
        feature_id: row.feature_id.into(),
        value: value(&row.value)?,
        scope: scope(&row.scope)?,
        action: row.action,
        access_version: row.access_version,
        platform_version: row.platform_version,
        computed_at: time(row.computed_at),
        expires_at: time(row.expires_at),
    })
}

fn feature_row(row: &EffectiveFeature) -> on_features::ActiveModel {
    on_features::ActiveModel {
        organization_id: Set(row.organization_id.as_uuid()),
        user_id: Set(row.user_id.as_uuid()),
        feature_id: Set(row.feature_id.as_uuid()),
        action: Set(row.action.clone()),
        value: Set(row.value.as_str().to_owned()),
        scope: Set(row.scope.as_str().to_owned()),
        access_version: Set(row.access_version),
        platform_version: Set(row.platform_version),
        computed_at: Set(row.computed_at.as_datetime()),
        expires_at: Set(row.expires_at.as_datetime()),
    }
}

fn missing(error: DbErr) -> Error {
    if foreign_key_violation(&error) { Error::not_found("member, view or feature") } else { store_error(error) }
}

impl SqlUnitOfWork {
    /// The rows of `table` of the current access versions: the condition of the SQL views, but for the time.
    fn of_current_versions(&self, table: impl EntityName) -> Expr {
        let table = table.table_name();
        let condition = format!(
            "{table}.access_version = coalesce((SELECT v.version FROM access_versions v \
                WHERE v.organization_id = {table}.organization_id), 0) \
             AND {table}.platform_version = coalesce((SELECT v.version FROM access_versions v \
                WHERE v.organization_id = {{platform}}), 0)"
        );
        Expr::cust(match self.backend() {
            DbBackend::Postgres => postgres::fill(&condition),
            _ => sqlite::fill(&condition),
        })
    }

    fn current_views(&self, organization: OrganizationId, user: UserId, now: Timestamp) -> Select<on_views::Entity> {
        on_views::Entity::find()
            .filter(self.of_organization(on_views::Column::OrganizationId, organization))
            .filter(on_views::Column::UserId.eq(user.as_uuid()))
            .filter(on_views::Column::ExpiresAt.gt(now.as_datetime()))
            .filter(self.of_current_versions(on_views::Entity))
    }

    fn current_features(
        &self,
        organization: OrganizationId,
        user: UserId,
        now: Timestamp,
    ) -> Select<on_features::Entity> {
        on_features::Entity::find()
            .filter(self.of_organization(on_features::Column::OrganizationId, organization))
            .filter(on_features::Column::UserId.eq(user.as_uuid()))
            .filter(on_features::Column::ExpiresAt.gt(now.as_datetime()))
            .filter(self.of_current_versions(on_features::Entity))
    }
}

/// A place in the list: person and view.
fn place(page: &PageRequest) -> Result<Option<(Uuid, Uuid)>> {
    let Some(text) = &page.after else { return Ok(None) };
    let (user, view) = text.split_once('/').ok_or_else(no_place)?;
    Ok(Some((identifier(user).ok_or_else(no_place)?, identifier(view).ok_or_else(no_place)?)))
}

#[async_trait]
impl EffectivePermissionRepository for SqlUnitOfWork {
    async fn store_views(&self, organization: OrganizationId, rows: &[EffectiveView]) -> Result<()> {
        use on_views::Column;
        self.may_write_in(organization)?;
        all_in(organization, rows.iter().map(|row| row.organization_id))?;
        let conflict = OnConflict::columns([Column::OrganizationId, Column::UserId, Column::ViewId])
            .update_columns([
                Column::Value,
                Column::AccessVersion,
                Column::PlatformVersion,
                Column::ComputedAt,
                Column::ExpiresAt,
            ])
            .to_owned();
        let rows = last_of_each(rows, |row| (row.user_id, row.view_id)).into_iter().map(view_row);
        self.add_or(rows, conflict).await.map(drop).map_err(missing)
    }

    async fn store_features(&self, organization: OrganizationId, rows: &[EffectiveFeature]) -> Result<()> {
        use on_features::Column;
        self.may_write_in(organization)?;
        all_in(organization, rows.iter().map(|row| row.organization_id))?;
        let key = [Column::OrganizationId, Column::UserId, Column::FeatureId, Column::Action];
        let conflict = OnConflict::columns(key)
            .update_columns([
                Column::Value,
                Column::Scope,
                Column::AccessVersion,
                Column::PlatformVersion,
                Column::ComputedAt,
                Column::ExpiresAt,
            ])
            .to_owned();
        let rows =
            last_of_each(rows, |row| (row.user_id, row.feature_id, row.action.as_str())).into_iter().map(feature_row);
        self.add_or(rows, conflict).await.map(drop).map_err(missing)
    }

    async fn views(&self, organization: OrganizationId, user: UserId, now: Timestamp) -> Result<Vec<EffectiveView>> {
        let query = self.current_views(organization, user, now).order_by_asc(on_views::Column::ViewId);
        self.many(query).await?.into_iter().map(view).collect()
    }

    async fn features(
        &self,
        organization: OrganizationId,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<EffectiveFeature>> {
        let query = self
            .current_features(organization, user, now)
            .order_by_asc(on_features::Column::FeatureId)
            .order_by_asc(on_features::Column::Action);
        self.many(query).await?.into_iter().map(feature).collect()
    }

    async fn find_view(
        &self,
        organization: OrganizationId,
        user: UserId,
        id: ViewId,
        now: Timestamp,
    ) -> Result<Option<EffectiveView>> {
        let query = self.current_views(organization, user, now).filter(on_views::Column::ViewId.eq(id.as_uuid()));
        self.one(query).await?.map(view).transpose()
    }

    async fn find_feature(
        &self,
        organization: OrganizationId,
        user: UserId,
        id: FeatureId,
        action: &str,
        now: Timestamp,
    ) -> Result<Option<EffectiveFeature>> {
        let query = self
            .current_features(organization, user, now)
            .filter(on_features::Column::FeatureId.eq(id.as_uuid()))
            .filter(on_features::Column::Action.eq(action));
        self.one(query).await?.map(feature).transpose()
    }

    async fn list_views(&self, organization: OrganizationId, page: &PageRequest) -> Result<Page<EffectiveView>> {
        use on_views::Column;
        let mut query = on_views::Entity::find().filter(self.of_organization(Column::OrganizationId, organization));
        if let Some((user, view)) = place(page)? {
            let same_person = Condition::all().add(Column::UserId.eq(user)).add(Column::ViewId.gt(view));
            // The first condition bounds the index scan; the second one cuts it at the exact place.
            query = query
                .filter(Column::UserId.gte(user))
                .filter(Condition::any().add(Column::UserId.gt(user)).add(same_person));
        }
        let query = query.order_by_asc(Column::UserId).order_by_asc(Column::ViewId).limit(one_more(page));
        let items = self.many(query).await?.into_iter().map(view).collect::<Result<Vec<_>>>()?;
        Ok(Page::cut(items, page.limit, |row| format!("{}/{}", row.user_id, row.view_id)))
    }

    async fn delete_for_user(&self, organization: OrganizationId, user: UserId) -> Result<u64> {
        let which = self.of_organization(on_views::Column::OrganizationId, organization);
        let views = self.remove_all::<on_views::Entity>(which.add(on_views::Column::UserId.eq(user.as_uuid()))).await?;
        let which = self.of_organization(on_features::Column::OrganizationId, organization);
        let which = which.add(on_features::Column::UserId.eq(user.as_uuid()));
        Ok(views + self.remove_all::<on_features::Entity>(which).await?)
    }
}
