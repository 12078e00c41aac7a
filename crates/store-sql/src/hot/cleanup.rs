//! Removes what has expired, makes partitions ahead of time, and counts.

use super::get;
use crate::engine::{SqlStore, errors::store_error};
use keystead_domain::{Result, Scope, Timestamp};
use keystead_store::{Counts, ExpiredRows};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement};

const DAY: i64 = 24 * 60 * 60;

fn count(row: &QueryResult, column: &str) -> Result<u64> {
    Ok(u64::try_from(get::<i64>(row, column)?).unwrap_or(0))
}

/// Deletes at most `batch` expired rows of each kind, in one short transaction.
pub(crate) async fn delete_expired(store: &SqlStore, now: Timestamp, batch: u32) -> Result<ExpiredRows> {
    if store.backend() == DbBackend::Postgres {
        let values = [now.as_datetime().into(), i32::try_from(batch).unwrap_or(i32::MAX).into()];
        let sql = "SELECT * FROM keystead.delete_expired($1, $2)";
        let row = store.query_one(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
        let Some(row) = row else { return Ok(ExpiredRows::default()) };
        return Ok(ExpiredRows {
            sessions: count(&row, "sessions")?,
            idempotency_keys: count(&row, "idempotency_keys")?,
            sign_in_attempts: count(&row, "sign_in_attempts")?,
            jobs: count(&row, "jobs")?,
            signing_keys: count(&row, "signing_keys")?,
            invitations: count(&row, "invitations")?,
        });
    }
    let work = store.begin_sql(Scope::NONE).await?;
    let delete = async |table: &str, condition: &str, before: Timestamp| -> Result<u64> {
        let sql =
            format!("DELETE FROM {table} WHERE rowid IN (SELECT rowid FROM {table} WHERE {condition} LIMIT {batch})");
        let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, [before.as_datetime().into()]);
        Ok(work.connection().execute_raw(statement).await.map_err(store_error)?.rows_affected())
    };
    let month_ago = now.plus_seconds(-30 * DAY);
    let rows = ExpiredRows {
        sessions: delete("sessions", "expires_at < $1 OR revoked_at < $1", month_ago).await?,
        idempotency_keys: delete("idempotency_keys", "expires_at < $1", now).await?,
        sign_in_attempts: delete("sign_in_attempts", "expires_at < $1", now).await?,
        jobs: delete("jobs", "finished_at < $1", month_ago).await?,
        signing_keys: delete("signing_keys", "expires_at < $1", now).await?,
        invitations: delete("invitations", "expires_at < $1", now.plus_seconds(-90 * DAY)).await?,
    };
    work.commit_sql().await?;
    Ok(rows)
}

/// Makes the audit partitions of this month and the next `months`.
pub(crate) async fn ensure_partitions(store: &SqlStore, now: Timestamp, months: u32) -> Result<u32> {
    if store.backend() != DbBackend::Postgres {
        return Ok(0);
    }
    let sql = "SELECT count(*) FILTER (WHERE keystead.make_audit_partition(
            (($1 AT TIME ZONE 'UTC') + make_interval(months => ahead))::date)) AS made
        FROM generate_series(0, $2) AS ahead";
    let values = [now.as_datetime().into(), i32::try_from(months).unwrap_or(i32::MAX).into()];
    let row = store.query_one(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    let made = row.map(|row| count(&row, "made")).transpose()?.unwrap_or(0);
    Ok(u32::try_from(made).unwrap_or(u32::MAX))
}

/// Figures for `/metrics`.
pub(crate) async fn counts(store: &SqlStore, now: Timestamp) -> Result<Counts> {
    let row = if store.backend() == DbBackend::Postgres {
        let sql = "SELECT * FROM keystead.figures($1)";
        store.query_one(Statement::from_sql_and_values(DbBackend::Postgres, sql, [now.as_datetime().into()])).await?
    } else {
        let sql = "SELECT (SELECT count(*) FROM users WHERE status = 'active') AS active_users,
            (SELECT count(*) FROM sessions WHERE revoked_at IS NULL AND expires_at > $1 AND idle_expires_at > $1) AS live_sessions,
            (SELECT count(*) FROM audit_logs WHERE created_at > $2) AS audit_events_last_hour,
            (SELECT count(*) FROM jobs WHERE status = 'queued') AS queued_jobs,
            (SELECT count(*) FROM jobs WHERE status = 'dead') AS dead_jobs";
        let values = [now.as_datetime().into(), now.plus_seconds(-3600).as_datetime().into()];
        let work = store.read_sql(Scope::NONE).await?;
        let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
        work.connection().query_one_raw(statement).await.map_err(store_error)?
    };
    let Some(row) = row else { return Ok(Counts::default()) };
    Ok(Counts {
        active_users: count(&row, "active_users")?,
        live_sessions: count(&row, "live_sessions")?,
        audit_events_last_hour: count(&row, "audit_events_last_hour")?,
        queued_jobs: count(&row, "queued_jobs")?,
        dead_jobs: count(&row, "dead_jobs")?,
    })
}
