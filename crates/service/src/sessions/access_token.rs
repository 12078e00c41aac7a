//! Issuing access tokens.

use crate::App;
use keystead_crypto::signing::{Claims, SigningKey};
use keystead_domain::{OrganizationId, Result, SessionId, Timestamp, UserId};
use secrecy::SecretString;
use uuid::Uuid;

/// An access token (JWT, RFC 9068) and how long it is good for.
#[derive(Clone, Debug)]
pub struct AccessToken {
    /// The token, for the `Authorization` header (`Bearer`, RFC 6750).
    pub token: SecretString,
    /// In seconds.
    pub expires_in: i64,
}

/// What an access token is about.
pub(crate) struct Holder {
    pub(crate) user: UserId,
    pub(crate) session: SessionId,
    pub(crate) organization: OrganizationId,
    /// Names, for clients to show; they decide nothing.
    pub(crate) roles: Vec<String>,
    /// The session's end: no token outlives it.
    pub(crate) session_ends: Timestamp,
}

/// Signs a token for `holder`.
pub(crate) fn issue_access_token(app: &App, key: &SigningKey, holder: Holder) -> Result<AccessToken> {
    let now = app.now();
    let left = holder.session_ends.seconds_since(now).max(0);
    let expires_in = app.settings.access_token_seconds.min(left);
    let claims = Claims {
        iss: app.settings.issuer.clone(),
        sub: holder.user,
        aud: app.settings.audience.clone(),
        exp: now.unix_seconds() + expires_in,
        iat: now.unix_seconds(),
        jti: app.ids.next::<Uuid>(),
        sid: holder.session,
        org: holder.organization,
        roles: holder.roles,
        client_id: None,
        nbf: None,
    };
    Ok(AccessToken { token: SecretString::from(key.sign(&claims)?), expires_in })
}
