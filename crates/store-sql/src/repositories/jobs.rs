//! Jobs and schedules inside a unit of work.

use super::{after, one_more, time, word};
use crate::{
    engine::{
        SqlUnitOfWork,
        errors::{store_error, unique_violation},
    },
    entities::{jobs, schedules},
};
use async_trait::async_trait;
use jobs::Column;
use keystead_domain::{
    Error, JobId, Json, OrganizationId, Page, PageRequest, Result, ScheduleId, Timestamp, UserId,
    jobs::{Job, JobFilter, JobStatus, Schedule},
};
use keystead_store::JobRepository;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    TryInsertResult, sea_query::OnConflict,
};

/// The job of a row.
pub(crate) fn job(row: jobs::Model) -> Result<Job> {
    Ok(Job {
        id: JobId::from_uuid(row.id),
        organization_id: OrganizationId::from_uuid(row.organization_id),
        status: word(JobStatus::parse(&row.status), "jobs.status", &row.status)?,
        kind: row.kind,
        payload: row.payload,
        unique_key: row.unique_key,
        run_at: time(row.run_at),
        attempts: row.attempts,
        max_attempts: row.max_attempts,
        locked_by: row.locked_by,
        locked_until: row.locked_until.map(time),
        last_error: row.last_error,
        progress: row.progress,
        result: row.result,
        created_by: row.created_by.map(UserId::from_uuid),
        created_at: time(row.created_at),
        updated_at: time(row.updated_at),
        finished_at: row.finished_at.map(time),
    })
}

pub(crate) fn model(job: &Job) -> jobs::ActiveModel {
    jobs::ActiveModel {
        id: Set(job.id.as_uuid()),
        organization_id: Set(job.organization_id.as_uuid()),
        kind: Set(job.kind.clone()),
        payload: Set(job.payload.clone()),
        status: Set(job.status.as_str().to_owned()),
        unique_key: Set(job.unique_key.clone()),
        run_at: Set(job.run_at.as_datetime()),
        attempts: Set(job.attempts),
        max_attempts: Set(job.max_attempts),
        locked_by: Set(job.locked_by.clone()),
        locked_until: Set(job.locked_until.map(Timestamp::as_datetime)),
        last_error: Set(job.last_error.clone()),
        progress: Set(job.progress),
        result: Set(job.result.clone()),
        created_by: Set(job.created_by.map(UserId::as_uuid)),
        created_at: Set(job.created_at.as_datetime()),
        updated_at: Set(job.updated_at.as_datetime()),
        finished_at: Set(job.finished_at.map(Timestamp::as_datetime)),
    }
}

fn schedule(row: schedules::Model) -> Schedule {
    Schedule {
        id: ScheduleId::from_uuid(row.id),
        organization_id: OrganizationId::from_uuid(row.organization_id),
        name: row.name,
        kind: row.kind,
        payload: row.payload,
        every_seconds: row.every_seconds,
        next_run_at: time(row.next_run_at),
        last_run_at: row.last_run_at.map(time),
        is_active: row.is_active,
        created_at: time(row.created_at),
        updated_at: time(row.updated_at),
        version: row.version,
    }
}

fn added(done: TryInsertResult<u64>) -> bool {
    matches!(done, TryInsertResult::Inserted(rows) if rows > 0)
}

#[async_trait]
impl JobRepository for SqlUnitOfWork {
    async fn enqueue(&self, new: &Job) -> Result<bool> {
        self.may_write_in(new.organization_id)?;
        let insert =
            jobs::Entity::insert(model(new)).on_conflict(OnConflict::new().do_nothing().to_owned()).try_insert();
        Ok(added(insert.exec_without_returning(self.connection()).await.map_err(store_error)?))
    }

    async fn find(&self, organization: OrganizationId, id: JobId) -> Result<Option<Job>> {
        let query = jobs::Entity::find()
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(self.of_organization(Column::OrganizationId, organization));
        query.one(self.connection()).await.map_err(store_error)?.map(job).transpose()
    }

    async fn list(&self, organization: OrganizationId, filter: &JobFilter, page: &PageRequest) -> Result<Page<Job>> {
        let mut query = jobs::Entity::find().filter(self.of_organization(Column::OrganizationId, organization));
        if let Some(id) = after(page)? {
            query = query.filter(Column::Id.gt(id));
        }
        if let Some(status) = filter.status {
            query = query.filter(Column::Status.eq(status.as_str()));
        }
        if let Some(kind) = &filter.kind {
            query = query.filter(Column::Kind.eq(kind.as_str()));
        }
        let query = query.order_by_asc(Column::Id).limit(one_more(page));
        let rows = query.all(self.connection()).await.map_err(store_error)?;
        let items = rows.into_iter().map(job).collect::<Result<Vec<_>>>()?;
        Ok(Page::cut(items, page.limit, |job| job.id.to_string()))
    }

