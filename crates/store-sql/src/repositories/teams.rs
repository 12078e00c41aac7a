//! Teams and their members.

use super::{after, one_more, time};
use crate::{
    engine::{
        SqlUnitOfWork,
        errors::{foreign_key_violation, store_error, unique_violation},
    },
    entities::{team_members, teams, users},
};
use async_trait::async_trait;
use keystead_domain::{
    Error, OrganizationId, Page, PageRequest, Result, TeamId, UserId,
    access::{AccessChange, AccessTable},
    organizations::{Team, TeamMember},
};
use keystead_store::TeamRepository;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, TryInsertResult,
    sea_query::OnConflict,
};
use std::collections::HashMap;
use teams::Column;

pub(super) fn team(row: teams::Model) -> Team {
    Team {
        id: TeamId::from_uuid(row.id),
        organization_id: OrganizationId::from_uuid(row.organization_id),
        name: row.name,
        description: row.description,
        created_at: time(row.created_at),
        updated_at: time(row.updated_at),
        version: row.version,
    }
}

fn model(team: &Team) -> teams::ActiveModel {
    teams::ActiveModel {
        id: Set(team.id.as_uuid()),
        organization_id: Set(team.organization_id.as_uuid()),
        name: Set(team.name.clone()),
        description: Set(team.description.clone()),
        created_at: Set(team.created_at.as_datetime()),
        updated_at: Set(team.updated_at.as_datetime()),
        version: Set(team.version),
    }
}

fn taken(error: DbErr) -> Error {
    match unique_violation(&error) {
        Some(what) if what.contains("name") => {
            Error::conflict("team_name_taken", "There is a team with this name: choose another one.")
        }
        _ => store_error(error),
    }
}

#[async_trait]
impl TeamRepository for SqlUnitOfWork {
    async fn insert(&self, new: &Team) -> Result<()> {
        self.may_write_in(new.organization_id)?;
        teams::Entity::insert(model(new)).exec_without_returning(self.connection()).await.map_err(taken)?;
        self.note(new.organization_id, AccessChange::put(AccessTable::Teams, new.id));
        Ok(())
    }

    async fn find(&self, organization: OrganizationId, id: TeamId) -> Result<Option<Team>> {
        let query = teams::Entity::find()
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(self.of_organization(Column::OrganizationId, organization));
        Ok(query.one(self.connection()).await.map_err(store_error)?.map(team))
    }

    async fn list(&self, organization: OrganizationId, page: &PageRequest) -> Result<Page<Team>> {
        let mut query = teams::Entity::find().filter(self.of_organization(Column::OrganizationId, organization));
        if let Some(id) = after(page)? {
            query = query.filter(Column::Id.gt(id));
        }
        let query = query.order_by_asc(Column::Id).limit(one_more(page));
        let rows = query.all(self.connection()).await.map_err(store_error)?;
        Ok(Page::cut(rows.into_iter().map(team).collect(), page.limit, |team| team.id.to_string()))
    }

    async fn update(&self, organization: OrganizationId, changed: &Team) -> Result<Team> {
        let row = teams::ActiveModel {
            // A team never moves to another organization.
            organization_id: NotSet,
            version: Set(changed.version + 1),
            ..model(changed)
        };
        let done = teams::Entity::update_many()
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
        self.note(organization, AccessChange::put(AccessTable::Teams, changed.id));
        Ok(Team { version: changed.version + 1, ..changed.clone() })
    }

    async fn delete(&self, organization: OrganizationId, id: TeamId, version: i64) -> Result<()> {
        let done = teams::Entity::delete_many()
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::Version.eq(version))
            .filter(self.of_organization(Column::OrganizationId, organization))
            .exec(self.connection())
            .await
            .map_err(store_error)?;
        if done.rows_affected == 0 {
            return Err(Error::stale());
        }
        self.note(organization, AccessChange::remove(AccessTable::Teams, id));
        Ok(())
    }

    async fn members(&self, organization: OrganizationId, id: TeamId, page: &PageRequest) -> Result<Page<TeamMember>> {
        let mut query = team_members::Entity::find()
            .filter(team_members::Column::TeamId.eq(id.as_uuid()))
            .filter(self.of_organization(team_members::Column::OrganizationId, organization));
        if let Some(id) = after(page)? {
            query = query.filter(team_members::Column::UserId.gt(id));
        }
        let query = query.order_by_asc(team_members::Column::UserId).limit(one_more(page));
        let rows = query.all(self.connection()).await.map_err(store_error)?;
        let names: Vec<(uuid::Uuid, String)> = users::Entity::find()
            .select_only()
            .columns([users::Column::Id, users::Column::Username])
            .filter(users::Column::Id.is_in(rows.iter().map(|row| row.user_id)))
            .into_tuple()
            .all(self.connection())
            .await
            .map_err(store_error)?;
        let mut names: HashMap<_, _> = names.into_iter().collect();
        let members = rows
            .into_iter()
            .map(|row| TeamMember {
                organization_id: OrganizationId::from_uuid(row.organization_id),
                team_id: TeamId::from_uuid(row.team_id),
                user_id: UserId::from_uuid(row.user_id),
                username: names.remove(&row.user_id).unwrap_or_default(),
                created_at: time(row.created_at),
            })
            .collect();
        Ok(Page::cut(members, page.limit, |member| member.user_id.to_string()))
    }

    async fn add_member(&self, organization: OrganizationId, member: &TeamMember) -> Result<bool> {
        self.may_write_in(organization)?;
        let row = team_members::ActiveModel {
            organization_id: Set(organization.as_uuid()),
            team_id: Set(member.team_id.as_uuid()),
            user_id: Set(member.user_id.as_uuid()),
            created_at: Set(member.created_at.as_datetime()),
        };
        let done = team_members::Entity::insert(row)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .try_insert()
            .exec_without_returning(self.connection())
            .await;
        match done {
            Ok(TryInsertResult::Inserted(rows)) => {
                let is_new = rows > 0;
                if is_new {
                    self.note(organization, AccessChange::put(AccessTable::Teams, member.team_id));
                }
                Ok(is_new)
            }
            Ok(_) => Ok(false),
            Err(error) if foreign_key_violation(&error) => Err(Error::not_found("team or member of the organization")),
            Err(error) => Err(store_error(error)),
        }
    }

    async fn remove_member(&self, organization: OrganizationId, id: TeamId, user: UserId) -> Result<bool> {
        let done = team_members::Entity::delete_many()
            .filter(team_members::Column::TeamId.eq(id.as_uuid()))
            .filter(team_members::Column::UserId.eq(user.as_uuid()))
            .filter(self.of_organization(team_members::Column::OrganizationId, organization))
            .exec(self.connection())
            .await
            .map_err(store_error)?;
        let was_in = done.rows_affected > 0;
        if was_in {
            self.note(organization, AccessChange::put(AccessTable::Teams, id));
        }
        Ok(was_in)
    }
}
