//! Organizations and memberships as the API shows them.

use crate::{accounts::view::User, openapi::words};
use keystead_domain::{Caller, Json, MembershipId, OrganizationId, RoleId, Timestamp, organizations};
use serde::Serialize;
use utoipa::ToSchema;

/// The unit of isolation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Organization {
    /// Its identifier.
    #[schema(value_type = Uuid)]
    pub(crate) id: OrganizationId,
    /// Its name; not unique.
    name: String,
    /// Why it exists.
    #[schema(schema_with = words::organization_kind)]
    kind: organizations::OrganizationKind,
    /// Whether it can be used.
    #[schema(schema_with = words::organization_status)]
    status: organizations::OrganizationStatus,
    /// What its administrators note.
    #[schema(value_type = Object)]
    metadata: Json,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// Raised by every change; the `ETag`.
    pub(crate) version: i64,
}

impl From<organizations::Organization> for Organization {
    fn from(organization: organizations::Organization) -> Self {
        Self {
            id: organization.id,
            name: organization.name,
            kind: organization.kind,
            status: organization.status,
            metadata: organization.metadata,
            created_at: organization.created_at,
            updated_at: organization.updated_at,
            version: organization.version,
        }
    }
}

/// An organization that the caller belongs to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnOrganization {
    /// The organization.
    organization: Organization,
    /// Whether the caller can work there.
    #[schema(schema_with = words::membership_status)]
    membership_status: organizations::MembershipStatus,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    joined_at: Timestamp,
}

impl From<(organizations::Organization, organizations::Membership)> for OwnOrganization {
    fn from((organization, membership): (organizations::Organization, organizations::Membership)) -> Self {
        Self {
            organization: organization.into(),
            membership_status: membership.status,
            joined_at: membership.created_at,
        }
    }
}

/// A person's place in an organization.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Member {
    /// The membership's identifier.
    #[schema(value_type = Uuid)]
    id: MembershipId,
    /// Where.
    #[schema(value_type = Uuid)]
    organization_id: OrganizationId,
    /// Who.
    user: User,
    /// Whether they can work there.
    #[schema(schema_with = words::membership_status)]
    status: organizations::MembershipStatus,
    /// The roles held there, by name.
    roles: Vec<HeldRole>,
    /// When they joined.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// Raised by every change, also of the roles; the `ETag`.
    pub(crate) version: i64,
}

/// A role that a member holds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HeldRole {
    /// Its identifier.
    #[schema(value_type = Uuid)]
    id: RoleId,
    /// Its name.
    name: String,
}

impl Member {
    /// As `caller` sees it.
    pub(crate) fn seen_by(caller: &Caller, member: organizations::Member) -> Self {
        Self {
            id: member.membership.id,
            organization_id: member.membership.organization_id,
            user: User::seen_by(caller, &member.user),
            status: member.membership.status,
            roles: member.roles.into_iter().map(|(id, name)| HeldRole { id, name }).collect(),
            created_at: member.membership.created_at,
            updated_at: member.membership.updated_at,
            version: member.membership.version,
        }
    }
}
