//! A session as it begins.

use crate::App;
use keystead_crypto::tokens::RefreshToken;
use keystead_domain::{
    Json, OrganizationId, RequestContext, SessionId, UserId,
    sessions::{RefreshFamily, Session},
};
use serde_json::json;

/// A session with the first generation of its refresh tokens.
pub(super) struct NewSession {
    pub(super) session: Session,
    pub(super) family: RefreshFamily,
    pub(super) refresh_token: RefreshToken,
}

impl NewSession {
    /// A session of `user`, who has shown their password, in `organization`.
    pub(super) fn by_password(
        app: &App,
        user: UserId,
        organization: OrganizationId,
        context: &RequestContext,
        device_info: Json,
    ) -> Self {
        let (now, settings) = (app.now(), &app.settings);
        let id: SessionId = app.ids.next();
        let expires_at = now.plus_seconds(settings.session_absolute_seconds);
        let session = Session {
            id,
            user_id: user,
            organization_id: organization,
            profile_id: None,
            client_ip: context.client_ip.map(|address| address.to_canonical().to_string()),
            user_agent: context.user_agent.clone(),
            device_info,
            security_context: json!({ "method": "password" }),
            created_at: now,
            last_activity_at: now,
            idle_expires_at: now.plus_seconds(settings.session_idle_seconds).min(expires_at),
            expires_at,
            revoked_at: None,
            revoked_reason: None,
        };
        let refresh_token = RefreshToken::issue(user, id, 1, &app.keys.macs().refresh, &*app.random);
        let family = RefreshFamily {
            session_id: id,
            user_id: user,
            generation: 1,
            token_hash: refresh_token.hash().to_vec(),
            previous_hash: None,
            successor_sealed: None,
            rotated_at: now,
            expires_at,
        };
        Self { session, family, refresh_token }
    }
}
