//! The master key: the one secret that a deployment must keep apart from its database.

use super::{
    DataKey, MacKey, SealContext, SealError, SecretBytes, derive,
    envelope::{SealingKey, random_secret},
};
use base64::{
    Engine,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use keystead_domain::{KeyId, Random};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use std::fmt;
use uuid::Uuid;
use zeroize::Zeroizing;

const CONFIG: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);

/// Seals data keys and the private halves of signing keys.
pub struct MasterKey(SealingKey);

impl MasterKey {
    /// A new random master key.
    ///
    /// # Errors
    /// [`SealError::Library`] when the cryptographic library fails.
    pub fn generate(random: &dyn Random) -> Result<Self, SealError> {
        Self::from_secret(random_secret(random))
    }

    /// Reads a key from a file's or a variable's text: 32 bytes as base64 (either alphabet, with
    /// or without padding) or as hexadecimal. Spaces and line ends around it are ignored.
    ///
    /// # Errors
    /// [`SealError::BadKey`] for anything else, and for 32 times the same byte, which is a
    /// placeholder and not a key.
    pub fn parse(text: &str) -> Result<Self, SealError> {
        let secret = decode(text.trim()).ok_or(SealError::BadKey)?;
        let bytes = secret.expose_secret();
        if bytes.iter().all(|byte| *byte == bytes[0]) {
            return Err(SealError::BadKey);
        }
        Self::from_secret(secret)
    }

    /// The id follows from the secret, so that a sealed value tells which master key it needs.
    fn from_secret(secret: SecretBytes) -> Result<Self, SealError> {
        let name = derive(&secret, &[b"keystead v1 master key id"])?;
        let mut id = [0; 16];
        id.copy_from_slice(&name.expose_secret()[..16]);
        let id = KeyId::from_uuid(uuid::Builder::from_custom_bytes(id).into_uuid());
        SealingKey::new(id, secret).map(Self)
    }

    /// The key as base64, to be written to its file. [`Self::parse`] reads it back.
    #[must_use]
    pub fn encode(&self) -> SecretString {
        let engine = GeneralPurpose::new(&STANDARD, CONFIG);
        SecretString::from(engine.encode(self.0.secret.expose_secret()))
    }

    /// A name for this key that says nothing about its secret.
    #[must_use]
    pub const fn id(&self) -> KeyId {
        self.0.id
    }

    /// Seals `plaintext`, such as the private half of a signing key, for `context`.
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

    /// Seals a data key. `owner` is the organization or person that the key belongs to: a sealed
    /// key moved to another owner's row does not open there.
    ///
    /// # Errors
    /// [`SealError::Library`] when the cryptographic library fails.
    pub fn seal_key(&self, key: &DataKey, owner: Uuid, random: &dyn Random) -> Result<Vec<u8>, SealError> {
        let place = key_place(key.id());
        self.seal(&SealContext::new("encryption_keys", &place, owner), key.secret().expose_secret(), random)
    }

    /// Opens what [`Self::seal_key`] made for the key `id` of the same `owner`.
    ///
    /// # Errors
    /// [`SealError::Malformed`], [`SealError::OtherKey`] or [`SealError::Rejected`].
    pub fn unseal_key(&self, id: KeyId, owner: Uuid, sealed: &[u8]) -> Result<DataKey, SealError> {
        let place = key_place(id);
        let opened = self.open(&SealContext::new("encryption_keys", &place, owner), sealed)?;
        DataKey::from_secret(id, boxed(&opened).ok_or(SealError::Malformed)?)
    }

    /// The key for authenticating and for searchable hashes of the use that `label` names.
    ///
    /// What it makes does not survive a change of the master key: lasting hashes belong under a
    /// [`DataKey`].
    ///
    /// # Errors
    /// [`SealError::Library`] when the cryptographic library fails.
    pub fn mac_key(&self, label: &str) -> Result<MacKey, SealError> {
        self.0.mac_key(label)
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({}, [redacted])", self.0.id)
    }
}

/// The "column" of a sealed data key: it names the key, the row names the owner.
fn key_place(id: KeyId) -> String {
    format!("sealed_key {id}")
}

