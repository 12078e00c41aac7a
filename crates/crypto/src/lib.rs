//! Password hashing, sealing, token formats and signing.
//!
//! This floor does no I/O and reads no clock. Randomness comes in as
//! [`keystead_domain::Random`]; the two exceptions, both inside AWS-LC, are the generation of
//! signing key pairs and the nonce of an ECDSA signature.
//!
//! - [`passwords`]: Argon2id and bcrypt, and the bounded pool that runs them.
//! - [`sealing`]: the master key, data keys, sealed values and keyed hashes.
//! - [`tokens`]: refresh tokens, one-time tokens and cursors.
//! - [`signing`]: access tokens (JWT, RFC 9068), their keys and the key set.

mod errors;
pub mod passwords;
pub mod sealing;
pub mod signing;
pub mod tokens;
