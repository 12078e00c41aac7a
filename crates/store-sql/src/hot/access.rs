//! What is asked about access before anyone is signed in, on behalf of all organizations at once, and what has expired of it.

use super::{caller::versions, get};
use crate::{
    engine::{SqlStore, errors::store_error},
    entities::access_versions,
    repositories::scopes,
};
use async_trait::async_trait;
use keystead_domain::{ApiKeyId, Json, OrganizationId, PLATFORM, Result, Scope, ServiceAccountId, Timestamp};
use keystead_store::{AccessStore, ApiKeyRecord, ApiKeyUse, ExpiredAccessRows};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryResult, Statement, Value,
    prelude::DateTimeUtc,
};
use serde_json::json;
use uuid::Uuid;

const FIND_KEY: &str =
    "SELECT k.id, k.organization_id, k.service_account_id, a.name, k.scopes, k.expires_at, k.last_used_at,
        coalesce((SELECT v.version FROM access_versions v WHERE v.organization_id = k.organization_id), 0) AS organization_version,
        coalesce((SELECT v.version FROM access_versions v WHERE v.organization_id = $4), 0) AS platform_version
    FROM api_keys k
    JOIN service_accounts a ON a.organization_id = k.organization_id AND a.id = k.service_account_id AND a.is_active
    JOIN organizations o ON o.id = k.organization_id AND o.status = 'active'
    WHERE k.prefix = $1 AND k.key_hash = $2 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $3)";

/// How many rows one statement names on SQLite, which takes 32,766 values.
const BATCH: usize = 10_000;

fn record(row: &QueryResult) -> Result<ApiKeyRecord> {
    Ok(ApiKeyRecord {
        id: ApiKeyId::from_uuid(get(row, "id")?),
        organization_id: OrganizationId::from_uuid(get(row, "organization_id")?),
        service_account_id: ServiceAccountId::from_uuid(get(row, "service_account_id")?),
        name: get(row, "name")?,
        scopes: scopes(get::<Json>(row, "scopes")?)?,
        expires_at: get::<Option<DateTimeUtc>>(row, "expires_at")?.map(Timestamp::new),
        last_used_at: get::<Option<DateTimeUtc>>(row, "last_used_at")?.map(Timestamp::new),
        versions: versions(row)?,
    })
}

#[async_trait]
impl AccessStore for SqlStore {
    async fn find_api_key(&self, prefix: &str, key_hash: &[u8], now: Timestamp) -> Result<Option<ApiKeyRecord>> {
        let mut values: Vec<Value> = vec![prefix.into(), key_hash.to_vec().into(), now.as_datetime().into()];
        let row = if self.backend() == DbBackend::Postgres {
            let sql = "SELECT * FROM keystead.find_api_key($1, $2, $3)";
            self.query_one(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?
        } else {
            values.push(PLATFORM.as_uuid().into());
            self.query_one(Statement::from_sql_and_values(DbBackend::Sqlite, FIND_KEY, values)).await?
        };
        row.as_ref().map(record).transpose()
    }

    async fn record_api_key_use(&self, uses: &[ApiKeyUse]) -> Result<()> {
        if uses.is_empty() {
            return Ok(());
        }
        if self.backend() == DbBackend::Postgres {
            let list = uses.iter().map(|one| json!({ "id": one.id, "at": one.at })).collect();
            let values = [Json::Array(list).into()];
            let sql = "SELECT keystead.record_api_key_use($1)";
            let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
            return self.query_all(statement).await.map(drop);
        }
        let work = self.begin_sql(Scope::NONE).await?;
        for batch in uses.chunks(BATCH) {
            let rows = vec!["(?, ?)"; batch.len()].join(", ");
            let sql = format!(
                "UPDATE api_keys SET last_used_at = used.at \
                 FROM (SELECT column1 AS id, max(column2) AS at FROM (VALUES {rows}) GROUP BY column1) AS used \
                 WHERE api_keys.id = used.id AND (api_keys.last_used_at IS NULL OR api_keys.last_used_at < used.at)"
            );
            let values = batch.iter().flat_map(|one| [one.id.as_uuid().into(), one.at.as_datetime().into()]);
            let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
            work.connection().execute_raw(statement).await.map_err(store_error)?;
        }
        work.commit_sql().await
    }

    async fn access_versions(&self, organizations: &[OrganizationId]) -> Result<Vec<(OrganizationId, i64)>> {
        if self.backend() == DbBackend::Postgres {
            let sql = "SELECT * FROM keystead.access_versions_of($1)";
            let values = [json!(organizations).into()];
            let rows = self.query_all(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
            let version = |row: &QueryResult| {
                Ok((OrganizationId::from_uuid(get::<Uuid>(row, "organization_id")?), get(row, "version")?))
            };
            return rows.iter().map(version).collect();
        }
        let work = self.read_sql(Scope::NONE).await?;
        let mut versions = Vec::with_capacity(organizations.len());
        for batch in organizations.chunks(BATCH) {
            let ids = batch.iter().map(|id| id.as_uuid());
            let query = access_versions::Entity::find().filter(access_versions::Column::OrganizationId.is_in(ids));
            let rows = query.all(work.connection()).await.map_err(store_error)?;
            versions.extend(rows.into_iter().map(|row| (row.organization_id.into(), row.version)));
        }
        Ok(versions)
    }

    async fn delete_expired_access(&self, now: Timestamp, batch: u32) -> Result<ExpiredAccessRows> {
        let changes_before = now.plus_seconds(-ExpiredAccessRows::CHANGES_KEPT);
        if self.backend() == DbBackend::Postgres {
            let batch = i32::try_from(batch).unwrap_or(i32::MAX);
            let values = [now.as_datetime().into(), changes_before.as_datetime().into(), batch.into()];
            let sql = "SELECT * FROM keystead.delete_expired_access($1, $2, $3)";
            let row = self.query_one(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
            let Some(row) = row else { return Ok(ExpiredAccessRows::default()) };
            let count = |column| Ok(u64::try_from(get::<i64>(&row, column)?).unwrap_or(0));
            return Ok(ExpiredAccessRows {
                effective_views: count("effective_views")?,
                effective_features: count("effective_features")?,
                changes: count("changes")?,
            });
        }
        let work = self.begin_sql(Scope::NONE).await?;
        // The oldest first, which keeps the scan on the index.
        let delete = async |table: &str, column: &str, order: &str, before: Timestamp| -> Result<u64> {
            let sql = format!(
                "DELETE FROM {table} WHERE rowid IN (SELECT rowid FROM {table} WHERE {column} < $1 ORDER BY {order} LIMIT {batch})"
            );
            let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, [before.as_datetime().into()]);
            Ok(work.connection().execute_raw(statement).await.map_err(store_error)?.rows_affected())
        };
        let order = "changed_at, organization_id, version, ordinal";
        let rows = ExpiredAccessRows {
            effective_views: delete("effective_view_permissions", "expires_at", "expires_at", now).await?,
            effective_features: delete("effective_feature_permissions", "expires_at", "expires_at", now).await?,
            changes: delete("access_changes", "changed_at", order, changes_before).await?,
        };
        work.commit_sql().await?;
        Ok(rows)
    }
}
