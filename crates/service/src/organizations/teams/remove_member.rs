//! Takes somebody out of a team.

use super::{guard_found_team, team};
use crate::{
    App,
    access::scope_in,
    audit::{self, Event},
};
use keystead_domain::{Caller, Error, OrganizationId, Result, TeamId, UserId, access::Action};
use serde_json::json;

/// Takes somebody out of a team. The membership in the organization stays.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound` when there is no such team, or the person is not in it.
pub async fn remove_team_member(
    app: &App,
    caller: &Caller,
    organization: OrganizationId,
    id: TeamId,
    user: UserId,
) -> Result<()> {
    let held = guard_found_team(caller, Action::Update, organization, id)?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    let team = team(&*unit, organization, id).await?;
    held.release()?;
    if !unit.teams().remove_member(organization, id, user).await? {
        return Err(Error::not_found("member"));
    }
    let event = Event::new(caller, "team.member_removed", "teams")
        .resource(id)
        .subject(user)
        .data(json!({ "team": team.name }));
    audit::append(&*unit, app, organization, vec![event]).await?;
    unit.commit().await
}
