//! Email addresses.

use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// An email address of at most 254 characters, such as `ada@example.org`.
///
/// The domain is lower-cased. The whole address is compared without regard to case by its
/// [`Email::key`]: RFC 5321 lets mailbox names differ by case, no large provider does, and two accounts that
/// differ only by case would serve nobody but an impostor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email {
    text: String,
    key: String,
}

impl Email {
    /// The longest address, in bytes (RFC 5321, sections 4.5.3.1.3: a path of 256 with its brackets).
    pub const MAX: usize = 254;

    /// Checks `text` and makes an address of it.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Invalid`] on `email`.
    pub fn new(text: &str) -> Result<Self> {
        let refuse = || Error::invalid("email", "must be an address such as name@example.org, at most 254 characters");
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or_else(refuse)?;
        if text.len() > Self::MAX || !good_local(local) || !good_domain(domain) {
            return Err(refuse());
        }
        let domain = domain.to_lowercase();
        let key = format!("{}@{domain}", local.to_lowercase());
        if key.len() > Self::MAX {
            return Err(refuse());
        }
        Ok(Self { text: format!("{local}@{domain}"), key })
    }
    /// As the person wrote it, with the domain in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
    /// What it is compared by (`email_key`).
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// A dot-atom (RFC 5321, section 4.1.2) of at most 64 bytes; letters beyond ASCII are allowed (RFC 6531).
fn good_local(local: &str) -> bool {
    let atom = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    !local.is_empty() && local.len() <= 64 && local.split('.').all(|part| !part.is_empty() && part.chars().all(atom))
}

fn good_domain(domain: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    !domain.is_empty() && domain.len() <= 253 && domain.split('.').all(label)
}

impl TryFrom<String> for Email {
    type Error = Error;
    fn try_from(text: String) -> Result<Self> {
        Self::new(&text)
    }
}
impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_normalised() {
        let email = Email::new(" Ada.Lovelace@Example.ORG ").unwrap();
        assert_eq!(email.as_str(), "Ada.Lovelace@example.org");
        assert_eq!(email.key(), "ada.lovelace@example.org");
        assert!(Email::new("user+tag@mail.example").is_ok());
        assert!(Email::new("admin@localhost").is_ok());
    }

    #[test]
    fn bad_addresses_are_refused() {
        let long = format!("{}@example.org", "x".repeat(65));
        for bad in
            ["", "a", "@b", "a@", "a@b@c@", "a b@c", "a..b@c", "a@-b", "a@b..c", "a\0@b", "a@b\nc", long.as_str()]
        {
            assert!(Email::new(bad).is_err(), "{bad:?}");
        }
    }
}
