//! Access tokens: JWT in the profile of RFC 9068, their keys, and the key set that clients read.
//!
//! The compact form (RFC 7515, section 7.1) is written here directly over AWS-LC, with keys that
//! were parsed once. The `jsonwebtoken` crate parses the private key again for every signature:
//! measured, EdDSA takes half as long again and RS256 seven times as long. It serves in the
//! tests as the other implementation, which must agree.

mod algorithm;
mod claims;
mod jwk;
mod key;
mod verifier;

pub use algorithm::Algorithm;
pub use claims::Claims;
pub use jwk::{Jwk, JwkSet};
pub use key::SigningKey;
pub use verifier::{MAX_TOKEN_LENGTH, SKEW_SECONDS, Verifier, VerifyError};

/// The media type of an access token in its header (RFC 9068, section 2.1).
const TOKEN_TYPE: &str = "at+jwt";

/// Why a key could not be made, read or used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The bytes or members are not a key of the algorithm.
    #[error("not a key of this algorithm")]
    Malformed,
    /// The name is not of a supported algorithm.
    #[error("the signing algorithm is EdDSA, ES256 or RS256")]
    UnknownAlgorithm,
    /// The members of a public key do not belong together: `kid` is not its thumbprint, or `alg`
    /// or `use` are for another kind of key.
    #[error("the members of the key do not belong together")]
    Inconsistent,
    /// The cryptographic library failed.
    #[error("the cryptographic library failed")]
    Library,
}

impl From<aws_lc_rs::error::Unspecified> for KeyError {
    fn from(_: aws_lc_rs::error::Unspecified) -> Self {
        Self::Library
    }
}

impl From<aws_lc_rs::error::KeyRejected> for KeyError {
    fn from(_: aws_lc_rs::error::KeyRejected) -> Self {
        Self::Malformed
    }
}
