//! Invitations into an organization.

use crate::{InvitationId, OrganizationId, RoleId, Timestamp, UserId, accounts::Email};
use serde::{Deserialize, Serialize};

/// Where an invitation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvitationStatus {
    /// Sent and not answered. It can still have expired: see [`Invitation::is_open`].
    Pending,
    /// The person joined.
    Accepted,
    /// The person said no.
    Declined,
    /// Withdrawn by the organization.
    Revoked,
}
crate::text_enum!(InvitationStatus { Pending = "pending", Accepted = "accepted", Declined = "declined", Revoked = "revoked" });

/// An invitation. Its token is known to the invited person only; the store holds a hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Its identifier.
    pub id: InvitationId,
    /// Into which organization.
    pub organization_id: OrganizationId,
    /// Who is invited.
    pub email: Email,
    /// The role the person gets.
    pub role_id: RoleId,
    /// The organization that the role belongs to: this one, or the platform for built-in roles.
    pub role_organization_id: OrganizationId,
    /// Where it stands.
    pub status: InvitationStatus,
    /// Who invited.
    pub invited_by: UserId,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was accepted or declined.
    pub answered_at: Option<Timestamp>,
    /// Who accepted.
    pub accepted_by: Option<UserId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Raised by every change.
    pub version: i64,
}

impl Invitation {
    /// Whether it can still be accepted at `now`.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.status == InvitationStatus::Pending && self.expires_at > now
    }
}