fn decode(text: &str) -> Option<SecretBytes> {
    if text.len() == 64 {
        let mut bytes = Zeroizing::new([0; 32]);
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let digit = |index: usize| char::from(pair[index]).to_digit(16);
            *byte = u8::try_from(digit(0)? << 4 | digit(1)?).ok()?;
        }
        return boxed(bytes.as_ref());
    }
    let alphabet = if text.contains(['-', '_']) { URL_SAFE } else { STANDARD };
    let bytes = GeneralPurpose::new(&alphabet, CONFIG).decode(text).ok().map(Zeroizing::new)?;
    boxed(&bytes)
}

fn boxed(bytes: &[u8]) -> Option<SecretBytes> {
    let bytes: &[u8; 32] = bytes.try_into().ok()?;
    Some(SecretBox::init_with_mut(|secret: &mut [u8; 32]| secret.copy_from_slice(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sealing::key_id_of;
    use keystead_domain::{SeededRandom, SystemRandom};

    const HEX: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    fn data_key() -> DataKey {
        DataKey::generate(KeyId::from_uuid(Uuid::from_u128(5)), &SystemRandom).unwrap()
    }

    #[test]
    fn every_spelling_of_a_key_is_the_same_key() {
        let key = MasterKey::parse(HEX).unwrap();
        for text in [
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
            " 000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F\r\n",
            key.encode().expose_secret(),
        ] {
            assert_eq!(MasterKey::parse(text).unwrap().id(), key.id(), "{text}");
        }
        let dashed = MasterKey::parse("-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_8").unwrap();
        let plain = MasterKey::parse("+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/8=").unwrap();
        assert_eq!(dashed.id(), plain.id());
    }

    #[test]
    fn what_is_not_a_key_is_refused() {
        let zeros = "00".repeat(32);
        for text in ["", "secret", &HEX[..62], &HEX.replace('1', "g"), &zeros, "AAEC", &"ä".repeat(32)] {
            assert_eq!(MasterKey::parse(text).unwrap_err(), SealError::BadKey, "{text}");
        }
    }

    #[test]
    fn a_data_key_opens_only_as_itself_for_its_owner() {
        let master = MasterKey::generate(&SystemRandom).unwrap();
        let (key, owner) = (data_key(), Uuid::from_u128(9));
        let context = SealContext::new("users", "email", owner);
        let value = key.seal(&context, b"value", &SystemRandom).unwrap();

        let sealed = master.seal_key(&key, owner, &SystemRandom).unwrap();
        assert_eq!(key_id_of(&sealed), Some(master.id()));
        let opened = master.unseal_key(key.id(), owner, &sealed).unwrap();
        assert_eq!(*opened.open(&context, &value).unwrap(), b"value");

        let other_id = KeyId::from_uuid(Uuid::from_u128(6));
        assert_eq!(master.unseal_key(other_id, owner, &sealed).unwrap_err(), SealError::Rejected);
        let other_owner = Uuid::from_u128(10);
        assert_eq!(master.unseal_key(key.id(), other_owner, &sealed).unwrap_err(), SealError::Rejected);
        let other = MasterKey::generate(&SystemRandom).unwrap();
        assert_eq!(other.unseal_key(key.id(), owner, &sealed).unwrap_err(), SealError::OtherKey(master.id()));
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert!(master.unseal_key(key.id(), owner, &changed).is_err(), "byte {index}");
        }
    }

    #[test]
    fn generated_keys_differ_and_survive_their_text() {
        let first = MasterKey::generate(&SystemRandom).unwrap();
        let second = MasterKey::generate(&SystemRandom).unwrap();
        assert_ne!(first.id(), second.id());
        let again = MasterKey::parse(first.encode().expose_secret()).unwrap();
        let context = SealContext::new("signing_keys", "private_key", Uuid::nil());
        let sealed = first.seal(&context, b"private", &SystemRandom).unwrap();
        assert_eq!(*again.open(&context, &sealed).unwrap(), b"private");
    }

    #[test]
    fn debug_shows_no_secret() {
        let key = MasterKey::generate(&SeededRandom::new(3)).unwrap();
        let shown = format!("{key:?}");
        assert!(shown.ends_with(", [redacted])"), "{shown}");
        assert!(!shown.contains(key.encode().expose_secret()));
    }
}
