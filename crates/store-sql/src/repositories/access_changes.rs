//! Access versions, and what has changed at each of them.

use super::word;
use crate::{
    engine::{
        SqlUnitOfWork,
        errors::{foreign_key_violation, store_error},
        noted::{Raised, ToWrite},
    },
    entities::access_changes,
};
use access_changes::{Column, Entity, Model};
use async_trait::async_trait;
use keystead_domain::{
    Error, OrganizationId, PLATFORM, Result,
    access::{AccessChange, AccessTable, AccessVersions, ChangeOperation, ChangesSince, HeldVersion},
};
use keystead_store::AccessChangeRepository;
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Statement};
use serde_json::json;
use std::ops::Range;
use uuid::Uuid;

/// Raises the version, notes the changes and gives the hint, in one round trip. The row's lock is held until the transaction ends,
/// so versions are seen in the order of their commits.
const RAISE_ON_POSTGRES: &str = "WITH raised AS (
        INSERT INTO access_versions (organization_id, version, updated_at) VALUES ($1, 1, now())
        ON CONFLICT (organization_id) DO UPDATE SET version = access_versions.version + 1, updated_at = excluded.updated_at
        RETURNING version
    ), noted AS (
        INSERT INTO access_changes (organization_id, version, ordinal, table_name, row_id, operation, changed_at)
        SELECT $1, raised.version, c.ordinal, c.table_name, c.row_id, c.operation, now()
        FROM raised, jsonb_to_recordset($2) AS c (ordinal integer, table_name text, row_id uuid, operation text)
    )
    SELECT version, pg_notify('keystead_access', $1::text || ' ' || version)::text FROM raised";

