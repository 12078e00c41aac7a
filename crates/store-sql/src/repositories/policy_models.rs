//! The models that rules are read by.

use super::{
    statements::{all_in, exactly},
    time,
};
use crate::{
    engine::{
        SqlUnitOfWork,
        errors::{store_error, unique_violation},
    },
    entities::{access_versions, policy_models},
};
use async_trait::async_trait;
use keystead_domain::{
    Error, OrganizationId, PLATFORM, Result,
    access::{AccessChange, AccessTable, PolicyModel},
};
use keystead_store::PolicyModelRepository;
use policy_models::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait, QueryFilter, Statement,
};
use uuid::Uuid;

/// The advisory lock on the platform's model: one for each who reads it to write, alone for who changes it. Any number will do
/// that nothing else in the database takes.
const PLATFORMS_MODEL: i64 = 0x6b65_7973_0003;

/// The versions are shown to the platform by a function only, which is asked about every organization that there is.
const ALL_VERSIONS: &str = "SELECT v.organization_id, v.version FROM keystead.access_versions_of(
    (SELECT coalesce(jsonb_agg(o.id), '[]') FROM organizations o)) AS v";

pub(super) fn policy_model(row: Model) -> PolicyModel {
    PolicyModel {
        id: row.id.into(),
        organization_id: row.organization_id.into(),
        text: row.text,
        created_by: row.created_by,
        updated_by: row.updated_by,
        created_at: time(row.created_at),
        updated_at: time(row.updated_at),
        version: row.version,
    }
}

fn refused(error: DbErr) -> Error {
    match unique_violation(&error) {
        Some(what) if what.contains("organization") => {
            Error::conflict("policy_model_already_there", "The organization has a model already: change that one.")
        }
        _ => store_error(error),
    }
}

impl SqlUnitOfWork {
    /// Row-level security shows the platform's, too, so the organization is named in any case.
    fn own_model(&self, organization: OrganizationId) -> Condition {
        Condition::all()
            .add(Column::OrganizationId.eq(organization.as_uuid()))
            .add(self.of_organization(Column::OrganizationId, organization))
    }
}

#[async_trait]
impl PolicyModelRepository for SqlUnitOfWork {
    async fn insert(&self, organization: OrganizationId, new: &PolicyModel) -> Result<()> {
        self.may_write_in(organization)?;
        all_in(organization, std::iter::once(new.organization_id))?;
        let row = ActiveModel {
            id: Set(new.id.as_uuid()),
            organization_id: Set(new.organization_id.as_uuid()),
            text: Set(new.text.clone()),
            created_by: Set(new.created_by.clone()),
            updated_by: Set(new.updated_by.clone()),
            created_at: Set(new.created_at.as_datetime()),
            updated_at: Set(new.updated_at.as_datetime()),
            version: Set(new.version),
        };
        self.add(std::iter::once(row)).await.map_err(refused)?;
        self.note(organization, AccessChange::put(AccessTable::PolicyModels, new.id));
        Ok(())
    }

    async fn find(&self, organization: OrganizationId) -> Result<Option<PolicyModel>> {
        Ok(self.one(Entity::find().filter(self.own_model(organization))).await?.map(policy_model))
    }

    async fn in_force(&self, organization: OrganizationId) -> Result<Option<PolicyModel>> {
        let query = Entity::find().filter(self.of_organization_or_platform(Column::OrganizationId, organization));
        let mut rows = self.many(query).await?;
        rows.sort_by_key(|row| row.organization_id == PLATFORM.as_uuid());
        Ok(rows.into_iter().next().map(policy_model))
    }

    async fn in_force_held(&self, organization: OrganizationId) -> Result<Option<PolicyModel>> {
        // SQLite has one writer, who holds everything.
        if self.backend() == DbBackend::Postgres {
            let sql = format!("SELECT pg_advisory_xact_lock_shared({PLATFORMS_MODEL})");
            self.connection().execute_unprepared(&sql).await.map_err(store_error)?;
        }
        self.in_force(organization).await
    }

    async fn hold_platforms(&self) -> Result<Vec<(OrganizationId, i64)>> {
        self.may_write_in(PLATFORM)?;
        self.advisory_lock(PLATFORMS_MODEL).await?;
        if self.backend() == DbBackend::Postgres {
            let rows = self.connection().query_all_raw(Statement::from_string(DbBackend::Postgres, ALL_VERSIONS)).await;
            let version = |row: &sea_orm::QueryResult| {
                Ok((OrganizationId::from_uuid(row.try_get_by_index::<Uuid>(0)?), row.try_get_by_index(1)?))
            };
            let versions: Result<_, DbErr> = rows.map_err(store_error)?.iter().map(version).collect();
            return versions.map_err(store_error);
        }
        let rows = access_versions::Entity::find().all(self.connection()).await.map_err(store_error)?;
        Ok(rows.into_iter().map(|row| (row.organization_id.into(), row.version)).collect())
    }

    async fn update(&self, organization: OrganizationId, changed: &PolicyModel) -> Result<PolicyModel> {
        let next = PolicyModel { version: changed.version + 1, ..changed.clone() };
        let row = ActiveModel {
            text: Set(next.text.clone()),
            updated_by: Set(next.updated_by.clone()),
            updated_at: Set(next.updated_at.as_datetime()),
            version: Set(next.version),
            ..Default::default()
        };
        let which = exactly(Column::Id, changed.id, Column::Version, changed.version);
        self.change_row(row, which.add(self.own_model(organization)), refused).await?;
        self.note(organization, AccessChange::put(AccessTable::PolicyModels, next.id));
        Ok(next)
    }

    async fn delete(&self, organization: OrganizationId, version: i64) -> Result<()> {
        let which = self.own_model(organization).add(Column::Version.eq(version));
        let removed = self.remove_returning::<Entity>(which, Column::Id).await?;
        if removed.is_empty() {
            return Err(Error::stale());
        }
        self.note_removed(organization, AccessTable::PolicyModels, removed);
        Ok(())
    }
}
