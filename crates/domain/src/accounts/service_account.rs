//! Programs that call on behalf of an organization, and their keys.

use crate::{ApiKeyId, OrganizationId, ServiceAccountId, Timestamp};
use serde::{Deserialize, Serialize};

/// A program that calls on behalf of an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceAccount {
    /// Its identifier.
    pub id: ServiceAccountId,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// Its name, up to 255 characters, unique in the organization.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Whether its keys open anything.
    pub is_active: bool,
    /// Who made it, as `type:id`.
    pub created_by: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Raised by every change.
    pub version: i64,
}

/// A key of a service account. The key itself is shown once; the store holds a hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// Its identifier.
    pub id: ApiKeyId,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// The service account.
    pub service_account_id: ServiceAccountId,
    /// The beginning of the key, up to 32 characters, by which it is found and recognised; unique everywhere.
    pub prefix: String,
    /// What it may be used for: names of permissions.
    pub scopes: Vec<String>,
    /// The key that it took the place of.
    pub replaces_id: Option<ApiKeyId>,
    /// It opens nothing from then on.
    pub expires_at: Option<Timestamp>,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
    /// When it was withdrawn.
    pub revoked_at: Option<Timestamp>,
    /// Who made it, as `type:id`.
    pub created_by: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Raised by every change but its use.
    pub version: i64,
}

impl ApiKey {
    /// Whether it opens anything at `now`, if its account is active.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| end > now)
    }
}
