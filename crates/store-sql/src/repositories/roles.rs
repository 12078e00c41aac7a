//! Roles, what they permit, and who holds them.

use super::{after, one_more, permissions::permission, time};
use crate::{
    engine::{
        SqlUnitOfWork,
        errors::{foreign_key_violation, store_error, unique_violation},
    },
    entities::{permissions, role_permissions, roles, user_roles},
};
use async_trait::async_trait;
use keystead_domain::{
    Error, Grant, OrganizationId, Page, PageRequest, PermissionId, Result, RoleId, Timestamp, UserId,
    access::{AccessChange, AccessTable, Permission, Role, RoleAssignment},
};
use keystead_store::{AccessChangeRepository, MembershipRepository, PermissionRepository, RoleRepository};
use roles::Column;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::OnConflict,
};
use std::collections::HashMap;

pub(super) fn role(row: roles::Model) -> Role {
    Role {
        id: RoleId::from_uuid(row.id),
        organization_id: OrganizationId::from_uuid(row.organization_id),
        name: row.name,
        description: row.description,
        is_builtin: row.is_builtin,
        created_at: time(row.created_at),
        updated_at: time(row.updated_at),
        version: row.version,
    }
}

fn model(role: &Role) -> roles::ActiveModel {
    roles::ActiveModel {
        id: Set(role.id.as_uuid()),
        organization_id: Set(role.organization_id.as_uuid()),
        name: Set(role.name.clone()),
        description: Set(role.description.clone()),
        is_builtin: Set(role.is_builtin),
        created_at: Set(role.created_at.as_datetime()),
        updated_at: Set(role.updated_at.as_datetime()),
        version: Set(role.version),
    }
}

fn taken(error: DbErr) -> Error {
    match unique_violation(&error) {
        Some(what) if what.contains("name") => {
            Error::conflict("role_name_taken", "There is a role with this name: choose another one.")
        }
        _ => store_error(error),
    }
}

#[async_trait]
impl RoleRepository for SqlUnitOfWork {
    async fn insert(&self, new: &Role) -> Result<()> {
        self.may_write_in(new.organization_id)?;
        roles::Entity::insert(model(new)).exec_without_returning(self.connection()).await.map_err(taken)?;
        self.note(new.organization_id, AccessChange::put(AccessTable::Roles, new.id));
        Ok(())
    }

    async fn find(&self, organization: OrganizationId, id: RoleId) -> Result<Option<Role>> {
        Ok(RoleRepository::find_many(self, organization, &[id]).await?.into_iter().next())
    }

    async fn find_many(&self, organization: OrganizationId, ids: &[RoleId]) -> Result<Vec<Role>> {
        let query = roles::Entity::find()
            .filter(Column::Id.is_in(ids.iter().map(|id| id.as_uuid())))
            .filter(self.of_organization_or_platform(Column::OrganizationId, organization))
            .order_by_asc(Column::Id);
        Ok(query.all(self.connection()).await.map_err(store_error)?.into_iter().map(role).collect())
    }

    async fn list(&self, organization: OrganizationId, page: &PageRequest) -> Result<Page<Role>> {
        let mut query =
            roles::Entity::find().filter(self.of_organization_or_platform(Column::OrganizationId, organization));
        if let Some(id) = after(page)? {
            query = query.filter(Column::Id.gt(id));
        }
        let query = query.order_by_asc(Column::Id).limit(one_more(page));
        let rows = query.all(self.connection()).await.map_err(store_error)?;
        Ok(Page::cut(rows.into_iter().map(role).collect(), page.limit, |role| role.id.to_string()))
    }

    async fn update(&self, organization: OrganizationId, changed: &Role) -> Result<Role> {
        let row = roles::ActiveModel {
            // A role never moves to another organization.
            organization_id: NotSet,
            version: Set(changed.version + 1),
            ..model(changed)
        };
        let done = roles::Entity::update_many()
            .set(row)
            .filter(Column::Id.eq(changed.id.as_uuid()))
            .filter(Column::Version.eq(changed.version))
            .filter(self.of_organization(Column::OrganizationId, organization))
            .exec(self.connection())
            .await
            .map_err(taken)?;
        if done.rows_affected == 0 {
            return Err(Error::stale());
        }
        self.note(organization, AccessChange::put(AccessTable::Roles, changed.id));
        Ok(Role { version: changed.version + 1, ..changed.clone() })
    }

