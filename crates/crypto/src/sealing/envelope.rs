//! The envelope: what a sealed value looks like in a column.

use super::{
    Cipher, MacKey, SealContext, SecretBytes,
    cipher::{NONCE_LENGTH, TAG_LENGTH},
    derive,
};
use aws_lc_rs::error::Unspecified;
use keystead_domain::{KeyId, Random};
use secrecy::SecretBox;
use uuid::Uuid;
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const HEADER_LENGTH: usize = 1 + 16;
const PREFIX_LENGTH: usize = HEADER_LENGTH + NONCE_LENGTH;

/// Why a value could not be sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The text is not a key: 32 random bytes as base64 or hexadecimal.
    #[error("a master key is 32 random bytes, written as base64 or as hexadecimal")]
    BadKey,
    /// The bytes are not an envelope of a known version.
    #[error("the sealed value is cut short or of an unknown version")]
    Malformed,
    /// The value was sealed under another key.
    #[error("the value is sealed under the key {0}")]
    OtherKey(KeyId),
    /// The value was changed, or belongs to another place.
    #[error("the sealed value was changed or belongs to another row")]
    Rejected,
    /// The cryptographic library failed.
    #[error("the cryptographic library failed")]
    Library,
}

impl From<Unspecified> for SealError {
    fn from(_: Unspecified) -> Self {
        Self::Library
    }
}

/// The id of the key that `sealed` needs, or `None` when it is no envelope.
#[must_use]
pub fn key_id_of(sealed: &[u8]) -> Option<KeyId> {
    if sealed.len() < PREFIX_LENGTH + TAG_LENGTH || sealed[0] != VERSION {
        return None;
    }
    Uuid::from_slice(&sealed[1..HEADER_LENGTH]).ok().map(KeyId::from_uuid)
}

/// What master and data keys have in common: a secret, its id, and what follows from them.
pub(super) struct SealingKey {
    pub(super) id: KeyId,
    pub(super) secret: SecretBytes,
    cipher: Cipher,
}

impl SealingKey {
    /// The secret itself encrypts nothing: each use gets a key of its own derived from it.
    pub(super) fn new(id: KeyId, secret: SecretBytes) -> Result<Self, SealError> {
        let cipher = Cipher::new(&derive(&secret, &[b"keystead v1 seal"])?)?;
        Ok(Self { id, secret, cipher })
    }

    pub(super) fn seal(
        &self,
        context: &SealContext<'_>,
        plaintext: &[u8],
        random: &dyn Random,
    ) -> Result<Vec<u8>, SealError> {
        let mut nonce = [0; NONCE_LENGTH];
        random.fill(&mut nonce);
        let mut sealed = Vec::with_capacity(PREFIX_LENGTH + plaintext.len() + TAG_LENGTH);
        sealed.push(VERSION);
        sealed.extend_from_slice(self.id.as_uuid().as_bytes());
        let covered = context.covered(&sealed);
        sealed.extend_from_slice(&nonce);
        self.cipher.seal(&nonce, &covered, plaintext, &mut sealed)?;
        Ok(sealed)
    }

    pub(super) fn open(&self, context: &SealContext<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let id = key_id_of(sealed).ok_or(SealError::Malformed)?;
        if id != self.id {
            return Err(SealError::OtherKey(id));
        }
        let (prefix, ciphertext) = sealed.split_at(PREFIX_LENGTH);
        let (header, nonce) = prefix.split_at(HEADER_LENGTH);
        let nonce = nonce.try_into().map_err(|_| SealError::Malformed)?;
        self.cipher.open(nonce, &context.covered(header), ciphertext)
    }

    pub(super) fn mac_key(&self, label: &str) -> Result<MacKey, SealError> {
        MacKey::derive(&self.secret, label)
    }
}

/// 32 fresh random bytes.
pub(crate) fn random_secret(random: &dyn Random) -> SecretBytes {
    SecretBox::init_with_mut(|bytes: &mut [u8; 32]| random.fill(bytes))
}
