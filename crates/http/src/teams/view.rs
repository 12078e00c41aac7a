//! Teams as the API shows them.

use keystead_domain::{OrganizationId, TeamId, Timestamp, UserId, organizations};
use serde::Serialize;
use utoipa::ToSchema;

/// A team inside an organization.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Team {
    /// Its identifier.
    #[schema(value_type = Uuid)]
    pub(crate) id: TeamId,
    /// Whose it is.
    #[schema(value_type = Uuid)]
    organization_id: OrganizationId,
    /// Its name, unique in the organization.
    name: String,
    /// What it is for.
    description: Option<String>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// Raised by every change; the `ETag`.
    pub(crate) version: i64,
}

impl From<organizations::Team> for Team {
    fn from(team: organizations::Team) -> Self {
        Self {
            id: team.id,
            organization_id: team.organization_id,
            name: team.name,
            description: team.description,
            created_at: team.created_at,
            updated_at: team.updated_at,
            version: team.version,
        }
    }
}

/// A member of a team.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TeamMember {
    /// The team.
    #[schema(value_type = Uuid)]
    team_id: TeamId,
    /// The person.
    #[schema(value_type = Uuid)]
    user_id: UserId,
    /// The person's username.
    username: String,
    /// When they joined the team.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<organizations::TeamMember> for TeamMember {
    fn from(member: organizations::TeamMember) -> Self {
        Self {
            team_id: member.team_id,
            user_id: member.user_id,
            username: member.username,
            created_at: member.created_at,
        }
    }
}
