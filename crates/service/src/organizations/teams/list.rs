//! Lists teams.

use crate::{
    App,
    access::{Resource, guard, guard_here, scope_in},
    paging::{PageInput, PageOutput, Paging},
};
use keystead_domain::{Caller, OrganizationId, Result, access::Action, organizations::Team};

/// Which teams are wanted.
#[derive(Clone, Debug)]
pub struct ListTeams {
    /// Of which organization.
    pub organization: OrganizationId,
    /// Which page.
    pub page: PageInput,
}

/// The teams of the organization, in order of their making.
///
/// # Errors
/// As [`guard`]; `Invalid` on `cursor`.
pub async fn list_teams(app: &App, caller: &Caller, input: ListTeams) -> Result<PageOutput<Team>> {
    let organization = input.organization;
    guard_here(caller, organization)?;
    guard(caller, Action::Read, &Resource::all("teams", organization))?;
    let paging = Paging::open(app, caller, "GET /teams", &organization, &input.page)?;
    let unit = app.store.glance(scope_in(organization, caller)).await?;
    paging.close(app, unit.teams().list(organization, paging.request()).await?)
}
