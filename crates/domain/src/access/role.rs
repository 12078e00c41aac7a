//! A role is a named set of permissions.

use crate::{OrganizationId, RoleId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// A role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// Its identifier.
    pub id: RoleId,
    /// The platform for built-in ones, which every organization inherits.
    pub organization_id: OrganizationId,
    /// Its name, up to 50 characters of `[a-z0-9_-]`, unique in its organization.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Whether it was made by the system and cannot be changed.
    pub is_builtin: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Raised by every change, also of its permissions.
    pub version: i64,
}

/// A role that a person holds in an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleAssignment {
    /// Where it counts.
    pub organization_id: OrganizationId,
    /// Who holds it.
    pub user_id: UserId,
    /// The role.
    pub role_id: RoleId,
    /// The organization that the role belongs to.
    pub role_organization_id: OrganizationId,
    /// When it was granted.
    pub created_at: Timestamp,
}
