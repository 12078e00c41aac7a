//! Permissions.

use super::{after, one_more, time, word};
use crate::{
    engine::{
        SqlUnitOfWork,
        errors::{foreign_key_violation, store_error},
    },
    entities::permissions,
};
use async_trait::async_trait;
use keystead_domain::{
    Error, OrganizationId, Page, PageRequest, PermissionId, Result,
    access::{AccessChange, AccessTable, Permission, PermissionScope},
};
use keystead_store::PermissionRepository;
use permissions::Column;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, TryInsertResult,
    sea_query::OnConflict,
};

pub(super) fn permission(row: permissions::Model) -> Result<Permission> {
    Ok(Permission {
        id: PermissionId::from_uuid(row.id),
        organization_id: OrganizationId::from_uuid(row.organization_id),
        scope: word(PermissionScope::parse(&row.scope), "permissions.scope", &row.scope)?,
        resource: row.resource,
        action: row.action,
        description: row.description,
        created_at: time(row.created_at),
    })
}

#[async_trait]
impl PermissionRepository for SqlUnitOfWork {
    async fn insert(&self, organization: OrganizationId, new: &[Permission]) -> Result<u64> {
        if new.is_empty() {
            return Ok(0);
        }
        self.may_write_in(organization)?;
        let rows = new.iter().map(|permission| permissions::ActiveModel {
            id: Set(permission.id.as_uuid()),
            organization_id: Set(organization.as_uuid()),
            resource: Set(permission.resource.clone()),
            action: Set(permission.action.clone()),
            scope: Set(permission.scope.as_str().to_owned()),
            description: Set(permission.description.clone()),
            created_at: Set(permission.created_at.as_datetime()),
        });
        let done = permissions::Entity::insert_many(rows)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .try_insert()
            .exec_without_returning(self.connection())
            .await
            .map_err(store_error)?;
        let added = if let TryInsertResult::Inserted(rows) = done { rows } else { 0 };
        if added > 0 {
            self.note_put(organization, AccessTable::Permissions, new.iter().map(|permission| permission.id));
        }
        Ok(added)
    }

    async fn find(&self, organization: OrganizationId, id: PermissionId) -> Result<Option<Permission>> {
        Ok(PermissionRepository::find_many(self, organization, &[id]).await?.into_iter().next())
    }

    async fn find_many(&self, organization: OrganizationId, ids: &[PermissionId]) -> Result<Vec<Permission>> {
        let query = permissions::Entity::find()
            .filter(Column::Id.is_in(ids.iter().map(|id| id.as_uuid())))
            .filter(self.of_organization_or_platform(Column::OrganizationId, organization))
            .order_by_asc(Column::Id);
        query.all(self.connection()).await.map_err(store_error)?.into_iter().map(permission).collect()
    }

    async fn list(&self, organization: OrganizationId, page: &PageRequest) -> Result<Page<Permission>> {
        let mut query =
            permissions::Entity::find().filter(self.of_organization_or_platform(Column::OrganizationId, organization));
        if let Some(id) = after(page)? {
            query = query.filter(Column::Id.gt(id));
        }
        let query = query.order_by_asc(Column::Id).limit(one_more(page));
        let rows = query.all(self.connection()).await.map_err(store_error)?;
        let items = rows.into_iter().map(permission).collect::<Result<Vec<_>>>()?;
        Ok(Page::cut(items, page.limit, |permission| permission.id.to_string()))
    }

    async fn delete(&self, organization: OrganizationId, id: PermissionId) -> Result<bool> {
        let done = permissions::Entity::delete_many()
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(self.of_organization(Column::OrganizationId, organization))
            .exec(self.connection())
            .await;
        match done {
            Ok(done) => {
                let was_there = done.rows_affected > 0;
                if was_there {
                    self.note(organization, AccessChange::remove(AccessTable::Permissions, id));
                }
                Ok(was_there)
            }
            Err(error) if foreign_key_violation(&error) => {
                Err(Error::conflict("permission_in_use", "A role has this permission: take it away there first."))
            }
            Err(error) => Err(store_error(error)),
        }
    }
    async fn count_own(&self, organization: OrganizationId) -> Result<u64> {
        let own = permissions::Entity::find()
            .filter(Column::OrganizationId.eq(organization.as_uuid()))
            .filter(self.of_organization(Column::OrganizationId, organization));
        own.count(self.connection()).await.map_err(store_error)
    }
}
