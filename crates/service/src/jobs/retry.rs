//! Puts a job back into the queue.

use super::{job, wake};
use crate::{
    App,
    access::{Resource, guard, scope_in},
    audit::{self, Event},
};
use keystead_domain::{Caller, Error, JobId, OrganizationId, Result, access::Action, jobs::Job};
use serde_json::json;

/// Puts a dead or cancelled job of `organization` (the caller's where that is none) back into the queue, with fresh
/// attempts. Only the platform's administrators name another organization.
///
/// # Errors
/// As [`guard`]; `NotFound`; `Conflict` with code `job_not_retryable` when it waits, runs or is done.
pub async fn retry_job(app: &App, caller: &Caller, organization: Option<OrganizationId>, id: JobId) -> Result<Job> {
    let organization = organization.unwrap_or(caller.organization_id);
    guard(caller, Action::Update, &Resource::one("jobs", id.as_uuid(), organization))?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    let before = job(&*unit, organization, id).await?;
    if !unit.jobs().retry(organization, id, app.now()).await? {
        let message = format!("Only dead and cancelled jobs are retried; this one is {}.", before.status);
        return Err(Error::conflict("job_not_retryable", message));
    }
    let event = Event::new(caller, "job.retried", "jobs").resource(id).data(json!({ "kind": before.kind }));
    audit::append(&*unit, app, organization, vec![event]).await?;
    let after = job(&*unit, organization, id).await?;
    unit.commit().await?;
    wake(app);
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        jobs::runner::fixtures::a_job,
        testing::{TestApp, Trail, administrator, member, organization},
    };
    use keystead_domain::{ErrorKind, PLATFORM};
    use keystead_store::mocks::MockUnitOfWork;

    async fn retry(caller: &Caller, of: Option<OrganizationId>, can: bool) -> Result<Job> {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), MockUnitOfWork::new());
        unit.jobs.expect_find().returning(|_, _| Ok(Some(a_job("test"))));
        unit.jobs.expect_retry().returning(move |_, _, _| Ok(can));
        trail.record(&mut unit);
        test.unit(unit);
        let done = retry_job(&test.build(), caller, of, a_job("test").id).await;
        assert_eq!(trail.events().len(), usize::from(done.is_ok()));
        done
    }

    #[tokio::test]
    async fn an_administrator_retries_what_was_given_up() {
        let here = administrator(organization(1), 7);
        assert!(retry(&here, None, true).await.is_ok());
        assert_eq!(retry(&here, None, false).await.unwrap_err().code, "job_not_retryable");
        assert!(retry(&administrator(PLATFORM, 7), Some(organization(1)), true).await.is_ok());
    }

    #[tokio::test]
    async fn others_find_no_such_job() {
        for (caller, of) in [(member(1, 7), None), (administrator(organization(1), 7), Some(organization(2)))] {
            assert_eq!(retry(&caller, of, true).await.unwrap_err().kind, ErrorKind::NotFound);
        }
    }
}