    async fn retry(&self, organization: OrganizationId, id: JobId, now: Timestamp) -> Result<bool> {
        let row = jobs::ActiveModel {
            status: Set(JobStatus::Queued.as_str().to_owned()),
            attempts: Set(0),
            progress: Set(0),
            run_at: Set(now.as_datetime()),
            updated_at: Set(now.as_datetime()),
            finished_at: Set(None),
            locked_by: Set(None),
            locked_until: Set(None),
            ..Default::default()
        };
        // A unique key belongs to the queued or running job that took it in the meantime.
        let taken = jobs::Entity::find()
            .select_only()
            .column(Column::UniqueKey)
            .filter(Column::UniqueKey.is_not_null())
            .filter(Column::Status.is_in([JobStatus::Queued.as_str(), JobStatus::Running.as_str()]))
            .filter(self.of_organization(Column::OrganizationId, organization))
            .into_query();
        let free = Condition::any().add(Column::UniqueKey.is_null()).add(Column::UniqueKey.not_in_subquery(taken));
        let done = self.change(organization, id, row, &[JobStatus::Dead, JobStatus::Cancelled], free).await;
        done.map_err(|error| match unique_violation(&error) {
            Some(_) => Error::busy(1).with_internal("jobs: another job took the unique key at the same moment"),
            None => store_error(error),
        })
    }

    async fn cancel(&self, organization: OrganizationId, id: JobId, now: Timestamp) -> Result<bool> {
        let row = jobs::ActiveModel {
            status: Set(JobStatus::Cancelled.as_str().to_owned()),
            updated_at: Set(now.as_datetime()),
            finished_at: Set(Some(now.as_datetime())),
            ..Default::default()
        };
        self.change(organization, id, row, &[JobStatus::Queued], Condition::all()).await.map_err(store_error)
    }

    async fn complete(
        &self,
        organization: OrganizationId,
        id: JobId,
        attempt: i32,
        result: &Json,
        now: Timestamp,
    ) -> Result<bool> {
        let done = jobs::Entity::update_many()
            .set(jobs::ActiveModel {
                status: Set(JobStatus::Succeeded.as_str().to_owned()),
                progress: Set(100),
                result: Set(Some(result.clone())),
                locked_by: Set(None),
                locked_until: Set(None),
                last_error: Set(None),
                updated_at: Set(now.as_datetime()),
                finished_at: Set(Some(now.as_datetime())),
                ..Default::default()
            })
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::Attempts.eq(attempt))
            .filter(Column::Status.eq(JobStatus::Running.as_str()))
            .filter(self.of_organization(Column::OrganizationId, organization))
            .exec(self.connection())
            .await
            .map_err(store_error)?;
        Ok(done.rows_affected > 0)
    }

    async fn ensure_schedule(&self, new: &Schedule) -> Result<bool> {
        self.may_write_in(new.organization_id)?;
        let row = schedules::ActiveModel {
            id: Set(new.id.as_uuid()),
            organization_id: Set(new.organization_id.as_uuid()),
            name: Set(new.name.clone()),
            kind: Set(new.kind.clone()),
            payload: Set(new.payload.clone()),
            every_seconds: Set(new.every_seconds),
            next_run_at: Set(new.next_run_at.as_datetime()),
            last_run_at: Set(new.last_run_at.map(Timestamp::as_datetime)),
            is_active: Set(new.is_active),
            created_at: Set(new.created_at.as_datetime()),
            updated_at: Set(new.updated_at.as_datetime()),
            version: Set(new.version),
        };
        let insert = schedules::Entity::insert(row).on_conflict(OnConflict::new().do_nothing().to_owned()).try_insert();
        Ok(added(insert.exec_without_returning(self.connection()).await.map_err(store_error)?))
    }

    async fn schedules(&self, organization: OrganizationId, page: &PageRequest) -> Result<Page<Schedule>> {
        let mut query =
            schedules::Entity::find().filter(self.of_organization(schedules::Column::OrganizationId, organization));
        if let Some(id) = after(page)? {
            query = query.filter(schedules::Column::Id.gt(id));
        }
        let query = query.order_by_asc(schedules::Column::Id).limit(one_more(page));
        let rows = query.all(self.connection()).await.map_err(store_error)?;
        Ok(Page::cut(rows.into_iter().map(schedule).collect(), page.limit, |schedule| schedule.id.to_string()))
    }
}

impl SqlUnitOfWork {
    /// Changes a job that has one of these states.
    async fn change(
        &self,
        organization: OrganizationId,
        id: JobId,
        row: jobs::ActiveModel,
        from: &[JobStatus],
        condition: Condition,
    ) -> Result<bool, DbErr> {
        let done = jobs::Entity::update_many()
            .set(row)
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::Status.is_in(from.iter().map(|status| status.as_str())))
            .filter(self.of_organization(Column::OrganizationId, organization))
            .filter(condition)
            .exec(self.connection())
            .await?;
        Ok(done.rows_affected > 0)
    }
}
