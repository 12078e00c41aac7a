//! Who has which user levels.

use super::{statements::all_in, time, user_levels::level};
use crate::{
    engine::{
        SqlUnitOfWork,
        errors::{foreign_key_violation, store_error},
    },
    entities::{user_levels, user_user_levels},
};
use async_trait::async_trait;
use keystead_domain::{
    Error, OrganizationId, Page, PageRequest, Result, Timestamp, UserId, UserLevelId,
    access::{AccessChange, AccessTable, LevelAssignment, UserLevel},
};
use keystead_store::{LevelAssignmentRepository, MembershipRepository};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::OnConflict,
};
use user_user_levels::{ActiveModel, Column, Entity, Model};

fn assignment(row: Model) -> LevelAssignment {
    LevelAssignment {
        organization_id: row.organization_id.into(),
        user_id: row.user_id.into(),
        user_level_id: row.user_level_id.into(),
        created_at: time(row.created_at),
    }
}

fn model(assignment: &LevelAssignment) -> ActiveModel {
    ActiveModel {
        organization_id: Set(assignment.organization_id.as_uuid()),
        user_id: Set(assignment.user_id.as_uuid()),
        user_level_id: Set(assignment.user_level_id.as_uuid()),
        created_at: Set(assignment.created_at.as_datetime()),
    }
}

fn missing(error: DbErr) -> Error {
    if foreign_key_violation(&error) { Error::not_found("member or user level") } else { store_error(error) }
}

impl SqlUnitOfWork {
    fn assignments(&self, organization: OrganizationId) -> Select<Entity> {
        Entity::find().filter(self.of_organization(Column::OrganizationId, organization))
    }
}

#[async_trait]
impl LevelAssignmentRepository for SqlUnitOfWork {
    async fn insert(&self, organization: OrganizationId, new: &[LevelAssignment]) -> Result<u64> {
        self.may_write_in(organization)?;
        all_in(organization, new.iter().map(|row| row.organization_id))?;
        let leave = OnConflict::new().do_nothing().to_owned();
        let given = self.add_or(new.iter().map(model), leave).await.map_err(missing)?;
        if given > 0 {
            self.note_put(organization, AccessTable::UserUserLevels, new.iter().map(|row| row.user_id));
        }
        Ok(given)
    }

    async fn find(
        &self,
        organization: OrganizationId,
        user: UserId,
        level: UserLevelId,
    ) -> Result<Option<LevelAssignment>> {
        let query = self
            .assignments(organization)
            .filter(Column::UserId.eq(user.as_uuid()))
            .filter(Column::UserLevelId.eq(level.as_uuid()));
        Ok(self.one(query).await?.map(assignment))
    }

    async fn list(
        &self,
        organization: OrganizationId,
        level: UserLevelId,
        page: &PageRequest,
    ) -> Result<Page<LevelAssignment>> {
        let query = self.assignments(organization).filter(Column::UserLevelId.eq(level.as_uuid()));
        let rows = self.page(query, Column::UserId, page).await?;
        Ok(Page::cut(rows.into_iter().map(assignment).collect(), page.limit, |row| row.user_id.to_string()))
    }

    async fn all(&self, organization: OrganizationId) -> Result<Vec<LevelAssignment>> {
        let query = self.assignments(organization).order_by_asc(Column::UserId).order_by_asc(Column::UserLevelId);
        Ok(self.many(query).await?.into_iter().map(assignment).collect())
    }

    async fn levels_of(&self, organization: OrganizationId, user: UserId) -> Result<Vec<UserLevel>> {
        let held = self
            .assignments(organization)
            .filter(Column::UserId.eq(user.as_uuid()))
            .filter(Column::OrganizationId.eq(organization.as_uuid()))
            .select_only()
            .column(Column::UserLevelId)
            .into_query();
        let query = user_levels::Entity::find()
            .filter(user_levels::Column::Id.in_subquery(held))
            .filter(self.of_organization(user_levels::Column::OrganizationId, organization))
            .order_by_asc(user_levels::Column::Name);
        Ok(self.many(query).await?.into_iter().map(level).collect())
    }

    async fn of_users(&self, organization: OrganizationId, users: &[UserId]) -> Result<Vec<LevelAssignment>> {
        let query = self
            .assignments(organization)
            .filter(Column::UserId.is_in(users.iter().map(|user| user.as_uuid())))
            .order_by_asc(Column::UserId)
            .order_by_asc(Column::UserLevelId);
        Ok(self.many(query).await?.into_iter().map(assignment).collect())
    }

    async fn replace_for_user(
        &self,
        organization: OrganizationId,
        user: UserId,
        levels: &[UserLevelId],
        now: Timestamp,
    ) -> Result<()> {
        self.may_write_in(organization)?;
        let held = self.of_organization(Column::OrganizationId, organization);
        let held = held.add(Column::OrganizationId.eq(organization.as_uuid())).add(Column::UserId.eq(user.as_uuid()));
        self.remove_all::<Entity>(held).await?;
        self.note(organization, AccessChange::put(AccessTable::UserUserLevels, user));
        if levels.is_empty() {
            // No reference is there to be refused.
            return match MembershipRepository::find(self, organization, user).await? {
                Some(_) => Ok(()),
                None => Err(Error::not_found("member")),
            };
        }
        let rows = levels.iter().map(|&user_level_id| {
            model(&LevelAssignment { organization_id: organization, user_id: user, user_level_id, created_at: now })
        });
        let leave = OnConflict::new().do_nothing().to_owned();
        self.add_or(rows, leave).await.map(drop).map_err(missing)
    }

    async fn delete(&self, organization: OrganizationId, user: UserId, level: UserLevelId) -> Result<bool> {
        let which = self.of_organization(Column::OrganizationId, organization);
        let which = which.add(Column::UserId.eq(user.as_uuid())).add(Column::UserLevelId.eq(level.as_uuid()));
        let had = self.remove_all::<Entity>(which).await? > 0;
        if had {
            self.note(organization, AccessChange::remove(AccessTable::UserUserLevels, user));
        }
        Ok(had)
    }
}
