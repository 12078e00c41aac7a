//! A session: one sign-in on one device.

use crate::{Json, OrganizationId, SessionId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Why a session ended before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevokedReason {
    /// The person signed out.
    SignedOut,
    /// The person ended it from another session.
    EndedByOwner,
    /// An administrator ended it.
    EndedByAdministrator,
    /// The password was changed.
    PasswordChanged,
    /// The account was disabled.
    UserDisabled,
    /// An old refresh token was presented: somebody else may hold a copy.
    RefreshTokenReplayed,
}
crate::text_enum!(RevokedReason {
    SignedOut = "signed_out",
    EndedByOwner = "ended_by_owner",
    EndedByAdministrator = "ended_by_administrator",
    PasswordChanged = "password_changed",
    UserDisabled = "user_disabled",
    RefreshTokenReplayed = "refresh_token_replayed",
});

/// A session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// Its identifier (`sid` in tokens).
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// The organization the person works in now.
    pub organization_id: OrganizationId,
    /// The profile the person works on now, when there is one.
    pub profile_id: Option<Uuid>,
    /// The client's address at sign-in or at the last activity.
    pub client_ip: Option<String>,
    /// The client's `User-Agent`.
    pub user_agent: Option<String>,
    /// What the client says about its device.
    pub device_info: Json,
    /// What was checked at sign-in: method, factor, device key, risk.
    pub security_context: Json,
    /// When it began.
    pub created_at: Timestamp,
    /// The last activity, written lazily.
    pub last_activity_at: Timestamp,
    /// When it ends for lack of activity; moved on by each refresh, never past [`Session::expires_at`].
    pub idle_expires_at: Timestamp,
    /// When it ends whatever happens.
    pub expires_at: Timestamp,
    /// When it was ended before its time.
    pub revoked_at: Option<Timestamp>,
    /// Why.
    pub revoked_reason: Option<RevokedReason>,
}

impl Session {
    /// Whether it can be used at `now`.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.idle_expires_at > now && self.expires_at > now
    }
}
