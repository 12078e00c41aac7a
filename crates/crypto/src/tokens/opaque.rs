//! Tokens that are random and nothing else.

use super::{TokenError, hash_secret};
use crate::sealing::{SecretBytes, random_secret};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use keystead_domain::Random;
use secrecy::{ExposeSecret, SecretBox, SecretString};
use std::fmt;
use zeroize::Zeroizing;

/// 43 characters of base64url hold 32 bytes.
const ENCODED_LENGTH: usize = 43;

/// 256 random bits behind a prefix that names the use, such as `ksi_` for invitations.
///
/// The prefix lets people and secret scanners recognise what leaked, and keeps a token for one
/// use from being tried for another.
pub struct OpaqueToken {
    prefix: &'static str,
    secret: SecretBytes,
}

impl OpaqueToken {
    /// A fresh token for the use that `prefix` names.
    #[must_use]
    pub fn issue(prefix: &'static str, random: &dyn Random) -> Self {
        Self { prefix, secret: random_secret(random) }
    }

    /// Reads a presented token for the use that `prefix` names. Whether it exists is for the
    /// store to say, by [`Self::hash`].
    ///
    /// # Errors
    /// [`TokenError::Invalid`] when the text has another prefix or form.
    pub fn parse(prefix: &'static str, text: &str) -> Result<Self, TokenError> {
        let encoded = text.strip_prefix(prefix).ok_or(TokenError::Invalid)?;
        if encoded.len() != ENCODED_LENGTH {
            return Err(TokenError::Invalid);
        }
        let mut bytes = Zeroizing::new([0; 32]);
        match URL_SAFE_NO_PAD.decode_slice_unchecked(encoded, bytes.as_mut()) {
            Ok(32) => {}
            _ => return Err(TokenError::Invalid),
        }
        let secret = SecretBox::init_with_mut(|secret: &mut [u8; 32]| *secret = *bytes);
        Ok(Self { prefix, secret })
    }

    /// The token as its holder gets it.
    #[must_use]
    pub fn to_text(&self) -> SecretString {
        let mut text = String::with_capacity(self.prefix.len() + ENCODED_LENGTH);
        text.push_str(self.prefix);
        URL_SAFE_NO_PAD.encode_string(self.secret.expose_secret(), &mut text);
        SecretString::from(text)
    }

    /// SHA-256 of the random bits: what the store keeps and looks for.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        hash_secret(&self.secret)
    }
}

impl fmt::Debug for OpaqueToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OpaqueToken({}[redacted])", self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keystead_domain::SystemRandom;
    use proptest::prelude::*;

    #[test]
    fn a_token_is_found_by_its_hash() {
        let token = OpaqueToken::issue("ksi_", &SystemRandom);
        let text = token.to_text();
        assert_eq!(text.expose_secret().len(), 47);
        let read = OpaqueToken::parse("ksi_", text.expose_secret()).unwrap();
        assert_eq!(read.hash(), token.hash());
        assert_ne!(OpaqueToken::issue("ksi_", &SystemRandom).hash(), token.hash());
        assert_eq!(format!("{token:?}"), "OpaqueToken(ksi_[redacted])");
    }

    #[test]
    fn another_use_or_form_is_refused() {
        let token = OpaqueToken::issue("ksi_", &SystemRandom).to_text();
        let text = token.expose_secret();
        assert!(OpaqueToken::parse("ksp_", text).is_err());
        assert!(OpaqueToken::parse("ksi_", &text[..46]).is_err());
        assert!(OpaqueToken::parse("ksi_", &format!("{text}A")).is_err());
        assert!(OpaqueToken::parse("ksi_", &format!("ksi_{}", "=".repeat(43))).is_err());
    }

    proptest! {
        /// Each token has one spelling: what is accepted is written back as it was.
        #[test]
        fn spelling_is_unique(text in "ksi_[A-Za-z0-9_-]{43}") {
            if let Ok(token) = OpaqueToken::parse("ksi_", &text) {
                let again = token.to_text();
                prop_assert_eq!(again.expose_secret(), &text);
            }
        }

        #[test]
        fn arbitrary_text_does_no_harm(text: String) {
            prop_assert!(OpaqueToken::parse("ksi_", &text).is_err());
        }
    }
}
