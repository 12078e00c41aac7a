//! Teams inside an organization.

use crate::{OrganizationId, TeamId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// A team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// Its identifier.
    pub id: TeamId,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// Its name, up to 255 characters, unique in the organization.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Raised by every change.
    pub version: i64,
}

/// A member of a team, who is a member of its organization too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamMember {
    /// The organization.
    pub organization_id: OrganizationId,
    /// The team.
    pub team_id: TeamId,
    /// The person.
    pub user_id: UserId,
    /// The person's username, for lists.
    pub username: String,
    /// When they joined the team.
    pub created_at: Timestamp,
}
