//! The things that decisions and searches know.

use super::{
    statements::{all_in, exactly, last_of_each},
    time,
};
use crate::{
    engine::{
        SqlUnitOfWork,
        errors::{store_error, unique_violation},
    },
    entities::policy_entities,
};
use async_trait::async_trait;
use keystead_domain::{
    Error, OrganizationId, Page, PageRequest, PolicyEntityId, Result,
    access::{AccessChange, AccessTable, PolicyEntity},
};
use keystead_store::PolicyEntityRepository;
use policy_entities::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, Select,
    sea_query::{Expr, ExprTrait, OnConflict},
};

pub(super) fn entity(row: Model) -> PolicyEntity {
    PolicyEntity {
        id: row.id.into(),
        organization_id: row.organization_id.into(),
        entity_type: row.entity_type,
        entity_id: row.entity_id,
        properties: row.properties,
        created_at: time(row.created_at),
        updated_at: time(row.updated_at),
        version: row.version,
    }
}

fn model(entity: &PolicyEntity) -> ActiveModel {
    ActiveModel {
        id: Set(entity.id.as_uuid()),
        organization_id: Set(entity.organization_id.as_uuid()),
        entity_type: Set(entity.entity_type.clone()),
        entity_id: Set(entity.entity_id.clone()),
        properties: Set(entity.properties.clone()),
        created_at: Set(entity.created_at.as_datetime()),
        updated_at: Set(entity.updated_at.as_datetime()),
        version: Set(entity.version),
    }
}

fn refused(error: DbErr) -> Error {
    match unique_violation(&error) {
        Some(what) if what.contains("entity") => {
            Error::conflict("policy_entity_already_there", "There is an entity with this type and identifier already.")
        }
        _ => store_error(error),
    }
}

impl SqlUnitOfWork {
    fn known_entities(&self, organization: OrganizationId) -> Select<Entity> {
        Entity::find().filter(self.of_organization(Column::OrganizationId, organization))
    }
}

#[async_trait]
impl PolicyEntityRepository for SqlUnitOfWork {
    async fn insert(&self, organization: OrganizationId, new: &[PolicyEntity]) -> Result<()> {
        self.may_write_in(organization)?;
        all_in(organization, new.iter().map(|row| row.organization_id))?;
        self.add(new.iter().map(model)).await.map_err(refused)?;
        self.note_put(organization, AccessTable::PolicyEntities, new.iter().map(|row| row.id));
        Ok(())
    }

    async fn upsert(&self, organization: OrganizationId, rows: &[PolicyEntity]) -> Result<()> {
        self.may_write_in(organization)?;
        all_in(organization, rows.iter().map(|row| row.organization_id))?;
        let conflict = OnConflict::columns([Column::OrganizationId, Column::EntityType, Column::EntityId])
            .update_columns([Column::Properties, Column::UpdatedAt])
            .value(Column::Version, Expr::col((Entity, Column::Version)).add(1))
            .to_owned();
        let rows = last_of_each(rows, |row| (row.entity_type.as_str(), row.entity_id.as_str()));
        let rows = rows.into_iter().map(model);
        let written = self.add_or_returning(rows, conflict, Column::Id).await.map_err(refused)?;
        self.note_put(organization, AccessTable::PolicyEntities, written);
        Ok(())
    }

    async fn find(&self, organization: OrganizationId, id: PolicyEntityId) -> Result<Option<PolicyEntity>> {
        let query = self.known_entities(organization).filter(Column::Id.eq(id.as_uuid()));
        Ok(self.one(query).await?.map(entity))
    }

    async fn find_by_entity(
        &self,
        organization: OrganizationId,
        entity_type: &str,
        entity_id: &str,
    ) -> Result<Option<PolicyEntity>> {
        let query = self
            .known_entities(organization)
            .filter(Column::EntityType.eq(entity_type))
            .filter(Column::EntityId.eq(entity_id));
        Ok(self.one(query).await?.map(entity))
    }

    async fn find_many(&self, organization: OrganizationId, ids: &[PolicyEntityId]) -> Result<Vec<PolicyEntity>> {
        let ids = ids.iter().map(|id| id.as_uuid());
        let rows = self.with_ids(self.known_entities(organization), Column::Id, ids).await?;
        Ok(rows.into_iter().map(entity).collect())
    }

    async fn list<'a>(
        &self,
        organization: OrganizationId,
        entity_type: Option<&'a str>,
        page: &PageRequest,
    ) -> Result<Page<PolicyEntity>> {
        let mut query = self.known_entities(organization);
        if let Some(entity_type) = entity_type {
            query = query.filter(Column::EntityType.eq(entity_type));
        }
        let rows = self.page(query, Column::Id, page).await?;
        Ok(Page::cut(rows.into_iter().map(entity).collect(), page.limit, |row| row.id.to_string()))
    }

    async fn all(&self, organization: OrganizationId) -> Result<Vec<PolicyEntity>> {
        let query = self.known_entities(organization).order_by_asc(Column::Id);
        Ok(self.many(query).await?.into_iter().map(entity).collect())
    }

    async fn update(&self, organization: OrganizationId, changed: &PolicyEntity) -> Result<PolicyEntity> {
        let next = PolicyEntity { version: changed.version + 1, ..changed.clone() };
        let row = ActiveModel {
            properties: Set(next.properties.clone()),
            updated_at: Set(next.updated_at.as_datetime()),
            version: Set(next.version),
            ..Default::default()
        };
        let which = exactly(Column::Id, changed.id, Column::Version, changed.version);
        self.change_row(row, which.add(self.of_organization(Column::OrganizationId, organization)), refused).await?;
        self.note(organization, AccessChange::put(AccessTable::PolicyEntities, next.id));
        Ok(next)
    }

    async fn delete(&self, organization: OrganizationId, id: PolicyEntityId, version: i64) -> Result<()> {
        let which = exactly(Column::Id, id, Column::Version, version);
        self.remove_row::<Entity>(which.add(self.of_organization(Column::OrganizationId, organization)), store_error)
            .await?;
        self.note(organization, AccessChange::remove(AccessTable::PolicyEntities, id));
        Ok(())
    }

    async fn delete_many(&self, organization: OrganizationId, ids: &[PolicyEntityId]) -> Result<u64> {
        let own = self.of_organization(Column::OrganizationId, organization);
        let removed = self.remove_ids::<Entity>(Column::Id, ids.iter().map(|id| id.as_uuid()), own).await?;
        if removed > 0 {
            self.note_removed(organization, AccessTable::PolicyEntities, ids.iter().copied());
        }
        Ok(removed)
    }

    async fn replace_all(&self, organization: OrganizationId, rows: &[PolicyEntity]) -> Result<()> {
        self.may_write_in(organization)?;
        let own = self.of_organization(Column::OrganizationId, organization);
        self.remove_all::<Entity>(own.add(Column::OrganizationId.eq(organization.as_uuid()))).await?;
        self.note(organization, AccessChange::all(AccessTable::PolicyEntities));
        PolicyEntityRepository::insert(self, organization, rows).await
    }
}
