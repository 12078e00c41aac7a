//! Passwords: secrets that are never shown, logged or compared here.

use crate::{Error, Result};
use secrecy::{ExposeSecret, SecretString};

/// A password as a person typed it. Debug output is redacted and the memory is wiped.
#[derive(Clone, Debug)]
pub struct Password(SecretString);

impl Password {
    /// The shortest new password, in characters (NIST SP 800-63B, section 3.1.1.2, asks for 8 with, 15 without a second factor).
    pub const MIN: usize = 10;
    /// The longest password, in bytes, so that hashing has bounded input.
    pub const MAX: usize = 256;

    /// A password to sign in with: only its length is bounded.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Invalid`] on `password` when it is longer than [`Password::MAX`].
    pub fn presented(text: String) -> Result<Self> {
        if text.len() > Self::MAX {
            return Err(Error::invalid("password", "must have at most 256 bytes"));
        }
        Ok(Self(SecretString::from(text)))
    }
    /// A password to keep: long enough as well. Whether it is easy to guess is the use case's question.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Invalid`] on `password`.
    pub fn chosen(text: String) -> Result<Self> {
        if text.chars().count() < Self::MIN {
            return Err(Error::invalid("password", "must have at least 10 characters"));
        }
        Self::presented(text)
    }
    /// The text, for hashing only.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// A password hash in PHC string form (or bcrypt's own). Debug output is redacted.
#[derive(Clone)]
pub struct PasswordHash(SecretString);

impl PasswordHash {
    /// Wraps a stored or freshly made hash.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(SecretString::from(text))
    }
    /// The text, for verifying and storing only.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash([REDACTED])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_bounded_and_debug_is_redacted() {
        assert!(Password::chosen("short".into()).is_err());
        assert!(Password::presented("x".repeat(257)).is_err());
        let password = Password::chosen("correct horse battery".into()).unwrap();
        assert!(!format!("{password:?}").contains("horse"));
        assert!(!format!("{:?}", PasswordHash::new("$argon2id$abc".into())).contains("abc"));
    }
}
