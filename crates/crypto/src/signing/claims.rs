//! What an access token says.

use keystead_domain::{OrganizationId, SessionId, UserId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The claims of an access token (RFC 9068, section 2.2).
///
/// They say who is calling, never what the caller may do: the server looks up memberships and
/// permissions itself. `roles` informs clients and decides nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The server that issued the token.
    pub iss: String,
    /// The user.
    pub sub: UserId,
    /// The audience: the API that the token is for.
    pub aud: String,
    /// When the token ends, in seconds since the Unix epoch.
    pub exp: i64,
    /// When the token was issued, in seconds since the Unix epoch.
    pub iat: i64,
    /// The token's own identifier.
    pub jti: Uuid,
    /// The session.
    pub sid: SessionId,
    /// The organization that the session works in.
    pub org: OrganizationId,
    /// The names of the user's roles in that organization.
    pub roles: Vec<String>,
    /// The OAuth client (RFC 8693, section 4.3), when the token was asked for through one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// The token is not valid before then. Keystead sets none, but obeys one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
}
