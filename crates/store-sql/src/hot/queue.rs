//! The queue that workers take jobs from.

use crate::{
    engine::{SqlStore, SqlUnitOfWork, errors::store_error},
    entities::{jobs, schedules},
    repositories::{job, job_model},
};
use async_trait::async_trait;
use keystead_domain::{
    Ids, JobId, OrganizationId, Result, Scope, Timestamp,
    jobs::{Job, JobStatus},
};
use keystead_store::JobQueue;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    Statement, TryInsertResult, prelude::DateTimeUtc, sea_query::OnConflict,
};

/// How often a job of a schedule is tried.
const TRIES: i32 = 5;

const CLAIM: &str =
    "UPDATE jobs SET status = 'running', attempts = attempts + 1, locked_by = $1, locked_until = $2, updated_at = $3
    WHERE id IN (
        SELECT id FROM jobs
        WHERE (status = 'queued' AND run_at <= $3) OR (status = 'running' AND locked_until < $3)
        ORDER BY run_at, id LIMIT $4
    ) RETURNING *";

const BURY: &str =
    "UPDATE jobs SET status = 'dead', finished_at = $1, updated_at = $1, locked_by = NULL, locked_until = NULL,
        last_error = coalesce(last_error, 'its worker was lost in the last attempt')
    WHERE status = 'running' AND locked_until < $1 AND attempts >= max_attempts";

const RENEW: &str =
    "UPDATE jobs SET progress = $3, locked_until = $4 WHERE id = $1 AND attempts = $2 AND status = 'running'";

const FAIL: &str = "UPDATE jobs SET status = CASE WHEN $4 IS NULL THEN 'dead' ELSE 'queued' END, run_at = coalesce($4, run_at),
        finished_at = CASE WHEN $4 IS NULL THEN $5 END, last_error = $3, locked_by = NULL, locked_until = NULL, updated_at = $5
    WHERE id = $1 AND attempts = $2 AND status = 'running'";

const NEXT: &str = "SELECT min(at) AS at FROM (
        SELECT min(run_at) AS at FROM jobs WHERE status = 'queued'
        UNION ALL SELECT min(locked_until) FROM jobs WHERE status = 'running'
        UNION ALL SELECT min(next_run_at) FROM schedules WHERE is_active = 1)";

impl SqlStore {
    /// Whether a function that answers true or false answered true; on SQLite, whether the statement changed a row.
    async fn yes(&self, function: &str, statement: &str, values: Vec<sea_orm::Value>) -> Result<bool> {
        if self.backend() == DbBackend::Postgres {
            let row = self.query_one(Statement::from_sql_and_values(DbBackend::Postgres, function, values)).await?;
            return row.map_or(Ok(false), |row| row.try_get_by_index(0).map_err(store_error));
        }
        let work = self.begin_sql(Scope::NONE).await?;
        let statement = Statement::from_sql_and_values(DbBackend::Sqlite, statement, values);
        let done = work.connection().execute_raw(statement).await.map_err(store_error)?;
        work.commit_sql().await?;
        Ok(done.rows_affected() > 0)
    }
}

