//! Withdraws a job.

use super::job;
use crate::{
    App,
    access::{Resource, guard, scope_in},
    audit::{self, Event},
};
use keystead_domain::{Caller, Error, JobId, OrganizationId, Result, access::Action, jobs::Job};
use serde_json::json;

/// Withdraws a job of `organization` (the caller's where that is none) that has not begun. Only the platform's
/// administrators name another organization.
///
/// # Errors
/// As [`guard`]; `NotFound`; `Conflict` with code `job_not_waiting` when it runs or has ended.
pub async fn cancel_job(app: &App, caller: &Caller, organization: Option<OrganizationId>, id: JobId) -> Result<Job> {
    let organization = organization.unwrap_or(caller.organization_id);
    guard(caller, Action::Update, &Resource::one("jobs", id.as_uuid(), organization))?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    let before = job(&*unit, organization, id).await?;
    if !unit.jobs().cancel(organization, id, app.now()).await? {
        let message = format!("Only jobs that wait are cancelled; this one is {}.", before.status);
        return Err(Error::conflict("job_not_waiting", message));
    }
    let event = Event::new(caller, "job.cancelled", "jobs").resource(id).data(json!({ "kind": before.kind }));
    audit::append(&*unit, app, organization, vec![event]).await?;
    let after = job(&*unit, organization, id).await?;
    unit.commit().await?;
    Ok(after)
}