const RAISE_ON_SQLITE: &str = "INSERT INTO access_versions (organization_id, version, updated_at)
    VALUES ($1, 1, strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now'))
    ON CONFLICT (organization_id) DO UPDATE SET version = access_versions.version + 1, updated_at = excluded.updated_at
    RETURNING version";

/// More changes at a version that this transaction has raised already.
const NOTE_ON_POSTGRES: &str =
    "INSERT INTO access_changes (organization_id, version, ordinal, table_name, row_id, operation, changed_at)
    SELECT $1, $2, c.ordinal, c.table_name, c.row_id, c.operation, now()
    FROM jsonb_to_recordset($3) AS c (ordinal integer, table_name text, row_id uuid, operation text)";

const NOTE_ON_SQLITE: &str =
    "INSERT INTO access_changes (organization_id, version, ordinal, table_name, row_id, operation, changed_at)
    SELECT $1, $2, value ->> 'ordinal', value ->> 'table_name', unhex(value ->> 'row_id', '-'), value ->> 'operation',
        strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')
    FROM json_each($3)";

fn change(row: &Model) -> Result<AccessChange> {
    Ok(AccessChange {
        table: word(AccessTable::parse(&row.table_name), "access_changes.table_name", &row.table_name)?,
        row: row.row_id,
        operation: word(ChangeOperation::parse(&row.operation), "access_changes.operation", &row.operation)?,
    })
}

/// Whether the rows are every change after `since` up to `current`: versions and ordinals follow each other without a gap.
fn is_whole(rows: &[Model], since: i64, current: i64) -> bool {
    let mut place = (since, 0);
    for row in rows {
        let follows = if row.version == place.0 && place.1 > 0 {
            row.ordinal == place.1 + 1
        } else {
            row.version == place.0 + 1 && row.ordinal == 1
        };
        if !follows {
            return false;
        }
        place = (row.version, row.ordinal);
    }
    place.0 == current
}

/// Changes as the statements take them, numbered from `first`.
fn numbered(changes: &[AccessChange], first: i32) -> serde_json::Value {
    let rows = changes.iter().zip(first..).map(|(change, ordinal)| {
        json!({
            "ordinal": ordinal, "table_name": change.table.as_str(), "row_id": change.row,
            "operation": change.operation.as_str(),
        })
    });
    serde_json::Value::Array(rows.collect())
}

impl SqlUnitOfWork {
    /// Notes that something that decides was changed.
    pub(super) fn note(&self, organization: OrganizationId, change: AccessChange) {
        self.noted().add(organization, [change]);
    }
    /// Notes that rows were made or changed.
    pub(super) fn note_put<T: Into<Uuid>>(
        &self,
        organization: OrganizationId,
        table: AccessTable,
        rows: impl IntoIterator<Item = T>,
    ) {
        self.noted().add(organization, rows.into_iter().map(|row| AccessChange::put(table, row)));
    }
    /// Notes that rows are gone.
    pub(super) fn note_removed<T: Into<Uuid>>(
        &self,
        organization: OrganizationId,
        table: AccessTable,
        rows: impl IntoIterator<Item = T>,
    ) {
        self.noted().add(organization, rows.into_iter().map(|row| AccessChange::remove(table, row)));
    }

    /// Writes down what was noted.
    pub(crate) async fn write_noted(&self) -> Result<()> {
        while let Some(ToWrite { organization, changes, raised }) = self.noted().next() {
            let written = i32::try_from(changes.len()).unwrap_or(i32::MAX);
            let raised = match raised {
                None => Raised { version: self.raise_and_note(organization, &changes).await?, changes: written },
                Some(Raised { version, changes: before }) => {
                    self.note_more(organization, version, numbered(&changes, before + 1)).await?;
                    Raised { version, changes: before + written }
                }
            };
            self.noted().wrote(organization, raised);
        }
        Ok(())
    }

    async fn raise_and_note(&self, organization: OrganizationId, changes: &[AccessChange]) -> Result<i64> {
        let (id, rows) = (organization.as_uuid(), numbered(changes, 1));
        let (sql, values) = match self.backend() {
            DbBackend::Postgres => (RAISE_ON_POSTGRES, vec![id.into(), rows.clone().into()]),
            _ => (RAISE_ON_SQLITE, vec![id.into()]),
        };
        let statement = Statement::from_sql_and_values(self.backend(), sql, values);
        let row = self.connection().query_one_raw(statement).await.map_err(|error| {
            if foreign_key_violation(&error) { Error::not_found("organization") } else { store_error(error) }
        })?;
        let row = row.ok_or_else(|| Error::internal("access_versions: nothing returned"))?;
        let version: i64 = row.try_get_by_index(0).map_err(store_error)?;
        if self.backend() == DbBackend::Sqlite && !changes.is_empty() {
            self.note_more(organization, version, rows).await?;
        }
        Ok(version)
    }

    /// The changes after the first version up to the second, if all of them are known and no more than `most`.
    async fn changes_between(
        &self,
        from: OrganizationId,
        organization: OrganizationId,
        versions: Range<i64>,
        most: u32,
    ) -> Result<Option<Vec<AccessChange>>> {
        let query = Entity::find()
            .filter(Column::OrganizationId.eq(organization.as_uuid()))
            .filter(self.of_organization_or_platform(Column::OrganizationId, from))
            .filter(Column::Version.gt(versions.start))
            .filter(Column::Version.lte(versions.end))
            .order_by_asc(Column::Version)
            .order_by_asc(Column::Ordinal)
            .limit(u64::from(most) + 1);
        let rows = self.many(query).await?;
        let known = rows.len() <= most as usize && is_whole(&rows, versions.start, versions.end);
        known.then(|| rows.iter().map(change).collect()).transpose()
    }

    async fn note_more(&self, organization: OrganizationId, version: i64, rows: serde_json::Value) -> Result<()> {
        let id = organization.as_uuid().into();
        let (sql, values) = match self.backend() {
            DbBackend::Postgres => (NOTE_ON_POSTGRES, [id, version.into(), rows.into()]),
            _ => (NOTE_ON_SQLITE, [id, version.into(), rows.to_string().into()]),
        };
        let statement = Statement::from_sql_and_values(self.backend(), sql, values);
        self.connection().execute_raw(statement).await.map(drop).map_err(store_error)
    }
}

#[async_trait]
impl AccessChangeRepository for SqlUnitOfWork {
    async fn raise(&self, organization: OrganizationId, changes: &[AccessChange]) -> Result<i64> {
        self.may_write_in(organization)?;
        self.noted().add(organization, changes.iter().copied());
        if let Some(version) = self.noted().raised(organization) {
            return Ok(version);
        }
        let changes = self.noted().take(organization);
        let version = self.raise_and_note(organization, &changes).await?;
        let changes = i32::try_from(changes.len()).unwrap_or(i32::MAX);
        self.noted().wrote(organization, Raised { version, changes });
        Ok(version)
    }

    async fn versions(&self, organization: OrganizationId) -> Result<AccessVersions> {
        use crate::entities::access_versions::{Column, Entity};
        let query = Entity::find()
            .filter(Column::OrganizationId.is_in([organization.as_uuid(), PLATFORM.as_uuid()]))
            .filter(self.of_organization_or_platform(Column::OrganizationId, organization));
        let rows = self.many(query).await?;
        let of = |id: OrganizationId| {
            rows.iter().find(|row| row.organization_id == id.as_uuid()).map_or(0, |row| row.version)
        };
        Ok(AccessVersions { organization: of(organization), platform: of(PLATFORM) })
    }

    async fn since(
        &self,
        from: OrganizationId,
        organization: OrganizationId,
        version: i64,
        most: u32,
    ) -> Result<ChangesSince> {
        let versions = AccessChangeRepository::versions(self, from).await?;
        let current = match organization {
            PLATFORM => versions.platform,
            own if own == from => versions.organization,
            _ => 0,
        };
        if current == version {
            return Ok(ChangesSince { version: current, changes: Some(Vec::new()) });
        }
        // What was committed since the version was read is left for the next time.
        let changes = self.changes_between(from, organization, version..current, most).await?;
        Ok(ChangesSince { version: current, changes })
    }

    fn held(&self, organization: OrganizationId) -> Option<HeldVersion> {
        self.noted().held(organization)
    }

    async fn between(
        &self,
        organization: OrganizationId,
        after: i64,
        until: i64,
        most: u32,
    ) -> Result<Option<Vec<AccessChange>>> {
        self.changes_between(organization, organization, after..until, most).await
    }
}
