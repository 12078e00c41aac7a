//! Signing keys and data keys, sealed by the master key.

use crate::{KeyId, OrganizationId, Timestamp, UserId};

/// A key that signs access tokens. Its private half is sealed by the master key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningKey {
    /// Its identifier.
    pub id: KeyId,
    /// `kid` in tokens and in the key set.
    pub kid: String,
    /// `EdDSA`, `ES256` or `RS256` (RFC 7518, section 3.1; RFC 8037).
    pub algorithm: String,
    /// The public half as a JSON Web Key (RFC 7517).
    pub public_jwk: String,
    /// The private half (PKCS#8), sealed.
    pub private_sealed: Vec<u8>,
    /// It signs from then on; it is published before, so that every node and client knows it in time.
    pub active_from: Timestamp,
    /// It no longer signs from then on.
    pub retires_at: Timestamp,
    /// It is no longer published from then on: the last token it signed has expired.
    pub expires_at: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A key that seals an organization's or a person's values. It is sealed by the master key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncryptionKey {
    /// Its identifier, named in every envelope.
    pub id: KeyId,
    /// Whose organization; the platform for persons' keys.
    pub organization_id: OrganizationId,
    /// The person, when it is a person's key.
    pub user_id: Option<UserId>,
    /// What it serves: `data` or `token`.
    pub purpose: String,
    /// The key, sealed; none once it was destroyed.
    pub key_sealed: Option<Vec<u8>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was destroyed, so that what it sealed can never be read again.
    pub destroyed_at: Option<Timestamp>,
}
