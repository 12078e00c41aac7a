//! Usernames: public names, compared without regard to case.

use super::precis;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use unicode_script::{Script, ScriptExtension, UnicodeScript};

/// A username of 1 to 50 characters, without `@` (an address is never a username).
///
/// It is enforced with the `UsernameCasePreserved` profile of RFC 8265, section 3.4, and compared by
/// its [`Username::key`], made with `UsernameCaseMapped` (section 3.3), so that `Ada` and `ada` are one name.
/// It is written in one script, or in Latin letters and those of Chinese, Japanese or Korean: nobody is to take
/// `раypal` with two Cyrillic letters for `paypal` (UTS 39, section 5.2, "Highly Restrictive").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Username {
    text: String,
    key: String,
}

/// What may be written beside each other, with Latin letters among it.
const TOGETHER: [Script; 6] =
    [Script::Latin, Script::Han, Script::Hiragana, Script::Katakana, Script::Bopomofo, Script::Hangul];

impl Username {
    /// The longest username, in characters.
    pub const MAX: usize = 50;

    /// Checks `text` and makes a username of it. What it makes is a username that says the same when it is read again.
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
        // The profiles are not idempotent for a few characters (U+0391 U+0345 becomes U+1FBC, which they refuse): a name
        // is refused unless it can be copied and typed as it is kept.
        let name = Self::read(text)
            .filter(|name| Self::read(&name.text).as_ref() == Some(name))
            .ok_or_else(|| refuse("must be 1 to 50 letters, digits or marks such as . - _, without spaces"))?;
        if !reads_as_one(&name.text) {
            return Err(refuse("must not mix alphabets, such as Latin with Cyrillic or Greek letters"));
        }
        Ok(name)
    }
    /// A username as a store kept it. It is not checked again: a rule that has become stricter must not make accounts
    /// unreadable.
    #[must_use]
    pub const fn stored(text: String, key: String) -> Self {
        Self { text, key }
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

    fn read(text: &str) -> Option<Self> {
        let name = Self { text: precis::preserved(text)?, key: precis::mapped(text)? };
        // Full-width signs have become plain ones.
        let fits = |text: &str| text.chars().count() <= Self::MAX && !text.contains('@');
        (fits(&name.text) && fits(&name.key)).then_some(name)
    }
}

/// Whether one script has all characters, or they belong to those of [`TOGETHER`].
fn reads_as_one(text: &str) -> bool {
    let together = |c: char| TOGETHER.iter().any(|script| c.script_extension().contains_script(*script));
    !ScriptExtension::for_str(text).is_empty() || text.chars().all(together)
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
    use crate::accounts::precis::tests::{assigned, words};
    use proptest::prelude::*;

    #[test]
    fn names_are_compared_without_case() {
        assert_eq!(Username::new("Ada").unwrap().key(), Username::new("aDA").unwrap().key());
        assert_eq!(Username::new("Ärger").unwrap().key(), "ärger");
        assert_eq!(Username::new("Ada").unwrap().as_str(), "Ada");
        assert_eq!(Username::new("ａｄａ").unwrap().key(), "ada");
    }

    #[test]
    fn bad_names_are_refused() {
        let long = "x".repeat(51);
        for bad in ["", " ", "a b", "a@b", "a\0b", "a\u{202e}b", long.as_str(), "a\u{ff20}b", "\u{391}\u{345}"] {
            assert!(Username::new(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn alphabets_that_look_alike_are_not_mixed() {
        for bad in ["p\u{430}ypal", "\u{391}da", "admin\u{456}", "аda-1", "\u{585}ne", "ad\u{3b1}"] {
            assert!(Username::new(bad).unwrap_err().message.contains("mix"), "{bad:?}");
        }
        for good in [
            "ada.lovelace-1_2+3",
            "Зоя.Иванова-7",
            "Ελένη_2",
            "Zoë.Ångström_日本",
            "やまだタロウ",
            "김민준.kim",
            "שרה-1",
            "साक्षी",
            "王小明2",
        ] {
            assert!(Username::new(good).is_ok(), "{good}: {:?}", Username::new(good));
        }
    }

    fn lasts(name: &Username) {
        assert_eq!(Username::new(name.as_str()).as_ref().unwrap(), name);
        // Some letters are only allowed in upper case (Cherokee), so that not every key is a username.
        assert!(Username::new(name.key()).is_ok_and(|again| again.key() == name.key()) || !name.key().is_ascii());
        assert!(name.as_str().chars().count() <= Username::MAX && name.key().chars().count() <= Username::MAX);
    }

    #[test]
    fn every_character_reads_back() {
        for c in assigned() {
            for text in [format!("a{c}"), c.to_string(), format!("{c}\u{345}")] {
                if let Ok(name) = Username::new(&text) {
                    lasts(&name);
                }
            }
        }
    }

    proptest! {
        #[test]
        fn every_name_reads_back(text in words(50)) {
            if let Ok(name) = Username::new(&text) {
                lasts(&name);
            }
        }
    }
}
