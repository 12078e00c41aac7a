//! A session as the API shows it.

use keystead_domain::{Caller, Json, OrganizationId, SessionId, Timestamp, UserId, sessions};
use serde::Serialize;
use utoipa::ToSchema;

/// One sign-in on one device.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Session {
    /// Its identifier (`sid` in tokens).
    #[schema(value_type = Uuid)]
    pub(crate) id: SessionId,
    /// Whose it is.
    #[schema(value_type = Uuid)]
    user_id: UserId,
    /// The organization that the person works in.
    #[schema(value_type = Uuid)]
    organization_id: OrganizationId,
    /// Whether it is the session of this request.
    is_current: bool,
    /// The client's address.
    client_ip: Option<String>,
    /// The client's `User-Agent`.
    user_agent: Option<String>,
    /// What the client says about its device.
    #[schema(value_type = Object)]
    device_info: Json,
    /// What was checked at sign-in.
    #[schema(value_type = Object)]
    security_context: Json,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// The last activity, to within a minute.
    #[schema(value_type = String, format = DateTime)]
    last_activity_at: Timestamp,
    /// When it ends for lack of activity.
    #[schema(value_type = String, format = DateTime)]
    idle_expires_at: Timestamp,
    /// When it ends whatever happens.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

impl Session {
    /// As `caller` sees it.
    pub(crate) fn seen_by(caller: &Caller, session: sessions::Session) -> Self {
        Self::new(caller.session_id == Some(session.id), session)
    }
    /// With the answer whether it is the session of this request.
    pub(crate) fn new(is_current: bool, session: sessions::Session) -> Self {
        Self {
            id: session.id,
            user_id: session.user_id,
            organization_id: session.organization_id,
            is_current,
            client_ip: session.client_ip,
            user_agent: session.user_agent,
            device_info: session.device_info,
            security_context: session.security_context,
            created_at: session.created_at,
            last_activity_at: session.last_activity_at,
            idle_expires_at: session.idle_expires_at,
            expires_at: session.expires_at,
        }
    }
}
