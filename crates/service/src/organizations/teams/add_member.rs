//! Puts a member of the organization into a team.

use super::{guard_team, team};
use crate::{
    App,
    access::scope_in,
    audit::{self, Event},
};
use keystead_domain::{
    Caller, Error, OrganizationId, Result, TeamId, UserId, access::Action, organizations::TeamMember,
};
use serde_json::json;

/// Puts a member of the organization into a team. To put somebody in again changes nothing.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound` when there is no such team, or the person is no member of the organization.
pub async fn add_team_member(
    app: &App,
    caller: &Caller,
    organization: OrganizationId,
    id: TeamId,
    user: UserId,
) -> Result<TeamMember> {
    guard_team(caller, Action::Update, organization, id)?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    let team = team(&*unit, organization, id).await?;
    let person = unit.memberships().find(organization, user).await?.ok_or_else(|| Error::not_found("member"))?;
    let member = TeamMember {
        organization_id: organization,
        team_id: id,
        user_id: user,
        username: person.user.username.as_str().to_owned(),
        created_at: app.now(),
    };
    if unit.teams().add_member(organization, &member).await? {
        let event = Event::new(caller, "team.member_added", "teams")
            .resource(id)
            .subject(user)
            .data(json!({ "team": team.name }));
        audit::append(&*unit, app, organization, vec![event]).await?;
        unit.commit().await?;
    }
    Ok(member)
}
