//! Keys that programs call with.

use super::TokenError;
use aws_lc_rs::digest::{SHA256, digest};
use keystead_domain::Random;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use zeroize::Zeroizing;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// The largest multiple of 62 in a byte: bytes from there on would make the first letters more likely.
const FAIR: u8 = 248;
const NAME: usize = 12;
const SECRET: usize = 43;
const CHECKSUM: usize = 6;

/// A key of a service account: `ks_`, 12 letters or digits, `_`, 43 letters or digits, 6 more as checksum.
///
/// - The beginning, up to the second `_`, is no secret: the store finds the key by it, and people recognise it.
/// - The 43 are the secret: 256 random bits.
/// - The checksum is the CRC-32 (ISO-HDLC) of everything before it, in base 62 with the digits `0-9A-Za-z`, the highest first. A
///   typo and a text that only looks like a key are told apart from a real one without asking anyone, by the server as by
///   whoever scans a repository for leaked keys.
///
/// Nothing in it needs quoting, and a double click selects all of it.
pub struct ApiKeyToken(SecretString);

impl ApiKeyToken {
    /// What every key begins with. No access token does: it begins with `ey`.
    pub const PREFIX: &'static str = "ks_";
    /// How many characters a key has.
    pub const LENGTH: usize = Self::NAMED + 1 + SECRET + CHECKSUM;
    /// How many characters name it.
    const NAMED: usize = Self::PREFIX.len() + NAME;

    /// A fresh key.
    #[must_use]
    pub fn issue(random: &dyn Random) -> Self {
        let mut text = Zeroizing::new(String::with_capacity(Self::LENGTH));
        text.push_str(Self::PREFIX);
        push_random(&mut text, NAME, random);
        text.push('_');
        push_random(&mut text, SECRET, random);
        let checksum = checksum(text.as_bytes());
        text.extend(checksum.map(char::from));
        Self(SecretString::from(text.as_str()))
    }

    /// Reads a presented key. Whether it exists is for the store to say, by [`Self::prefix`] and [`Self::hash`].
    ///
    /// # Errors
    /// [`TokenError::Invalid`] when it has another form, or its checksum does not fit.
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        let bytes = text.as_bytes();
        let rest = text.strip_prefix(Self::PREFIX).filter(|_| bytes.len() == Self::LENGTH);
        let (name, secret) = rest.and_then(|rest| rest.split_once('_')).ok_or(TokenError::Invalid)?;
        let is_plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let (known, presented) = bytes.split_at(Self::LENGTH - CHECKSUM);
        if name.len() != NAME || !is_plain(name) || !is_plain(secret) || checksum(known) != presented {
            return Err(TokenError::Invalid);
        }
        Ok(Self(SecretString::from(text)))
    }

    /// The beginning, which is no secret.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.0.expose_secret().get(..Self::NAMED).unwrap_or_default()
    }

    /// The key as its holder gets it.
    #[must_use]
    pub fn to_text(&self) -> SecretString {
        self.0.clone()
    }

    /// SHA-256 of the whole key: what the store keeps and looks for.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest(&SHA256, self.0.expose_secret().as_bytes()).as_ref());
        hash
    }
}

impl fmt::Debug for ApiKeyToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKeyToken({}[redacted])", self.prefix())
    }
}

/// Adds so many random letters and digits, all equally likely.
fn push_random(text: &mut String, count: usize, random: &dyn Random) {
    let end = text.len() + count;
    let mut bytes = Zeroizing::new([0; 64]);
    while text.len() < end {
        random.fill(bytes.as_mut());
        let fair = bytes.iter().filter(|byte| **byte < FAIR);
        let letters = fair.filter_map(|byte| ALPHABET.get(usize::from(byte % 62)));
        text.extend(letters.take(end - text.len()).map(|letter| char::from(*letter)));
    }
}

fn checksum(bytes: &[u8]) -> [u8; CHECKSUM] {
    let mut rest = crc32(bytes);
    let mut digits = [b'0'; CHECKSUM];
    for digit in digits.iter_mut().rev() {
        // 62 to the sixth is more than 2 to the 32nd, so nothing is cut off.
        *digit = ALPHABET.get((rest % 62) as usize).copied().unwrap_or(b'0');
        rest /= 62;
    }
    digits
}

/// CRC-32 as in ISO 3309 and zlib, bit by bit: 59 bytes need no table.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;
    use keystead_domain::{SeededRandom, SystemRandom};
    use proptest::prelude::*;

    #[test]
    fn a_key_is_found_by_its_beginning_and_its_hash() {
        let key = ApiKeyToken::issue(&SystemRandom);
        let text = key.to_text();
        let text = text.expose_secret();
        assert_eq!((text.len(), key.prefix().len()), (65, 15));
        assert!(text.starts_with(key.prefix()) && key.prefix().starts_with("ks_"));
        let read = ApiKeyToken::parse(text).unwrap();
        assert_eq!((read.prefix(), read.hash()), (key.prefix(), key.hash()));
        let other = ApiKeyToken::issue(&SystemRandom);
        assert_ne!(other.hash(), key.hash());
        assert_ne!(other.prefix(), key.prefix());
    }

    #[test]
    fn it_does_not_say_its_secret() {
        let key = ApiKeyToken::issue(&SystemRandom);
        assert_eq!(format!("{key:?}"), format!("ApiKeyToken({}[redacted])", key.prefix()));
    }

    #[test]
    fn the_checksum_is_what_others_compute() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(&checksum(b"123456789"), b"3jZRME");
        assert_eq!(&checksum(b""), b"000000");
        // Made by this rule elsewhere: whoever changes the format ends every key there is.
        let known = "ks_0123456789AB_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg2QoHtA";
        assert!(ApiKeyToken::parse(known).is_ok());
    }

    #[test]
    fn every_typo_is_noticed() {
        let key = ApiKeyToken::issue(&SystemRandom).to_text();
        let text = key.expose_secret();
        for place in 0..text.len() {
            for other in ["a", "B", "7", "_", "é"] {
                let mut typo = text.to_owned();
                typo.replace_range(place..=place, other);
                assert_eq!(ApiKeyToken::parse(&typo).is_ok(), typo == text, "{place}");
            }
        }
        for place in 0..text.len() - 1 {
            let mut bytes = text.as_bytes().to_vec();
            bytes.swap(place, place + 1);
            let swapped = String::from_utf8(bytes).unwrap();
            assert_eq!(ApiKeyToken::parse(&swapped).is_ok(), swapped == text, "{place}");
        }
        for other in [&text[..64], &format!("{text}0"), &format!(" {text}"), "", "ks_"] {
            assert!(ApiKeyToken::parse(other).is_err(), "{other}");
        }
    }

    #[test]
    fn letters_are_equally_likely() {
        let (random, mut text) = (SeededRandom::new(1), String::new());
        push_random(&mut text, 62_000, &random);
        for letter in ALPHABET {
            let count = text.bytes().filter(|byte| byte == letter).count();
            assert!((850..1150).contains(&count), "{}: {count}", char::from(*letter));
        }
    }

    proptest! {
        #[test]
        fn arbitrary_text_does_no_harm(text: String, tail in "[0-9A-Za-z_]{62}") {
            prop_assert!(ApiKeyToken::parse(&text).is_err());
            // One in 62 to the sixth would fit.
            let made_up = ["ks_", tail.as_str()].concat();
            prop_assert!(ApiKeyToken::parse(&made_up).is_err());
        }
    }
}
