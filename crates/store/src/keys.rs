//! Signing keys and data keys, sealed by the master key.

use async_trait::async_trait;
use keystead_domain::{
    KeyId, OrganizationId, Result, Timestamp,
    keys::{EncryptionKey, SigningKey},
};

/// Keys.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait KeyRepository: Send + Sync {
    /// Adds a signing key (platform transactions only).
    ///
    /// # Errors
    /// Only when the store fails.
    async fn insert_signing_key(&self, key: &SigningKey) -> Result<()>;
    /// The signing keys that have not expired at `now`, oldest first.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn signing_keys(&self, now: Timestamp) -> Result<Vec<SigningKey>>;
    /// Takes a lock until the transaction ends, so that two nodes do not rotate at once.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn lock_signing_keys(&self) -> Result<()>;

    /// A data key by its identifier, whatever the transaction's scope: it is sealed, and events of an organization name the keys of persons.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn encryption_key(&self, id: KeyId) -> Result<Option<EncryptionKey>>;
    /// Several data keys at once; unknown ones are missing.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn encryption_keys(&self, ids: &[KeyId]) -> Result<Vec<EncryptionKey>>;
    /// The key of `candidate`'s organization, person and purpose: the one that is there, else `candidate`, which is then added.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn ensure_encryption_key(
        &self,
        organization: OrganizationId,
        candidate: &EncryptionKey,
    ) -> Result<EncryptionKey>;
}