#[async_trait]
impl JobQueue for SqlStore {
    async fn claim(&self, worker: &str, limit: u32, now: Timestamp, lease_until: Timestamp) -> Result<Vec<Job>> {
        let limit = i32::try_from(limit).unwrap_or(i32::MAX);
        let rows = if self.backend() == DbBackend::Postgres {
            let values = [worker.into(), limit.into(), now.as_datetime().into(), lease_until.as_datetime().into()];
            let sql = "SELECT * FROM keystead.claim_jobs($1, $2, $3, $4)";
            self.query_all(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?
        } else {
            let work = self.begin_sql(Scope::NONE).await?;
            let bury = Statement::from_sql_and_values(DbBackend::Sqlite, BURY, [now.as_datetime().into()]);
            work.connection().execute_raw(bury).await.map_err(store_error)?;
            let values = [worker.into(), lease_until.as_datetime().into(), now.as_datetime().into(), limit.into()];
            let claim = Statement::from_sql_and_values(DbBackend::Sqlite, CLAIM, values);
            let rows = work.connection().query_all_raw(claim).await.map_err(store_error)?;
            work.commit_sql().await?;
            rows
        };
        let job = |row| job(jobs::Model::from_query_result(row, "").map_err(store_error)?);
        let mut claimed = rows.iter().map(job).collect::<Result<Vec<_>>>()?;
        // Rows come back in no order.
        claimed.sort_by_key(|job| (job.run_at, job.id));
        Ok(claimed)
    }

    async fn renew(&self, id: JobId, attempt: i32, progress: i32, lease_until: Timestamp) -> Result<bool> {
        let values = vec![id.as_uuid().into(), attempt.into(), progress.into(), lease_until.as_datetime().into()];
        self.yes("SELECT keystead.renew_job($1, $2, $3, $4)", RENEW, values).await
    }

    async fn fail(
        &self,
        id: JobId,
        attempt: i32,
        error: &str,
        retry_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<bool> {
        let values = vec![
            id.as_uuid().into(),
            attempt.into(),
            error.into(),
            retry_at.map(Timestamp::as_datetime).into(),
            now.as_datetime().into(),
        ];
        self.yes("SELECT keystead.fail_job($1, $2, $3, $4, $5)", FAIL, values).await
    }

    async fn enqueue_due(&self, now: Timestamp, ids: &Ids) -> Result<u32> {
        let work = self.begin_sql(Scope::NONE).await?;
        let due = due(&work, now).await?;
        if due.is_empty() {
            return Ok(0);
        }
        let mut enqueued = 0;
        for schedule in due {
            // Turns that were missed while nothing ran are not made up for.
            let next = Timestamp::new(schedule.next_run_at).plus_seconds(schedule.every_seconds);
            let next = if next > now { next } else { now.plus_seconds(schedule.every_seconds) };
            enqueued += u32::from(enqueue_turn(&work, &schedule, ids.next(), next, now).await?);
        }
        work.commit_sql().await?;
        Ok(enqueued)
    }

    async fn next_due(&self) -> Result<Option<Timestamp>> {
        let row = if self.backend() == DbBackend::Postgres {
            self.query_one(Statement::from_string(DbBackend::Postgres, "SELECT keystead.next_due() AS at")).await?
        } else {
            let work = self.read_sql(Scope::NONE).await?;
            let statement = Statement::from_string(DbBackend::Sqlite, NEXT);
            work.connection().query_one_raw(statement).await.map_err(store_error)?
        };
        let at =
            row.map(|row| row.try_get::<Option<DateTimeUtc>>("", "at").map_err(store_error)).transpose()?.flatten();
        Ok(at.map(Timestamp::new))
    }
}

async fn due(work: &SqlUnitOfWork, now: Timestamp) -> Result<Vec<schedules::Model>> {
    if work.backend() == DbBackend::Postgres {
        let sql = "SELECT * FROM keystead.due_schedules($1)";
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [now.as_datetime().into()]);
        let rows = work.connection().query_all_raw(statement).await.map_err(store_error)?;
        return rows.iter().map(|row| schedules::Model::from_query_result(row, "").map_err(store_error)).collect();
    }
    let query = schedules::Entity::find()
        .filter(schedules::Column::IsActive.eq(true))
        .filter(schedules::Column::NextRunAt.lte(now.as_datetime()))
        .order_by_asc(schedules::Column::Id);
    query.all(work.connection()).await.map_err(store_error)
}

async fn enqueue_turn(
    work: &SqlUnitOfWork,
    schedule: &schedules::Model,
    id: JobId,
    next: Timestamp,
    now: Timestamp,
) -> Result<bool> {
    if work.backend() == DbBackend::Postgres {
        let values = [schedule.id.into(), id.as_uuid().into(), next.as_datetime().into(), now.as_datetime().into()];
        let sql = "SELECT keystead.enqueue_turn($1, $2, $3, $4)";
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
        let row = work.connection().query_one_raw(statement).await.map_err(store_error)?;
        return row.map_or(Ok(false), |row| row.try_get_by_index(0).map_err(store_error));
    }
    let row = schedules::ActiveModel {
        last_run_at: Set(Some(now.as_datetime())),
        next_run_at: Set(next.as_datetime()),
        updated_at: Set(now.as_datetime()),
        ..Default::default()
    };
    schedules::Entity::update_many()
        .set(row)
        .filter(schedules::Column::Id.eq(schedule.id))
        .exec(work.connection())
        .await
        .map_err(store_error)?;
    let turn = Job {
        id,
        organization_id: OrganizationId::from_uuid(schedule.organization_id),
        kind: schedule.kind.clone(),
        payload: schedule.payload.clone(),
        status: JobStatus::Queued,
        unique_key: Some(format!("schedule:{}", schedule.id)),
        run_at: now,
        attempts: 0,
        max_attempts: TRIES,
        locked_by: None,
        locked_until: None,
        last_error: None,
        progress: 0,
        result: None,
        created_by: None,
        created_at: now,
        updated_at: now,
        finished_at: None,
    };
    let done = jobs::Entity::insert(job_model(&turn))
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .try_insert()
        .exec_without_returning(work.connection())
        .await
        .map_err(store_error)?;
    Ok(matches!(done, TryInsertResult::Inserted(rows) if rows > 0))
}
