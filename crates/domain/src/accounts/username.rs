//! Usernames: public names, compared without regard to case.

use crate::{Error, Result};
use precis_core::profile::Profile;
use serde::{Deserialize, Serialize};

/// A username of 1 to 50 characters, without `@` (an address is never a username).
///
/// It is enforced with the `UsernameCasePreserved` profile of RFC 8265, section 3.4, and compared by
/// its [`Username::key`], made with `UsernameCaseMapped` (section 3.3), so that `Ada` and `ada` are one name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Username {
    text: String,
    key: String,
}

impl Username {
    /// The longest username, in characters.
    pub const MAX: usize = 50;

    /// Checks `text` and makes a username of it.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Invalid`] on `username`.
    pub fn new(text: &str) -> Result<Self> {
        let refuse = |why: &str| Error::invalid("username", why);
        if text.chars().count() > Self::MAX {
            return Err(refuse("must have at most 50 characters"));
        }
        if text.contains('@') {
            return Err(refuse("must not contain @"));
        }
        let rules = "must be 1 to 50 letters, digits or marks such as . - _, without spaces";
        let preserved =
            precis_profiles::UsernameCasePreserved::new().enforce(text).map_err(|_| refuse(rules))?.into_owned();
        let key = precis_profiles::UsernameCaseMapped::new().enforce(text).map_err(|_| refuse(rules))?.into_owned();
        if preserved.chars().count() > Self::MAX
            || key.chars().count() > Self::MAX
            || preserved.contains('@')
            || key.contains('@')
        {
            return Err(refuse(rules));
        }
        Ok(Self { text: preserved, key })
    }
    /// As the person wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
    /// What it is compared by (`username_key`).
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl TryFrom<String> for Username {
    type Error = Error;
    fn try_from(text: String) -> Result<Self> {
        Self::new(&text)
    }
}
impl From<Username> for String {
    fn from(name: Username) -> Self {
        name.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_case() {
        assert_eq!(Username::new("Ada").unwrap().key(), Username::new("aDA").unwrap().key());
        assert_eq!(Username::new("Ärger").unwrap().key(), "ärger");
        assert_eq!(Username::new("Ada").unwrap().as_str(), "Ada");
    }

    #[test]
    fn bad_names_are_refused() {
        let long = "x".repeat(51);
        for bad in ["", " ", "a b", "a@b", "a\0b", "a\u{202e}b", long.as_str(), "a\u{ff20}b"] {
            assert!(Username::new(bad).is_err(), "{bad:?}");
        }
    }
}
