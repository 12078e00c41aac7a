//! Lists schedules.

use crate::{
    App,
    access::{Resource, guard, scope_in},
    paging::{PageInput, PageOutput, Paging},
};
use keystead_domain::{Caller, OrganizationId, Result, access::Action, jobs::Schedule};

/// Which schedules are wanted.
#[derive(Clone, Debug, Default)]
pub struct ListSchedules {
    /// Of which organization; the caller's when nothing is said. Only the platform's administrators name another.
    pub organization: Option<OrganizationId>,
    /// Which page.
    pub page: PageInput,
}

/// What starts jobs again and again, in order of the identifiers.
///
/// # Errors
/// As [`guard`]; `Invalid` on `cursor`.
pub async fn list_schedules(app: &App, caller: &Caller, input: ListSchedules) -> Result<PageOutput<Schedule>> {
    let organization = input.organization.unwrap_or(caller.organization_id);
    guard(caller, Action::Read, &Resource::all("jobs", organization))?;
    let paging = Paging::open(app, caller, "GET /schedules", &organization, &input.page)?;
    let unit = app.store.glance(scope_in(organization, caller)).await?;
    paging.close(app, unit.jobs().schedules(organization, paging.request()).await?)
}
