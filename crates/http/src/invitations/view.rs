//! An invitation as the API shows it.

use crate::openapi::words;
use keystead_domain::{InvitationId, MembershipId, OrganizationId, RoleId, Timestamp, UserId, organizations};
use keystead_service::organizations::invitations;
use serde::Serialize;
use utoipa::ToSchema;

/// An invitation into an organization. Its token is shown once, to whoever made it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Invitation {
    /// Its identifier.
    #[schema(value_type = Uuid)]
    pub(crate) id: InvitationId,
    /// Into which organization.
    #[schema(value_type = Uuid)]
    organization_id: OrganizationId,
    /// Who is invited.
    email: String,
    /// The role that the person gets.
    #[schema(value_type = Uuid)]
    role_id: RoleId,
    /// Where it stands. A pending one can have expired.
    #[schema(schema_with = words::invitation_status)]
    status: organizations::InvitationStatus,
    /// Who invited.
    #[schema(value_type = Uuid)]
    invited_by: UserId,
    /// When it ends.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// When it was accepted or declined.
    #[schema(value_type = Option<String>, format = DateTime)]
    answered_at: Option<Timestamp>,
    /// Who accepted.
    #[schema(value_type = Option<Uuid>)]
    accepted_by: Option<UserId>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// Raised by every change; the `ETag`.
    pub(crate) version: i64,
}

impl From<organizations::Invitation> for Invitation {
    fn from(invitation: organizations::Invitation) -> Self {
        Self {
            id: invitation.id,
            organization_id: invitation.organization_id,
            email: invitation.email.as_str().to_owned(),
            role_id: invitation.role_id,
            status: invitation.status,
            invited_by: invitation.invited_by,
            expires_at: invitation.expires_at,
            answered_at: invitation.answered_at,
            accepted_by: invitation.accepted_by,
            created_at: invitation.created_at,
            updated_at: invitation.updated_at,
            version: invitation.version,
        }
    }
}

/// The place in an organization that accepting an invitation gives.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Accepted {
    /// The organization, to switch to.
    #[schema(value_type = Uuid)]
    organization_id: OrganizationId,
    /// The membership.
    #[schema(value_type = Uuid)]
    membership_id: MembershipId,
    /// The role held there.
    #[schema(value_type = Uuid)]
    role_id: RoleId,
    /// When the person joined.
    #[schema(value_type = String, format = DateTime)]
    joined_at: Timestamp,
}

impl From<invitations::Accepted> for Accepted {
    fn from(accepted: invitations::Accepted) -> Self {
        Self {
            organization_id: accepted.membership.organization_id,
            membership_id: accepted.membership.id,
            role_id: accepted.role_id,
            joined_at: accepted.membership.created_at,
        }
    }
}
