//! Shows a job.

use super::job;
use crate::{
    App,
    access::{Resource, guard, scope_in},
};
use keystead_domain::{Caller, JobId, OrganizationId, Result, access::Action, jobs::Job};

/// A job of `organization`, or of the caller's where that is none. Only the platform's administrators name another.
///
/// # Errors
/// As [`guard`]; `NotFound`.
pub async fn get_job(app: &App, caller: &Caller, organization: Option<OrganizationId>, id: JobId) -> Result<Job> {
    let organization = organization.unwrap_or(caller.organization_id);
    guard(caller, Action::Read, &Resource::one("jobs", id.as_uuid(), organization))?;
    let unit = app.store.glance(scope_in(organization, caller)).await?;
    job(&*unit, organization, id).await
}
