//! Lists jobs.

use crate::{
    App,
    access::{Resource, guard, scope_in},
    paging::{PageInput, PageOutput, Paging},
};
use keystead_domain::{
    Caller, OrganizationId, Result,
    access::Action,
    jobs::{Job, JobFilter},
    optional_bounded,
};

/// Which jobs are wanted.
#[derive(Clone, Debug, Default)]
pub struct ListJobs {
    /// Of which organization; the caller's when nothing is said. Only the platform's administrators name another.
    pub organization: Option<OrganizationId>,
    /// Which of them.
    pub filter: JobFilter,
    /// Which page.
    pub page: PageInput,
}

/// The jobs of an organization, in order of their making.
///
/// # Errors
/// As [`guard`]; `Invalid` on `cursor` or `kind`.
pub async fn list_jobs(app: &App, caller: &Caller, input: ListJobs) -> Result<PageOutput<Job>> {
    let organization = input.organization.unwrap_or(caller.organization_id);
    guard(caller, Action::Read, &Resource::all("jobs", organization))?;
    let filter = JobFilter { kind: optional_bounded("kind", input.filter.kind.as_deref(), 100)?, ..input.filter };
    let paging = Paging::open(app, caller, "GET /jobs", &(organization, &filter), &input.page)?;
    let unit = app.store.glance(scope_in(organization, caller)).await?;
    paging.close(app, unit.jobs().list(organization, &filter, paging.request()).await?)
}
