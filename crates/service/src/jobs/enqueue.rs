//! Asks for a job.

use crate::App;
use keystead_domain::{
    Caller, JobId, Json, OrganizationId, Result, Timestamp,
    jobs::{Job, JobStatus},
};
use keystead_store::UnitOfWork;

/// A job to be done.
#[derive(Clone, Debug, PartialEq)]
pub struct NewJob {
    /// What to do: the [`kind`](super::JobHandler::kind) of a handler.
    pub kind: &'static str,
    /// The details, without secrets.
    pub payload: Json,
    /// While a job with the same key is queued or running, this one is not enqueued.
    pub unique_key: Option<String>,
    /// Not before; at once when nothing is said.
    pub run_at: Option<Timestamp>,
    /// After so many attempts it is given up.
    pub max_attempts: i32,
}

/// Enqueues a job of `organization` in the transaction of the change that asks for it. Returns its identifier, or none when
/// one with the same unique key waits or runs already.
///
/// After the commit, [`wake`] spares it the wait for the next look at the queue.
///
/// # Errors
/// When the store fails.
pub async fn enqueue(
    unit: &dyn UnitOfWork,
    app: &App,
    caller: &Caller,
    organization: OrganizationId,
    new: NewJob,
) -> Result<Option<JobId>> {
    let now = app.now();
    let job = Job {
        id: app.ids.next(),
        organization_id: organization,
        kind: new.kind.to_owned(),
        payload: new.payload,
        status: JobStatus::Queued,
        unique_key: new.unique_key,
        run_at: new.run_at.unwrap_or(now),
        attempts: 0,
        max_attempts: new.max_attempts,
        locked_by: None,
        locked_until: None,
        last_error: None,
        progress: 0,
        result: None,
        created_by: caller.user_id,
        created_at: now,
        updated_at: now,
        finished_at: None,
    };
    Ok(unit.jobs().enqueue(&job).await?.then_some(job.id))
}

/// Lets this node's runner look at the queue now.
pub fn wake(app: &App) {
    app.new_jobs.notify_one();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, member, now, organization, user};
    use keystead_store::mocks::MockUnitOfWork;
    use serde_json::json;

    #[tokio::test]
    async fn a_job_waits_from_now_on_and_knows_who_asked() {
        let (app, mut unit) = (TestApp::new().build(), MockUnitOfWork::new());
        unit.jobs.expect_enqueue().times(2).returning(|job| {
            assert_eq!((job.created_by, job.run_at, job.status), (Some(user(7)), now(), JobStatus::Queued));
            Ok(job.unique_key.is_none())
        });
        let new = NewJob { kind: "test", payload: json!({}), unique_key: None, run_at: None, max_attempts: 3 };
        let again = NewJob { unique_key: Some("one".to_owned()), ..new.clone() };
        let caller = member(1, 7);
        assert!(enqueue(&unit, &app, &caller, organization(1), new).await.unwrap().is_some());
        assert_eq!(enqueue(&unit, &app, &caller, organization(1), again).await.unwrap(), None);
    }
}
