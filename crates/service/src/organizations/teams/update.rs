//! Renames or describes a team.

use super::{guard_found_team, team};
use crate::{
    App,
    access::scope_in,
    audit::{self, Event, changes},
};
use keystead_domain::{
    Caller, OrganizationId, Result, TeamId, access::Action, bounded, optional_bounded, organizations::Team,
};

/// What is to change about a team. What is absent stays.
#[derive(Clone, Debug)]
pub struct UpdateTeam {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Which.
    pub team: TeamId,
    /// The version that the change is made for.
    pub version: i64,
    /// Another name, up to 255 characters.
    pub name: Option<String>,
    /// Another description; none inside takes it away.
    pub description: Option<Option<String>>,
}

/// Renames or describes a team.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`; `Invalid` on `name` or `description`; `Conflict` with code
/// `team_name_taken`; `PreconditionFailed`.
pub async fn update_team(app: &App, caller: &Caller, input: UpdateTeam) -> Result<Team> {
    let organization = input.organization;
    let held = guard_found_team(caller, Action::Update, organization, input.team)?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    let before = team(&*unit, organization, input.team).await?;
    held.release()?;
    let mut changed = Team { version: input.version, updated_at: app.now(), ..before.clone() };
    if let Some(name) = input.name {
        changed.name = bounded("name", &name, 255)?;
    }
    if let Some(description) = input.description {
        changed.description = optional_bounded("description", description.as_deref(), 2000)?;
    }
    let after = unit.teams().update(organization, &changed).await?;
    let event = Event::new(caller, "team.updated", "teams").resource(after.id).changed(changes(&before, &after)?);
    audit::append(&*unit, app, organization, vec![event]).await?;
    unit.commit().await?;
    Ok(after)
}
