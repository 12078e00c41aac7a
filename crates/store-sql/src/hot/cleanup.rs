//! Removes what has expired, makes partitions ahead of time, and counts.

use super::get;
use crate::engine::{SqlStore, errors::store_error};
use keystead_domain::{Result, Scope, Timestamp};
use keystead_store::{Counts, ExpiredRows};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement};
use uuid::Uuid;

const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;

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
    // The oldest first, which keeps the scan on the index.
    let delete = async |table: &str, column: &str, before: Timestamp, batch: u64| -> Result<u64> {
        let sql = format!(
            "DELETE FROM {table} WHERE rowid IN (SELECT rowid FROM {table} WHERE {column} < $1 ORDER BY {column} LIMIT {batch})"
        );
        let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, [before.as_datetime().into()]);
        Ok(work.connection().execute_raw(statement).await.map_err(store_error)?.rows_affected())
    };
    let month_ago = now.plus_seconds(-30 * DAY);
    let batch = u64::from(batch);
    let ended = delete("sessions", "expires_at", month_ago, batch).await?;
    let revoked = delete("sessions", "revoked_at", month_ago, batch.saturating_sub(ended)).await?;
    let rows = ExpiredRows {
        sessions: ended + revoked,
        idempotency_keys: delete("idempotency_keys", "expires_at", now, batch).await?,
        sign_in_attempts: delete("sign_in_attempts", "expires_at", now, batch).await?,
        jobs: delete("jobs", "finished_at", month_ago, batch).await?,
        signing_keys: delete("signing_keys", "expires_at", now, batch).await?,
        invitations: delete("invitations", "expires_at", now.plus_seconds(-90 * DAY), batch).await?,
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

/// No audit event of the last hour has a smaller identifier, which begins with the time it was made. The primary key finds
/// them by it, in whatever organization; clocks of other nodes may be some minutes behind.
fn first_event(now: Timestamp) -> Uuid {
    let millis = now.plus_seconds(-HOUR - 300).unix_millis();
    uuid::Builder::from_unix_timestamp_millis(u64::try_from(millis).unwrap_or(0), &[0; 10]).into_uuid()
}

/// Figures for `/metrics`.
pub(crate) async fn counts(store: &SqlStore, now: Timestamp) -> Result<Counts> {
    let row = if store.backend() == DbBackend::Postgres {
        let sql = "SELECT * FROM keystead.figures($1, $2)";
        let values = [now.as_datetime().into(), first_event(now).into()];
        store.query_one(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?
    } else {
        let sql = "SELECT (SELECT count(*) FROM users WHERE status = 'active') AS active_users,
            (SELECT count(*) FROM sessions WHERE revoked_at IS NULL AND expires_at > $1 AND idle_expires_at > $1) AS live_sessions,
            (SELECT count(*) FROM audit_logs WHERE id >= $3 AND created_at > $2) AS audit_events_last_hour,
            (SELECT count(*) FROM jobs WHERE status = 'queued') AS queued_jobs,
            (SELECT count(*) FROM jobs WHERE status = 'dead') AS dead_jobs";
        let values = [now.as_datetime().into(), now.plus_seconds(-HOUR).as_datetime().into(), first_event(now).into()];
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
