//! Shows a team.

use super::{guard_team, team};
use crate::{App, access::scope_in};
use keystead_domain::{Caller, OrganizationId, Result, TeamId, access::Action, organizations::Team};

/// A team of the organization.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`.
pub async fn get_team(app: &App, caller: &Caller, organization: OrganizationId, id: TeamId) -> Result<Team> {
    guard_team(caller, Action::Read, organization, id)?;
    let unit = app.store.glance(scope_in(organization, caller)).await?;
    team(&*unit, organization, id).await
}
