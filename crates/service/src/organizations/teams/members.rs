//! Lists the members of a team.

use super::{guard_team, team};
use crate::{
    App,
    access::scope_in,
    paging::{PageInput, PageOutput, Paging},
};
use keystead_domain::{Caller, OrganizationId, Result, TeamId, access::Action, organizations::TeamMember};

/// Which members of a team are wanted.
#[derive(Clone, Debug)]
pub struct ListTeamMembers {
    /// Whose team it is.
    pub organization: OrganizationId,
    /// Of which team.
    pub team: TeamId,
    /// Which page.
    pub page: PageInput,
}

/// The members of a team, in order of their identifiers.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`; `Invalid` on `cursor`.
pub async fn list_team_members(app: &App, caller: &Caller, input: ListTeamMembers) -> Result<PageOutput<TeamMember>> {
    let ListTeamMembers { organization, team: id, page } = input;
    guard_team(caller, Action::Read, organization, id)?;
    let paging = Paging::open(app, caller, "GET /teams/{id}/members", &(organization, id), &page)?;
    let unit = app.store.read(scope_in(organization, caller)).await?;
    team(&*unit, organization, id).await?;
    paging.close(app, unit.teams().members(organization, id, paging.request()).await?)
}
