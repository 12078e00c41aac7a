//! HMAC-SHA256 (RFC 2104): what the server made itself, and hashes that can be searched.

use super::{SealError, SecretBytes, derive};
use aws_lc_rs::{constant_time::verify_slices_are_equal, hmac};
use secrecy::ExposeSecret;
use std::fmt;

/// A key for HMAC-SHA256, with its key schedule computed once.
///
/// From [`MasterKey::mac_key`](super::MasterKey::mac_key) or
/// [`DataKey::mac_key`](super::DataKey::mac_key).
#[derive(Clone)]
pub struct MacKey(hmac::Key);

impl MacKey {
    pub(super) fn derive(secret: &SecretBytes, label: &str) -> Result<Self, SealError> {
        let key = derive(secret, &[b"keystead v1 mac ", label.as_bytes()])?;
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, key.expose_secret())))
    }

    /// A hash of `data` that can be compared and searched, but neither read nor guessed without
    /// the key: for addresses, networks and login names. `label` keeps the hashes of two columns
    /// apart, so that the same value in both cannot be recognised.
    #[must_use]
    pub fn keyed_hash(&self, label: &str, data: &[u8]) -> [u8; 32] {
        self.tag(&[&(label.len() as u64).to_be_bytes(), label.as_bytes(), data])
    }

    /// HMAC over the parts, one after the other: the caller makes them unambiguous.
    pub(crate) fn tag(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.0);
        for part in parts {
            context.update(part);
        }
        let mut tag = [0; 32];
        tag.copy_from_slice(context.sign().as_ref());
        tag
    }

    /// Whether `tag` is the beginning of the parts' HMAC; in constant time.
    pub(crate) fn check<const N: usize>(&self, parts: &[&[u8]], tag: &[u8; N]) -> bool {
        let expected = self.tag(parts);
        N <= expected.len() && verify_slices_are_equal(&expected[..N], tag).is_ok()
    }
}

impl fmt::Debug for MacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MacKey([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sealing::DataKey;
    use keystead_domain::{KeyId, SeededRandom};
    use uuid::Uuid;

    fn tag_hex(key: &[u8], data: &[u8]) -> String {
        let key = MacKey(hmac::Key::new(hmac::HMAC_SHA256, key));
        key.tag(&[data]).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// RFC 4231, test cases 1, 2 and 6.
    #[test]
    fn known_answers() {
        assert_eq!(
            tag_hex(&[0x0b; 20], b"Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        );
        assert_eq!(
            tag_hex(b"Jefe", b"what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(
            tag_hex(&[0xaa; 131], b"Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }

    #[test]
    fn hashes_depend_on_key_use_and_label() {
        let data_key = |seed| DataKey::generate(KeyId::from_uuid(Uuid::nil()), &SeededRandom::new(seed)).unwrap();
        let key = data_key(1).mac_key("search").unwrap();
        let hash = key.keyed_hash("email", b"ada@example.org");
        assert_eq!(hash, key.keyed_hash("email", b"ada@example.org"));
        assert_ne!(hash, key.keyed_hash("emaila", b"da@example.org"));
        assert_ne!(hash, data_key(1).mac_key("other").unwrap().keyed_hash("email", b"ada@example.org"));
        assert_ne!(hash, data_key(2).mac_key("search").unwrap().keyed_hash("email", b"ada@example.org"));
    }

    #[test]
    fn a_shortened_tag_is_checked_in_full() {
        let key = MacKey(hmac::Key::new(hmac::HMAC_SHA256, b"key"));
        let mut tag = [0; 16];
        tag.copy_from_slice(&key.tag(&[b"data"])[..16]);
        assert!(key.check(&[b"da", b"ta"], &tag));
        tag[15] ^= 1;
        assert!(!key.check(&[b"data"], &tag));
    }
}
