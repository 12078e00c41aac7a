//! Service accounts and their keys. Class T: every method names the organization.

use async_trait::async_trait;
use keystead_domain::{
    ApiKeyId, OrganizationId, Page, PageRequest, Result, ServiceAccountId, Timestamp,
    access::AccessVersions,
    accounts::{ApiKey, ServiceAccount},
};

/// Service accounts.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait ServiceAccountRepository: Send + Sync {
    /// Adds several in one batch, all or none.
    ///
    /// # Errors
    /// `Conflict` with code `service_account_name_taken`.
    async fn insert(&self, organization: OrganizationId, new: &[ServiceAccount]) -> Result<()>;
    /// One of them.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find(&self, organization: OrganizationId, id: ServiceAccountId) -> Result<Option<ServiceAccount>>;
    /// The one with this name.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find_by_name(&self, organization: OrganizationId, name: &str) -> Result<Option<ServiceAccount>>;
    /// They, in order of their identifiers.
    ///
    /// # Errors
    /// `Invalid` for a page key that is none.
    async fn list(&self, organization: OrganizationId, page: &PageRequest) -> Result<Page<ServiceAccount>>;
    /// Writes one if its version is unchanged, and raises the version.
    ///
    /// # Errors
    /// `PreconditionFailed` when it has changed or is not there; `Conflict` as for `insert`.
    async fn update(&self, organization: OrganizationId, changed: &ServiceAccount) -> Result<ServiceAccount>;
    /// Removes one, if its version is `version`, with its keys.
    ///
    /// # Errors
    /// `PreconditionFailed` when it has changed or is not there.
    async fn delete(&self, organization: OrganizationId, id: ServiceAccountId, version: i64) -> Result<()>;
}

/// Keys of service accounts. Their hashes go in and never come out.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait ApiKeyRepository: Send + Sync {
    /// Adds one; `key_hash` is the SHA-256 of the whole key.
    ///
    /// # Errors
    /// `Conflict` with code `api_key_prefix_taken`; `NotFound` when the service account is not there.
    async fn insert(&self, organization: OrganizationId, new: &ApiKey, key_hash: &[u8]) -> Result<()>;
    /// One of them.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find(&self, organization: OrganizationId, id: ApiKeyId) -> Result<Option<ApiKey>>;
    /// The organization's key with this prefix.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find_by_prefix(&self, organization: OrganizationId, prefix: &str) -> Result<Option<ApiKey>>;
    /// Those of an account, in order of their identifiers.
    ///
    /// # Errors
    /// `Invalid` for a page key that is none.
    async fn list(
        &self,
        organization: OrganizationId,
        account: ServiceAccountId,
        page: &PageRequest,
    ) -> Result<Page<ApiKey>>;
    /// Writes scopes, end and withdrawal of one if its version is unchanged, and raises the version.
    ///
    /// # Errors
    /// `PreconditionFailed` when it has changed or is not there.
    async fn update(&self, organization: OrganizationId, changed: &ApiKey) -> Result<ApiKey>;
    /// Withdraws every live key of an account. Returns how many there were.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn revoke_all(&self, organization: OrganizationId, account: ServiceAccountId, now: Timestamp) -> Result<u64>;
    /// Removes one, if its version is `version`.
    ///
    /// # Errors
    /// `PreconditionFailed` when it has changed or is not there.
    async fn delete(&self, organization: OrganizationId, id: ApiKeyId, version: i64) -> Result<()>;
}

/// What a key opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKeyRecord {
    /// The key.
    pub id: ApiKeyId,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// The service account.
    pub service_account_id: ServiceAccountId,
    /// The service account's name.
    pub name: String,
    /// What it may be used for: names of permissions.
    pub scopes: Vec<String>,
    /// It opens nothing from then on.
    pub expires_at: Option<Timestamp>,
    /// When its use was last written down.
    pub last_used_at: Option<Timestamp>,
    /// The access versions of that moment.
    pub versions: AccessVersions,
}

/// That a key was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApiKeyUse {
    /// The key.
    pub id: ApiKeyId,
    /// When.
    pub at: Timestamp,
}
