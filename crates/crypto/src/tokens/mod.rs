//! The tokens that people and programs hold, other than access tokens.
//!
//! - [`RefreshToken`]: says which session and generation it is, and proves that the server made it.
//! - [`ApiKeyToken`]: what a program calls with.
//! - [`OpaqueToken`]: random and nothing else, for invitations and other single uses.
//! - [`Cursor`]: the place in a list, bound to the caller and the filter.
//!
//! Stores keep hashes only. The secrets have 256 random bits, so a plain SHA-256 is enough:
//! there is nothing to guess.

mod api_key;
mod cursor;
#[cfg(test)]
mod fixtures;
mod opaque;
mod refresh;
mod successor;

pub use api_key::ApiKeyToken;
pub use cursor::{Cursor, MAX_CURSOR_PAYLOAD};
pub use opaque::OpaqueToken;
pub use refresh::RefreshToken;

use crate::sealing::{SealError, SecretBytes};
use aws_lc_rs::digest::{SHA256, digest};
use secrecy::ExposeSecret;

/// Why a token was not accepted or could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It is not a token that this server made for this use. There is no more detail on
    /// purpose: nobody honest needs it.
    #[error("not a token of this server")]
    Invalid,
    /// The family has used up its generations; the person signs in again.
    #[error("the session has used up its refresh tokens")]
    Exhausted,
    /// The payload is longer than a cursor may be.
    #[error("the cursor's payload is too long")]
    TooLong,
    /// The cryptographic library failed.
    #[error("the cryptographic library failed")]
    Library,
}

impl From<SealError> for TokenError {
    fn from(error: SealError) -> Self {
        match error {
            SealError::Library => Self::Library,
            _ => Self::Invalid,
        }
    }
}

fn hash_secret(secret: &SecretBytes) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, secret.expose_secret()).as_ref());
    hash
}
