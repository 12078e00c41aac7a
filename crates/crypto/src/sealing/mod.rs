//! Sealing: values that only the holder of a key can read or change.
//!
//! One [`MasterKey`] (a file or the environment) seals the [`DataKey`]s of organizations and
//! persons; a data key seals the values that belong to its owner. Destroying a data key makes
//! everything under it unreadable, in backups too: that is how erasure works.
//!
//! # Envelope
//!
//! `version (1) ‖ key id (16) ‖ nonce (24) ‖ ciphertext ‖ tag (16)`
//!
//! The cipher is XAES-256-GCM (C2SP specification): a key for this message is derived from the
//! sealing key and the first half of the nonce, and AES-256-GCM runs with the second half.
//! Plain AES-GCM with random 96-bit nonces must stop after 2^32 messages per key, and an
//! organization's audit trail can get there; with 192 random bits the bound is 2^80.
//!
//! The tag also covers the version, the key id and the [`SealContext`] (table, column and row),
//! so that a sealed value copied into another row does not open there.

mod cipher;
mod context;
mod data_key;
mod envelope;
mod mac;
mod master_key;

pub(crate) use cipher::{Cipher, NONCE_LENGTH};
pub use context::SealContext;
pub use data_key::DataKey;
pub(crate) use envelope::random_secret;
pub use envelope::{SealError, key_id_of};
pub use mac::MacKey;
pub use master_key::MasterKey;

use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use secrecy::{ExposeSecret, SecretBox};

/// 32 secret bytes, on the heap, wiped when dropped.
pub(crate) type SecretBytes = SecretBox<[u8; 32]>;

/// HKDF-SHA256 (RFC 5869) without salt: 32 bytes for the use that `info` names.
///
/// The input is always a uniformly random key, for which a salt adds nothing.
pub(crate) fn derive(secret: &SecretBytes, info: &[&[u8]]) -> Result<SecretBytes, SealError> {
    hkdf(&[], secret.expose_secret(), info)
}

fn hkdf(salt: &[u8], secret: &[u8], info: &[&[u8]]) -> Result<SecretBytes, SealError> {
    let pseudorandom = Salt::new(HKDF_SHA256, salt).extract(secret);
    let output = pseudorandom.expand(info, HKDF_SHA256)?;
    let mut filled = Ok(());
    let derived = SecretBox::init_with_mut(|bytes: &mut [u8; 32]| filled = output.fill(bytes));
    filled?;
    Ok(derived)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
    }

    /// RFC 5869, appendix A.1 and A.3 (the first 32 bytes; expansion is a stream).
    #[test]
    fn hkdf_known_answers() {
        let salt: Vec<u8> = (0..=0x0c).collect();
        let info: Vec<u8> = (0xf0..=0xf9).collect();
        let derived = hkdf(&salt, &[0x0b; 22], &[&info]).unwrap();
        let expected = hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
        assert_eq!(derived.expose_secret()[..], expected);

        let derived = hkdf(&[], &[0x0b; 22], &[]).unwrap();
        let expected = hex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
        assert_eq!(derived.expose_secret()[..], expected);
    }
}
