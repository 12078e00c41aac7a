//! Memberships.

use super::{after, one_more, time, users::user, word};
use crate::{
    engine::{
        SqlUnitOfWork,
        errors::{store_error, unique_violation},
    },
    entities::{memberships, roles, user_roles, users},
};
use async_trait::async_trait;
use keystead_domain::{
    Error, MembershipId, OrganizationId, Page, PageRequest, Result, RoleId, UserId,
    access::{ADMIN, AccessChange, AccessTable},
    accounts::UserStatus,
    organizations::{Member, Membership, MembershipStatus},
};
use keystead_store::MembershipRepository;
use memberships::Column;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DbBackend, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};
use std::collections::HashMap;
use uuid::Uuid;

pub(super) fn membership(row: memberships::Model) -> Result<Membership> {
    Ok(Membership {
        id: MembershipId::from_uuid(row.id),
        organization_id: OrganizationId::from_uuid(row.organization_id),
        user_id: UserId::from_uuid(row.user_id),
        status: word(MembershipStatus::parse(&row.status), "memberships.status", &row.status)?,
        created_at: time(row.created_at),
        updated_at: time(row.updated_at),
        version: row.version,
    })
}

/// Who holds the built-in role `admin` in the organization.
fn administrators(organization: OrganizationId) -> sea_orm::sea_query::SelectStatement {
    user_roles::Entity::find()
        .select_only()
        .column(user_roles::Column::UserId)
        .filter(user_roles::Column::OrganizationId.eq(organization.as_uuid()))
        .filter(user_roles::Column::RoleId.eq(ADMIN.id.as_uuid()))
        .into_query()
}

impl SqlUnitOfWork {
    /// Completes memberships with persons and roles: two statements, whatever their number.
    async fn members(&self, organization: OrganizationId, rows: Vec<memberships::Model>) -> Result<Vec<Member>> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.user_id).collect();
        let query = users::Entity::find().filter(users::Column::Id.is_in(ids.iter().copied()));
        let people = query.all(self.connection()).await.map_err(store_error)?;
        let mut people: HashMap<Uuid, users::Model> = people.into_iter().map(|row| (row.id, row)).collect();
        let mut held = self.roles_of(organization, ids).await?;
        let mut members = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(person) = people.remove(&row.user_id) else { continue };
            let roles = held.remove(&row.user_id).unwrap_or_default();
            members.push(Member { membership: membership(row)?, user: user(person)?, roles });
        }
        Ok(members)
    }

    async fn roles_of(
        &self,
        organization: OrganizationId,
        users: Vec<Uuid>,
    ) -> Result<HashMap<Uuid, Vec<(RoleId, String)>>> {
        let held = user_roles::Entity::find()
            .filter(user_roles::Column::UserId.is_in(users))
            .filter(user_roles::Column::OrganizationId.eq(organization.as_uuid()))
            .filter(self.of_organization(user_roles::Column::OrganizationId, organization))
            .all(self.connection())
            .await
            .map_err(store_error)?;
        if held.is_empty() {
            return Ok(HashMap::new());
        }
        let ids = held.iter().map(|row| row.role_id);
        let query = roles::Entity::find()
            .filter(roles::Column::Id.is_in(ids))
            .filter(self.of_organization_or_platform(roles::Column::OrganizationId, organization));
        let names = query.all(self.connection()).await.map_err(store_error)?;
        let names: HashMap<Uuid, String> = names.into_iter().map(|row| (row.id, row.name)).collect();
        let mut of_user: HashMap<Uuid, Vec<(RoleId, String)>> = HashMap::new();
        for row in held {
            if let Some(name) = names.get(&row.role_id) {
                of_user.entry(row.user_id).or_default().push((RoleId::from_uuid(row.role_id), name.clone()));
            }
        }
        for roles in of_user.values_mut() {
            roles.sort_by(|a, b| a.1.cmp(&b.1));
        }
        Ok(of_user)
    }
}

#[async_trait]
impl MembershipRepository for SqlUnitOfWork {
    async fn insert(&self, new: &Membership) -> Result<()> {
        self.may_write_in(new.organization_id)?;
        let row = memberships::ActiveModel {
            id: Set(new.id.as_uuid()),
            organization_id: Set(new.organization_id.as_uuid()),
            user_id: Set(new.user_id.as_uuid()),
            status: Set(new.status.as_str().to_owned()),
            created_at: Set(new.created_at.as_datetime()),
            updated_at: Set(new.updated_at.as_datetime()),
            version: Set(new.version),
        };
        let done = memberships::Entity::insert(row).exec_without_returning(self.connection()).await;
        done.map_err(|error| match unique_violation(&error) {
            Some(_) => Error::conflict("already_member", "This person is a member already."),
            None => store_error(error),
        })?;
        self.note(new.organization_id, AccessChange::put(AccessTable::Memberships, new.user_id));
        Ok(())
    }

