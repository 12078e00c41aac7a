//! Teams inside an organization.

mod add_member;
mod create;
mod delete;
mod get;
mod list;
mod members;
mod remove_member;
mod update;

pub use add_member::add_team_member;
pub use create::{CreateTeam, create_team};
pub use delete::{DeleteTeam, delete_team};
pub use get::get_team;
pub use list::{ListTeams, list_teams};
pub use members::{ListTeamMembers, list_team_members};
pub use remove_member::remove_team_member;
pub use update::{UpdateTeam, update_team};

use crate::access::{Held, Resource, guard, guard_here, hold};
use keystead_domain::{Caller, Error, OrganizationId, Result, TeamId, access::Action, organizations::Team};
use keystead_store::UnitOfWork;

/// Asks the guard for `action` on the team, which is still to be found.
fn guard_found_team(caller: &Caller, action: Action, organization: OrganizationId, id: TeamId) -> Result<Held> {
    hold(guard_team(caller, action, organization, id))
}

/// Asks the guard for `action` on the team.
fn guard_team(caller: &Caller, action: Action, organization: OrganizationId, id: TeamId) -> Result<()> {
    guard_here(caller, organization)?;
    guard(caller, action, &Resource::one("teams", id.as_uuid(), organization))
}

async fn team(unit: &dyn UnitOfWork, organization: OrganizationId, id: TeamId) -> Result<Team> {
    unit.teams().find(organization, id).await?.ok_or_else(|| Error::not_found("team"))
}
