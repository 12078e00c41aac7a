//! Refresh tokens.

use super::{TokenError, hash_secret};
use crate::sealing::{MacKey, SecretBytes, random_secret};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use keystead_domain::{Random, SessionId, UserId};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use std::fmt;
use uuid::Uuid;
use zeroize::Zeroizing;

const PREFIX: &str = "ksr_";
const VERSION: u8 = 1;
/// Version, user, session, generation, secret.
const BODY_LENGTH: usize = 1 + 16 + 16 + 4 + 32;
const MAC_LENGTH: usize = 16;
/// Bytes in a token before it is written as text.
pub(super) const LENGTH: usize = BODY_LENGTH + MAC_LENGTH;
const TEXT_LENGTH: usize = PREFIX.len() + (LENGTH * 4).div_ceil(3);

/// A refresh token: one generation of a session's family.
///
/// `ksr_` and, as base64url, `version (1) ‖ user (16) ‖ session (16) ‖ generation (4, big-endian)
/// ‖ secret (32) ‖ MAC (16)`. The MAC is HMAC-SHA256, cut to 128 bits, over everything before it.
///
/// An old generation that comes back revokes the whole family. The MAC sees to it that only a
/// token which the server really issued can do that: nobody ends a session by guessing.
/// The organization is not part of the token, because a session may switch.
pub struct RefreshToken {
    user: UserId,
    session: SessionId,
    generation: u32,
    pub(super) secret: SecretBytes,
    mac: [u8; MAC_LENGTH],
}

impl RefreshToken {
    /// A token with a fresh secret. `generation` is 1 at sign-in.
    #[must_use]
    pub fn issue(user: UserId, session: SessionId, generation: u32, key: &MacKey, random: &dyn Random) -> Self {
        let secret = random_secret(random);
        let mut token = Self { user, session, generation, secret, mac: [0; MAC_LENGTH] };
        let tag = key.tag(&[&token.body()[..]]);
        token.mac.copy_from_slice(&tag[..MAC_LENGTH]);
        token
    }

    /// The token that replaces this one: same user, same session, next generation, fresh secret.
    ///
    /// # Errors
    /// [`TokenError::Exhausted`] after 2^31 - 1 generations, which is what stores can count.
    pub fn next(&self, key: &MacKey, random: &dyn Random) -> Result<Self, TokenError> {
        let generation = self.generation.saturating_add(1);
        if generation > i32::MAX.unsigned_abs() {
            return Err(TokenError::Exhausted);
        }
        Ok(Self::issue(self.user, self.session, generation, key, random))
    }

    /// Reads a presented token and checks that the server made it. Whether it is the current
    /// generation is for the store to say, by [`Self::hash`].
    ///
    /// # Errors
    /// [`TokenError::Invalid`] for anything that was not issued under `key`.
    pub fn parse_and_check(text: &str, key: &MacKey) -> Result<Self, TokenError> {
        if text.len() != TEXT_LENGTH {
            return Err(TokenError::Invalid);
        }
        let encoded = text.strip_prefix(PREFIX).ok_or(TokenError::Invalid)?;
        let mut bytes = Zeroizing::new([0; LENGTH]);
        match URL_SAFE_NO_PAD.decode_slice_unchecked(encoded, bytes.as_mut()) {
            Ok(LENGTH) => Self::from_bytes(&bytes, key),
            _ => Err(TokenError::Invalid),
        }
    }

    pub(super) fn from_bytes(bytes: &[u8; LENGTH], key: &MacKey) -> Result<Self, TokenError> {
        let (body, mac) = bytes.split_at(BODY_LENGTH);
        let mac = mac.try_into().map_err(|_| TokenError::Invalid)?;
        if !key.check(&[body], &mac) || body[0] != VERSION {
            return Err(TokenError::Invalid);
        }
        let id = |at: usize| Uuid::from_slice(&body[at..at + 16]).map_err(|_| TokenError::Invalid);
        let generation = body[33..37].try_into().map_err(|_| TokenError::Invalid)?;
        Ok(Self {
            user: UserId::from_uuid(id(1)?),
            session: SessionId::from_uuid(id(17)?),
            generation: u32::from_be_bytes(generation),
            secret: SecretBox::init_with_mut(|secret: &mut [u8; 32]| {
                secret.copy_from_slice(&body[37..]);
            }),
            mac,
        })
    }

    fn body(&self) -> Zeroizing<[u8; BODY_LENGTH]> {
        let mut body = Zeroizing::new([0; BODY_LENGTH]);
        body[0] = VERSION;
        body[1..17].copy_from_slice(self.user.as_uuid().as_bytes());
        body[17..33].copy_from_slice(self.session.as_uuid().as_bytes());
        body[33..37].copy_from_slice(&self.generation.to_be_bytes());
        body[37..].copy_from_slice(self.secret.expose_secret());
        body
    }