    async fn find(&self, organization: OrganizationId, id: UserId) -> Result<Option<Member>> {
        let rows = memberships::Entity::find()
            .filter(Column::OrganizationId.eq(organization.as_uuid()))
            .filter(self.of_organization(Column::OrganizationId, organization))
            .filter(Column::UserId.eq(id.as_uuid()))
            .all(self.connection())
            .await
            .map_err(store_error)?;
        Ok(self.members(organization, rows).await?.into_iter().next())
    }

    async fn list(&self, organization: OrganizationId, page: &PageRequest) -> Result<Page<Member>> {
        let mut query = memberships::Entity::find().filter(self.of_organization(Column::OrganizationId, organization));
        if let Some(id) = after(page)? {
            query = query.filter(Column::Id.gt(id));
        }
        let query = query.order_by_asc(Column::Id).limit(one_more(page));
        let rows = query.all(self.connection()).await.map_err(store_error)?;
        let members = self.members(organization, rows).await?;
        Ok(Page::cut(members, page.limit, |member| member.membership.id.to_string()))
    }

    async fn update(&self, organization: OrganizationId, changed: &Membership) -> Result<Membership> {
        let row = memberships::ActiveModel {
            status: Set(changed.status.as_str().to_owned()),
            updated_at: Set(changed.updated_at.as_datetime()),
            version: Set(changed.version + 1),
            ..Default::default()
        };
        let done = memberships::Entity::update_many()
            .set(row)
            .filter(Column::Id.eq(changed.id.as_uuid()))
            .filter(Column::Version.eq(changed.version))
            .filter(Column::UserId.eq(changed.user_id.as_uuid()))
            .filter(self.of_organization(Column::OrganizationId, organization))
            .exec(self.connection())
            .await
            .map_err(store_error)?;
        if done.rows_affected == 0 {
            return Err(Error::stale());
        }
        self.note(organization, AccessChange::put(AccessTable::Memberships, changed.user_id));
        Ok(Membership { version: changed.version + 1, ..changed.clone() })
    }

    async fn delete(&self, organization: OrganizationId, id: UserId) -> Result<bool> {
        let done = memberships::Entity::delete_many()
            .filter(Column::OrganizationId.eq(organization.as_uuid()))
            .filter(self.of_organization(Column::OrganizationId, organization))
            .filter(Column::UserId.eq(id.as_uuid()))
            .exec(self.connection())
            .await
            .map_err(store_error)?;
        let was_member = done.rows_affected > 0;
        if was_member {
            self.note(organization, AccessChange::remove(AccessTable::Memberships, id));
        }
        Ok(was_member)
    }

    async fn count_administrators(&self, organization: OrganizationId) -> Result<u64> {
        // SQLite has one writer, who needs no lock; whoever only reads cannot remove anybody.
        if self.backend() == DbBackend::Postgres && self.connection().may_write() {
            let query = memberships::Entity::find()
                .select_only()
                .column(Column::Id)
                .filter(Column::OrganizationId.eq(organization.as_uuid()))
                .filter(Column::UserId.in_subquery(administrators(organization)))
                .order_by_asc(Column::Id)
                .lock_exclusive();
            let _: Vec<Uuid> = query.into_tuple().all(self.connection()).await.map_err(store_error)?;
        }
        // A statement of its own, so that it sees what the lock was waited for.
        let active = users::Entity::find()
            .select_only()
            .column(users::Column::Id)
            .filter(users::Column::Status.eq(UserStatus::Active.as_str()))
            .filter(users::Column::Id.in_subquery(administrators(organization)))
            .into_query();
        memberships::Entity::find()
            .filter(Column::OrganizationId.eq(organization.as_uuid()))
            .filter(self.of_organization(Column::OrganizationId, organization))
            .filter(Column::Status.eq(MembershipStatus::Active.as_str()))
            .filter(Column::UserId.in_subquery(active))
            .count(self.connection())
            .await
            .map_err(store_error)
    }
}
