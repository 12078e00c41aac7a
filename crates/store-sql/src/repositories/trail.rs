//! Where the transaction's own person has been.

use super::{statements::all_in, time};
use crate::{
    engine::{
        SqlUnitOfWork,
        errors::{foreign_key_violation, store_error},
    },
    entities::nav_trail,
};
use async_trait::async_trait;
use keystead_domain::{Error, OrganizationId, Result, Timestamp, TrailEntryId, UserId, navigation::TrailEntry};
use keystead_store::TrailRepository;
use nav_trail::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

fn entry(row: Model) -> TrailEntry {
    TrailEntry {
        id: row.id.into(),
        organization_id: row.organization_id.into(),
        user_id: row.user_id.into(),
        view_id: row.view_id.into(),
        visited_at: time(row.visited_at),
    }
}

fn model(entry: &TrailEntry) -> ActiveModel {
    ActiveModel {
        id: Set(entry.id.as_uuid()),
        organization_id: Set(entry.organization_id.as_uuid()),
        user_id: Set(entry.user_id.as_uuid()),
        view_id: Set(entry.view_id.as_uuid()),
        visited_at: Set(entry.visited_at.as_datetime()),
    }
}

fn missing(error: DbErr) -> Error {
    if foreign_key_violation(&error) { Error::not_found("view or member") } else { store_error(error) }
}

impl SqlUnitOfWork {
    fn own_trail(&self, organization: OrganizationId, user: UserId) -> Condition {
        Condition::all()
            .add(self.of_organization(Column::OrganizationId, organization))
            .add(self.of_user(Column::UserId, user))
    }
}

#[async_trait]
impl TrailRepository for SqlUnitOfWork {
    async fn record(&self, organization: OrganizationId, user: UserId, visits: &[TrailEntry]) -> Result<()> {
        self.may_write_in(organization)?;
        self.may_write_for(user)?;
        all_in(organization, visits.iter().map(|visit| visit.organization_id))?;
        if visits.iter().any(|visit| visit.user_id != user) {
            return Err(Error::internal("nav_trail: a visit of another person"));
        }
        self.add(visits.iter().map(model)).await.map_err(missing)?;
        let kept = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(self.own_trail(organization, user))
            .order_by_desc(Column::VisitedAt)
            .order_by_desc(Column::Id)
            .limit(u64::from(TrailEntry::MOST))
            .into_query();
        self.remove_all::<Entity>(self.own_trail(organization, user).add(Column::Id.not_in_subquery(kept))).await?;
        Ok(())
    }

    async fn find(&self, organization: OrganizationId, user: UserId, id: TrailEntryId) -> Result<Option<TrailEntry>> {
        let query = Entity::find_by_id(id.as_uuid()).filter(self.own_trail(organization, user));
        Ok(self.one(query).await?.map(entry))
    }

    async fn recent(&self, organization: OrganizationId, user: UserId, limit: u16) -> Result<Vec<TrailEntry>> {
        let query = Entity::find()
            .filter(self.own_trail(organization, user))
            .order_by_desc(Column::VisitedAt)
            .order_by_desc(Column::Id)
            .limit(u64::from(limit.min(TrailEntry::MOST)));
        Ok(self.many(query).await?.into_iter().map(entry).collect())
    }

    async fn delete(&self, organization: OrganizationId, user: UserId, before: Option<Timestamp>) -> Result<u64> {
        let mut which = self.own_trail(organization, user);
        if let Some(before) = before {
            which = which.add(Column::VisitedAt.lt(before.as_datetime()));
        }
        self.remove_all::<Entity>(which).await
    }
}