    pub(super) fn to_bytes(&self) -> Zeroizing<[u8; LENGTH]> {
        let mut bytes = Zeroizing::new([0; LENGTH]);
        bytes[..BODY_LENGTH].copy_from_slice(&self.body()[..]);
        bytes[BODY_LENGTH..].copy_from_slice(&self.mac);
        bytes
    }

    /// The token as its holder gets it.
    #[must_use]
    pub fn to_text(&self) -> SecretString {
        let mut text = String::with_capacity(TEXT_LENGTH);
        text.push_str(PREFIX);
        URL_SAFE_NO_PAD.encode_string(&self.to_bytes()[..], &mut text);
        SecretString::from(text)
    }

    /// SHA-256 of the secret: what the store keeps and looks for.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        hash_secret(&self.secret)
    }

    /// Whose session it is.
    #[must_use]
    pub const fn user(&self) -> UserId {
        self.user
    }

    /// The session, which is the family of the token.
    #[must_use]
    pub const fn session(&self) -> SessionId {
        self.session
    }

    /// Which token of the family it is, beginning with 1.
    #[must_use]
    pub const fn generation(&self) -> u32 {
        self.generation
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RefreshToken({}, generation {}, [redacted])", self.session, self.generation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::fixtures::{issue, key};
    use proptest::prelude::*;

    #[test]
    fn a_token_says_what_it_was_issued_for() {
        let token = issue(7);
        let text = token.to_text();
        assert!(text.expose_secret().starts_with("ksr_"));
        assert_eq!(text.expose_secret().len(), TEXT_LENGTH);
        let read = RefreshToken::parse_and_check(text.expose_secret(), &key()).unwrap();
        assert_eq!(
            (read.user(), read.session(), read.generation(), read.hash()),
            (token.user(), token.session(), 7, token.hash())
        );
    }

    #[test]
    fn the_hash_is_sha_256_of_the_secret() {
        let token = RefreshToken { secret: SecretBox::new(Box::new([0; 32])), ..issue(0) };
        // SHA-256 of 32 zero bytes.
        assert!(token.hash().starts_with(&[0x66, 0x68, 0x7a, 0xad, 0xf8, 0x62, 0xbd, 0x77]));
    }

    #[test]
    fn rotation_keeps_the_family_and_changes_the_secret() {
        let token = issue(0);
        let next = token.next(&key(), &keystead_domain::SystemRandom).unwrap();
        assert_eq!((next.user(), next.session()), (token.user(), token.session()));
        assert_eq!(next.generation(), 1);
        assert_ne!(next.hash(), token.hash());
        for last in [i32::MAX.unsigned_abs(), u32::MAX] {
            let error = issue(last).next(&key(), &keystead_domain::SystemRandom).unwrap_err();
            assert_eq!(error, TokenError::Exhausted);
        }
    }

    #[test]
    fn every_changed_bit_is_noticed() {
        let bytes = issue(1).to_bytes();
        for index in 0..LENGTH {
            for bit in 0..8 {
                let mut changed = bytes.clone();
                changed[index] ^= 1 << bit;
                assert!(RefreshToken::from_bytes(&changed, &key()).is_err(), "byte {index}");
            }
        }
    }

    #[test]
    fn every_changed_character_is_noticed() {
        let text = issue(1).to_text();
        let text = text.expose_secret();
        for index in 0..text.len() {
            let replacement = if &text[index..=index] == "A" { "B" } else { "A" };
            let changed = [&text[..index], replacement, &text[index + 1..]].concat();
            let read = RefreshToken::parse_and_check(&changed, &key());
            assert_eq!(read.unwrap_err(), TokenError::Invalid, "character {index}");
        }
    }

    #[test]
    fn another_servers_token_is_refused() {
        let text = issue(1).to_text();
        let other = crate::tokens::fixtures::other_key();
        assert!(RefreshToken::parse_and_check(text.expose_secret(), &other).is_err());
    }

    #[test]
    fn debug_shows_no_secret() {
        let token = issue(1);
        let shown = format!("{token:?}");
        assert!(shown.ends_with("generation 1, [redacted])"), "{shown}");
    }

    proptest! {
        #[test]
        fn arbitrary_text_is_refused(text: String) {
            prop_assert!(RefreshToken::parse_and_check(&text, &key()).is_err());
            let text = format!("ksr_{text}");
            prop_assert!(RefreshToken::parse_and_check(&text, &key()).is_err());
        }

        #[test]
        fn text_of_the_right_shape_is_refused(text in "ksr_[A-Za-z0-9_-]{114}") {
            prop_assert!(RefreshToken::parse_and_check(&text, &key()).is_err());
        }
    }
}