    async fn delete(&self, organization: OrganizationId, id: RoleId, version: i64) -> Result<()> {
        let done = roles::Entity::delete_many()
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::Version.eq(version))
            .filter(self.of_organization(Column::OrganizationId, organization))
            .exec(self.connection())
            .await;
        match done {
            Ok(done) if done.rows_affected == 0 => Err(Error::stale()),
            Ok(_) => {
                self.note(organization, AccessChange::remove(AccessTable::Roles, id));
                Ok(())
            }
            Err(error) if foreign_key_violation(&error) => Err(Error::conflict(
                "role_in_use",
                "Somebody holds this role, or an invitation names it: take it away there first.",
            )),
            Err(error) => Err(store_error(error)),
        }
    }

    async fn permissions(&self, organization: OrganizationId, ids: &[RoleId]) -> Result<Vec<(RoleId, Permission)>> {
        let links = role_permissions::Entity::find()
            .filter(role_permissions::Column::RoleId.is_in(ids.iter().map(|id| id.as_uuid())))
            .filter(self.of_organization_or_platform(role_permissions::Column::OrganizationId, organization))
            .order_by_asc(role_permissions::Column::RoleId)
            .order_by_asc(role_permissions::Column::PermissionId)
            .all(self.connection())
            .await
            .map_err(store_error)?;
        let ids = links.iter().map(|link| link.permission_id);
        let rows = permissions::Entity::find()
            .filter(permissions::Column::Id.is_in(ids))
            .filter(self.of_organization_or_platform(permissions::Column::OrganizationId, organization))
            .all(self.connection())
            .await
            .map_err(store_error)?;
        let rows: HashMap<_, _> = rows.into_iter().map(|row| (row.id, row)).collect();
        let mut permitted = Vec::with_capacity(links.len());
        for link in links {
            if let Some(row) = rows.get(&link.permission_id) {
                permitted.push((RoleId::from_uuid(link.role_id), permission(row.clone())?));
            }
        }
        Ok(permitted)
    }

    async fn replace_permissions(
        &self,
        organization: OrganizationId,
        role: RoleId,
        wanted: &[PermissionId],
        now: Timestamp,
    ) -> Result<()> {
        self.may_write_in(organization)?;
        let found = PermissionRepository::find_many(self, organization, wanted).await?;
        let places: HashMap<_, _> =
            found.into_iter().map(|permission| (permission.id, permission.organization_id)).collect();
        role_permissions::Entity::delete_many()
            .filter(role_permissions::Column::RoleId.eq(role.as_uuid()))
            .filter(role_permissions::Column::OrganizationId.eq(organization.as_uuid()))
            .filter(self.of_organization(role_permissions::Column::OrganizationId, organization))
            .exec(self.connection())
            .await
            .map_err(store_error)?;
        self.note(organization, AccessChange::put(AccessTable::Roles, role));
        let mut rows = Vec::with_capacity(wanted.len());
        for id in wanted {
            let place = places.get(id).ok_or_else(|| Error::not_found("permission"))?;
            rows.push(role_permissions::ActiveModel {
                organization_id: Set(organization.as_uuid()),
                role_id: Set(role.as_uuid()),
                permission_organization_id: Set(place.as_uuid()),
                permission_id: Set(id.as_uuid()),
                created_at: Set(now.as_datetime()),
            });
        }
        if rows.is_empty() {
            return Ok(());
        }
        role_permissions::Entity::insert_many(rows)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .try_insert()
            .exec_without_returning(self.connection())
            .await
            .map_err(store_error)?;
        Ok(())
    }

    async fn grants(&self, organization: OrganizationId, roles: &[RoleId]) -> Result<Vec<Grant>> {
        let rows = roles::Entity::find()
            .filter(Column::Id.is_in(roles.iter().map(|id| id.as_uuid())))
            .filter(self.of_organization_or_platform(Column::OrganizationId, organization))
            .order_by_asc(Column::Id)
            .all(self.connection())
            .await
            .map_err(store_error)?;
        let ids: Vec<_> = rows.iter().map(|row| RoleId::from_uuid(row.id)).collect();
        let mut permitted: HashMap<RoleId, Vec<Permission>> = HashMap::new();
        for (role, permission) in RoleRepository::permissions(self, organization, &ids).await? {
            permitted.entry(role).or_default().push(permission);
        }
        let grant = |row: roles::Model| {
            let role_id = RoleId::from_uuid(row.id);
            Grant { role_id, role: row.name, permissions: permitted.remove(&role_id).unwrap_or_default().into() }
        };
        Ok(rows.into_iter().map(grant).collect())
    }

    async fn replace_held(&self, organization: OrganizationId, user: UserId, held: &[RoleAssignment]) -> Result<()> {
        self.may_write_in(organization)?;
        user_roles::Entity::delete_many()
            .filter(user_roles::Column::UserId.eq(user.as_uuid()))
            .filter(user_roles::Column::OrganizationId.eq(organization.as_uuid()))
            .filter(self.of_organization(user_roles::Column::OrganizationId, organization))
            .exec(self.connection())
            .await
            .map_err(store_error)?;
        self.note(organization, AccessChange::put(AccessTable::UserRoles, user));
        if held.is_empty() {
            // No reference is there to be refused.
            return match MembershipRepository::find(self, organization, user).await? {
                Some(_) => Ok(()),
                None => Err(Error::not_found("member")),
            };
        }
        let rows = held.iter().map(|held| user_roles::ActiveModel {
            organization_id: Set(organization.as_uuid()),
            user_id: Set(user.as_uuid()),
            role_organization_id: Set(held.role_organization_id.as_uuid()),
            role_id: Set(held.role_id.as_uuid()),
            created_at: Set(held.created_at.as_datetime()),
        });
        let done = user_roles::Entity::insert_many(rows).exec_without_returning(self.connection()).await;
        done.map(drop).map_err(|error| {
            if foreign_key_violation(&error) { Error::not_found("member or role") } else { store_error(error) }
        })
    }

    async fn raise_version(&self, organization: OrganizationId) -> Result<i64> {
        AccessChangeRepository::raise(self, organization, &[]).await
    }

    async fn count_own(&self, organization: OrganizationId) -> Result<u64> {
        let own = roles::Entity::find()
            .filter(Column::OrganizationId.eq(organization.as_uuid()))
            .filter(self.of_organization(Column::OrganizationId, organization));
        own.count(self.connection()).await.map_err(store_error)
    }
}
