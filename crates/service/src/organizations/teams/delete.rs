//! Removes a team.

use super::{guard_found_team, team};
use crate::{
    App,
    access::scope_in,
    audit::{self, Event, changes},
};
use keystead_domain::{Caller, OrganizationId, Result, TeamId, access::Action};

/// Which team to remove.
#[derive(Clone, Debug)]
pub struct DeleteTeam {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Which.
    pub team: TeamId,
    /// The version that was read.
    pub version: i64,
}

/// Removes a team with its members' places in it.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`; `PreconditionFailed`.
pub async fn delete_team(app: &App, caller: &Caller, input: DeleteTeam) -> Result<()> {
    let DeleteTeam { organization, team: id, version } = input;
    let held = guard_found_team(caller, Action::Delete, organization, id)?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    let before = team(&*unit, organization, id).await?;
    held.release()?;
    unit.teams().delete(organization, id, version).await?;
    let event = Event::new(caller, "team.deleted", "teams").resource(id).changed(changes(&before, &())?);
    audit::append(&*unit, app, organization, vec![event]).await?;
    unit.commit().await
}
