//! Data keys: one per organization and per person.

use super::{
    MacKey, SealContext, SealError, SecretBytes,
    envelope::{SealingKey, random_secret},
};
use keystead_domain::{KeyId, Random};
use std::fmt;
use zeroize::Zeroizing;

/// The key that seals the values of one organization or one person.
///
/// It leaves memory only sealed: see [`MasterKey::seal_key`](super::MasterKey::seal_key).
pub struct DataKey(SealingKey);

impl DataKey {
    /// A new random key that will be known as `id`.
    ///
    /// # Errors
    /// [`SealError::Library`] when the cryptographic library fails.
    pub fn generate(id: KeyId, random: &dyn Random) -> Result<Self, SealError> {
        Self::from_secret(id, random_secret(random))
    }

    pub(super) fn from_secret(id: KeyId, secret: SecretBytes) -> Result<Self, SealError> {
        SealingKey::new(id, secret).map(Self)
    }

    pub(super) const fn secret(&self) -> &SecretBytes {
        &self.0.secret
    }

    /// The id that every envelope under this key carries.
    #[must_use]
    pub const fn id(&self) -> KeyId {
        self.0.id
    }

    /// Seals `plaintext` for `context`. Sealing the same value twice gives different bytes.
    ///
    /// # Errors
    /// [`SealError::Library`] when the cryptographic library fails.
    pub fn seal(&self, context: &SealContext<'_>, plaintext: &[u8], random: &dyn Random) -> Result<Vec<u8>, SealError> {
        self.0.seal(context, plaintext, random)
    }

    /// Opens what [`Self::seal`] made for the same `context`.
    ///
    /// # Errors
    /// [`SealError::Malformed`], [`SealError::OtherKey`] or [`SealError::Rejected`].
    pub fn open(&self, context: &SealContext<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        self.0.open(context, sealed)
    }

    /// The key for authenticating and for searchable hashes of the use that `label` names.
    ///
    /// # Errors
    /// [`SealError::Library`] when the cryptographic library fails.
    pub fn mac_key(&self, label: &str) -> Result<MacKey, SealError> {
        self.0.mac_key(label)
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DataKey({}, [redacted])", self.0.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sealing::key_id_of;
    use keystead_domain::{SeededRandom, SystemRandom};
    use proptest::prelude::*;
    use uuid::Uuid;

    fn key(id: u128) -> DataKey {
        DataKey::generate(KeyId::from_uuid(Uuid::from_u128(id)), &SystemRandom).unwrap()
    }

    fn context() -> SealContext<'static> {
        SealContext::new("users", "email", Uuid::from_u128(7))
    }

    #[test]
    fn a_sealed_value_opens_and_names_its_key() {
        let key = key(1);
        let sealed = key.seal(&context(), b"ada@example.org", &SystemRandom).unwrap();
        assert_eq!(key_id_of(&sealed), Some(key.id()));
        assert_eq!(*key.open(&context(), &sealed).unwrap(), b"ada@example.org");
        assert!(!sealed.windows(3).any(|window| window == b"ada"));
    }

    #[test]
    fn the_same_value_is_sealed_differently_each_time() {
        let key = key(1);
        let seal = || key.seal(&context(), b"same", &SystemRandom).unwrap();
        assert_ne!(seal(), seal());
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let key = key(1);
        let sealed = key.seal(&context(), b"secret", &SystemRandom).unwrap();
        for index in 0..sealed.len() {
            for mask in [0x01, 0x80, 0xff] {
                let mut changed = sealed.clone();
                changed[index] ^= mask;
                assert!(key.open(&context(), &changed).is_err(), "byte {index}");
            }
        }
        for length in 0..sealed.len() {
            assert!(key.open(&context(), &sealed[..length]).is_err(), "length {length}");
        }
        let longer = [&sealed[..], &[0]].concat();
        assert_eq!(key.open(&context(), &longer).unwrap_err(), SealError::Rejected);
    }

    #[test]
    fn another_place_or_another_key_is_refused() {
        let key = key(1);
        let sealed = key.seal(&context(), b"secret", &SystemRandom).unwrap();
        for other in [
            SealContext { table: "user", column: "semail", ..context() },
            SealContext { column: "username", ..context() },
            SealContext { row: Uuid::from_u128(8), ..context() },
        ] {
            assert_eq!(key.open(&other, &sealed).unwrap_err(), SealError::Rejected);
        }
        let other = self::key(2);
        assert_eq!(other.open(&context(), &sealed).unwrap_err(), SealError::OtherKey(key.id()));
        let same_name = self::key(1);
        assert_eq!(same_name.open(&context(), &sealed).unwrap_err(), SealError::Rejected);
    }

    #[test]
    fn debug_shows_no_secret() {
        let key = DataKey::generate(KeyId::from_uuid(Uuid::nil()), &SeededRandom::new(1)).unwrap();
        assert_eq!(format!("{key:?}"), "DataKey(00000000-0000-0000-0000-000000000000, [redacted])");
    }

    proptest! {
        #[test]
        fn any_value_in_any_place_survives(
            plaintext: Vec<u8>, table: String, column: String, row: u128, seed: u64,
        ) {
            let key = key(3);
            let context = SealContext::new(&table, &column, Uuid::from_u128(row));
            let sealed = key.seal(&context, &plaintext, &SeededRandom::new(seed)).unwrap();
            prop_assert_eq!(&*key.open(&context, &sealed).unwrap(), &plaintext);
        }

        #[test]
        fn arbitrary_bytes_never_open(bytes: Vec<u8>) {
            prop_assert!(key(3).open(&context(), &bytes).is_err());
        }
    }
}
