//! Organizations.

use super::{after, memberships::membership, one_more, time, word};
use crate::{
    engine::{SqlUnitOfWork, errors::store_error},
    entities::{memberships, organizations},
};
use async_trait::async_trait;
use keystead_domain::{
    Error, OrganizationId, PLATFORM, Page, PageRequest, Result, UserId,
    access::{AccessChange, AccessTable},
    organizations::{Isolation, Membership, Organization, OrganizationKind, OrganizationStatus},
};
use keystead_store::OrganizationRepository;
use organizations::Column;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;

pub(super) fn organization(row: organizations::Model) -> Result<Organization> {
    Ok(Organization {
        id: OrganizationId::from_uuid(row.id),
        name: row.name,
        kind: word(OrganizationKind::parse(&row.kind), "organizations.kind", &row.kind)?,
        isolation: word(Isolation::parse(&row.isolation), "organizations.isolation", &row.isolation)?,
        status: word(OrganizationStatus::parse(&row.status), "organizations.status", &row.status)?,
        metadata: row.metadata,
        created_at: time(row.created_at),
        updated_at: time(row.updated_at),
        version: row.version,
    })
}

fn model(organization: &Organization) -> organizations::ActiveModel {
    organizations::ActiveModel {
        id: Set(organization.id.as_uuid()),
        name: Set(organization.name.clone()),
        kind: Set(organization.kind.as_str().to_owned()),
        isolation: Set(organization.isolation.as_str().to_owned()),
        status: Set(organization.status.as_str().to_owned()),
        metadata: Set(organization.metadata.clone()),
        created_at: Set(organization.created_at.as_datetime()),
        updated_at: Set(organization.updated_at.as_datetime()),
        version: Set(organization.version),
    }
}

impl SqlUnitOfWork {
    /// Itself, or any from the platform.
    fn organizations_seen_by(&self, organization: OrganizationId) -> Condition {
        if self.sees_all(organization) { Condition::all() } else { self.of_organization(Column::Id, organization) }
    }
}

#[async_trait]
impl OrganizationRepository for SqlUnitOfWork {
    async fn insert(&self, new: &Organization) -> Result<()> {
        self.may_write_in(new.id)?;
        let insert = organizations::Entity::insert(model(new));
        insert.exec_without_returning(self.connection()).await.map_err(store_error)?;
        self.note(new.id, AccessChange::put(AccessTable::Organizations, new.id));
        Ok(())
    }

    async fn find(&self, from: OrganizationId, id: OrganizationId) -> Result<Option<Organization>> {
        let query =
            organizations::Entity::find().filter(Column::Id.eq(id.as_uuid())).filter(self.organizations_seen_by(from));
        query.one(self.connection()).await.map_err(store_error)?.map(organization).transpose()
    }

    async fn list_of_user(&self, user: UserId, page: &PageRequest) -> Result<Page<(Organization, Membership)>> {
        let mut query = memberships::Entity::find()
            .filter(memberships::Column::UserId.eq(user.as_uuid()))
            .filter(self.of_user(memberships::Column::UserId, user));
        if let Some(id) = after(page)? {
            query = query.filter(memberships::Column::OrganizationId.gt(id));
        }
        let query = query.order_by_asc(memberships::Column::OrganizationId).limit(one_more(page));
        let places = query.all(self.connection()).await.map_err(store_error)?;
        let ids = places.iter().map(|place| place.organization_id);
        let query = organizations::Entity::find().filter(Column::Id.is_in(ids));
        let rows = query.all(self.connection()).await.map_err(store_error)?;
        let mut found: HashMap<_, _> = rows.into_iter().map(|row| (row.id, row)).collect();
        let mut items = Vec::with_capacity(places.len());
        for place in places {
            if let Some(row) = found.remove(&place.organization_id) {
                items.push((organization(row)?, membership(place)?));
            }
        }
        Ok(Page::cut(items, page.limit, |(organization, _)| organization.id.to_string()))
    }

    async fn list_all<'a>(
        &self,
        from: OrganizationId,
        status: Option<OrganizationStatus>,
        page: &'a PageRequest,
    ) -> Result<Page<Organization>> {
        let place = after(page)?;
        if from != PLATFORM {
            return Ok(Page { items: Vec::new(), next: None });
        }
        let mut query = organizations::Entity::find().filter(self.organizations_seen_by(from));
        if let Some(id) = place {
            query = query.filter(Column::Id.gt(id));
        }
        if let Some(status) = status {
            query = query.filter(Column::Status.eq(status.as_str()));
        }
        let query = query.order_by_asc(Column::Id).limit(one_more(page));
        let rows = query.all(self.connection()).await.map_err(store_error)?;
        let items = rows.into_iter().map(organization).collect::<Result<Vec<_>>>()?;
        Ok(Page::cut(items, page.limit, |organization| organization.id.to_string()))
    }

    async fn update(&self, from: OrganizationId, changed: &Organization) -> Result<Organization> {
        let mut row = model(changed);
        row.version = Set(changed.version + 1);
        let done = organizations::Entity::update_many()
            .set(row)
            .filter(Column::Id.eq(changed.id.as_uuid()))
            .filter(Column::Version.eq(changed.version))
            .filter(self.organizations_seen_by(from))
            // From the platform, too, an organization is written by a transaction of its own.
            .filter(self.of_organization(Column::Id, changed.id))
            .exec(self.connection())
            .await
            .map_err(store_error)?;
        if done.rows_affected == 0 {
            return Err(Error::stale());
        }
        self.note(changed.id, AccessChange::put(AccessTable::Organizations, changed.id));
        Ok(Organization { version: changed.version + 1, ..changed.clone() })
    }
}
