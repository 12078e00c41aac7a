//! A person's place in an organization.

use crate::{MembershipId, OrganizationId, RoleId, Timestamp, UserId, accounts::User};
use serde::{Deserialize, Serialize};

/// Whether a member can work in the organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MembershipStatus {
    /// Yes.
    Active,
    /// Not until an administrator of the organization says so.
    Suspended,
}
crate::text_enum!(MembershipStatus { Active = "active", Suspended = "suspended" });

/// A membership.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// Its identifier.
    pub id: MembershipId,
    /// Where.
    pub organization_id: OrganizationId,
    /// Who.
    pub user_id: UserId,
    /// Whether they can work there.
    pub status: MembershipStatus,
    /// When they joined.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Raised by every change, also of the roles held.
    pub version: i64,
}

/// A membership with the person and the roles, as lists show it.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The membership.
    pub membership: Membership,
    /// The person.
    pub user: User,
    /// The roles held in the organization: identifier and name, by name.
    pub roles: Vec<(RoleId, String)>,
}
