//! Service accounts and their keys as the API shows them.

use keystead_domain::{ApiKeyId, OrganizationId, ServiceAccountId, Timestamp, accounts};
use keystead_service::service_accounts::keys::CreatedKey;
use secrecy::ExposeSecret;
use serde::Serialize;
use utoipa::ToSchema;

/// A program that calls on behalf of the organization.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ServiceAccount {
    /// Its identifier.
    #[schema(value_type = Uuid)]
    pub(crate) id: ServiceAccountId,
    /// Whose it is.
    #[schema(value_type = Uuid)]
    organization_id: OrganizationId,
    /// Its name, unique in the organization.
    name: String,
    /// What it is for.
    description: Option<String>,
    /// Whether its keys open anything.
    is_active: bool,
    /// Who made it, as `user:…`, `service_account:…` or `operator`.
    created_by: Option<String>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// Raised by every change; the `ETag`.
    pub(crate) version: i64,
}

impl From<accounts::ServiceAccount> for ServiceAccount {
    fn from(account: accounts::ServiceAccount) -> Self {
        Self {
            id: account.id,
            organization_id: account.organization_id,
            name: account.name,
            description: account.description,
            is_active: account.is_active,
            created_by: account.created_by,
            created_at: account.created_at,
            updated_at: account.updated_at,
            version: account.version,
        }
    }
}

/// A key of a service account, without what it opens with.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApiKey {
    /// Its identifier.
    #[schema(value_type = Uuid)]
    pub(crate) id: ApiKeyId,
    /// The service account.
    #[schema(value_type = Uuid)]
    pub(crate) service_account_id: ServiceAccountId,
    /// The beginning of the key, by which it is recognised.
    prefix: String,
    /// What it permits: names of permissions.
    scopes: Vec<String>,
    /// The key that it took the place of.
    #[schema(value_type = Option<Uuid>)]
    replaces_id: Option<ApiKeyId>,
    /// It opens nothing from then on.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
    /// When it was withdrawn.
    #[schema(value_type = Option<String>, format = DateTime)]
    revoked_at: Option<Timestamp>,
    /// Who made it, as `user:…`, `service_account:…` or `operator`.
    created_by: Option<String>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl From<accounts::ApiKey> for ApiKey {
    fn from(key: accounts::ApiKey) -> Self {
        Self {
            id: key.id,
            service_account_id: key.service_account_id,
            prefix: key.prefix,
            scopes: key.scopes,
            replaces_id: key.replaces_id,
            expires_at: key.expires_at,
            last_used_at: key.last_used_at,
            revoked_at: key.revoked_at,
            created_by: key.created_by,
            created_at: key.created_at,
            updated_at: key.updated_at,
        }
    }
}

/// A new key.
#[derive(Serialize, ToSchema)]
pub(crate) struct CreatedApiKey {
    #[serde(flatten)]
    pub(crate) api_key: ApiKey,
    /// The key itself, for `Authorization: Bearer`. It is shown here and never again.
    #[schema(pattern = "^ks_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$")]
    key: String,
}

impl From<CreatedKey> for CreatedApiKey {
    fn from(made: CreatedKey) -> Self {
        Self { api_key: made.key.into(), key: made.token.expose_secret().to_owned() }
    }
}

/// Where a key is found.
pub(crate) fn key_path(key: &ApiKey) -> String {
    format!("/api/v1/service-accounts/{}/keys/{}", key.service_account_id, key.id)
}
