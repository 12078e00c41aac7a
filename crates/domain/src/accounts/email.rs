//! Email addresses.

use super::precis;
use crate::{Error, Result};
use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use serde::{Deserialize, Serialize};

/// An email address of at most 254 bytes, such as `ada@example.org`.
///
/// The domain is mapped as UTS 46 says, as browsers and mail servers do before they ask for it: case, full-width
/// letters and `xn--` make no difference. The mailbox is enforced as a username is. The whole address is compared
/// without regard to case by its [`Email::key`]: RFC 5321 lets mailbox names differ by case, no large provider
/// does, and two accounts that differ only by case would serve nobody but an impostor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email {
    text: String,
    key: String,
}

impl Email {
    /// The longest address, in bytes (RFC 5321, section 4.5.3.1.3: a path of 256 with its brackets).
    pub const MAX: usize = 254;
    /// The longest mailbox, in bytes (RFC 5321, section 4.5.3.1.1).
    const MAX_LOCAL: usize = 64;

    /// Checks `text` and makes an address of it. What it makes is an address that says the same when it is read again.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Invalid`] on `email`.
    pub fn new(text: &str) -> Result<Self> {
        // The mappings are not idempotent for a few characters, and make some longer: an address is refused unless it can
        // be copied and typed as it is kept.
        Self::read(text).filter(|email| Self::read(&email.text).as_ref() == Some(email)).ok_or_else(|| {
            Error::invalid("email", "must be an address such as name@example.org, at most 254 characters")
        })
    }
    /// An address as a store kept it. It is not checked again: a rule that has become stricter must not make accounts
    /// unreadable.
    #[must_use]
    pub const fn stored(text: String, key: String) -> Self {
        Self { text, key }
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

    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        // Before anything is mapped, so that the work is bounded.
        if text.len() > Self::MAX {
            return None;
        }
        let (local, domain) = text.rsplit_once('@')?;
        let (local, local_key) = (precis::preserved(local)?, precis::mapped(local)?);
        let (domain, ascii) = domain_of(domain)?;
        let email = Self { text: format!("{local}@{domain}"), key: format!("{local_key}@{domain}") };
        let fits = |local: &str| good_local(local) && local.len() + 1 + domain.len().max(ascii.len()) <= Self::MAX;
        (fits(&local) && fits(&local_key)).then_some(email)
    }
}

/// A dot-atom (RFC 5321, section 4.1.2) of at most 64 bytes; letters beyond ASCII are allowed (RFC 6531).
fn good_local(local: &str) -> bool {
    let atom = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    local.len() <= Email::MAX_LOCAL && local.split('.').all(|part| !part.is_empty() && part.chars().all(atom))
}

/// The domain with its letters, and as it is asked for (RFC 5890), which is what its lengths are counted in.
fn domain_of(text: &str) -> Option<(String, String)> {
    let (mapping, hyphens) = (Uts46::new(), Hyphens::CheckFirstLast);
    let ascii = mapping.to_ascii(text.as_bytes(), AsciiDenyList::STD3, hyphens, DnsLength::Verify).ok()?;
    let (domain, outcome) = mapping.to_unicode(ascii.as_bytes(), AsciiDenyList::STD3, hyphens);
    outcome.ok()?;
    Some((domain.into_owned(), ascii.into_owned()))
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
    use crate::accounts::precis::tests::{assigned, words};
    use proptest::prelude::*;

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
        // 60 characters as it is written, more than 63 as it is asked for.
        let long_label = format!("a@{}.example", "ü".repeat(60));
        for bad in [
            "",
            "a",
            "@b",
            "a@",
            "a@b@c@",
            "a b@c",
            "a..b@c",
            "a@-b",
            "a@b-",
            "a@b..c",
            "a@b.",
            "a\0@b",
            "a@b\nc",
            "a@b_c",
            "a@b\u{ff20}c",
            "a\u{ff20}b@c",
            "\u{ff08}a\u{ff09}@b",
            "a@xn--a",
            &long,
            &long_label,
        ] {
            assert!(Email::new(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn one_address_has_one_key_however_its_letters_are_written() {
        for (written, key) in [
            ("ada@ｅｘａｍｐｌｅ．org", "ada@example.org"),
            ("ａｄａ@example。org", "ada@example.org"),
            ("Ada@BÜCHER.example", "ada@bücher.example"),
            ("ada@xn--bcher-kva.example", "ada@bücher.example"),
            ("ada@bu\u{308}cher.example", "ada@bücher.example"),
            ("Rene\u{301}@example.org", "ren\u{e9}@example.org"),
        ] {
            assert_eq!(Email::new(written).unwrap().key(), key, "{written}");
        }
    }

    /// Each of them was kept once in a form that was refused when it was read.
    #[test]
    fn what_grows_or_changes_under_its_mapping_reads_back_or_is_refused() {
        let grown = format!("x@{}.example", "\u{23a}".repeat(31));
        for text in ["x@\u{130}.example", &grown] {
            lasts(&Email::new(text).unwrap());
        }
        assert!(Email::new("\u{391}\u{345}@example.org").is_err());
    }

    fn lasts(email: &Email) {
        assert_eq!(Email::new(email.as_str()).as_ref().unwrap(), email);
        // Some letters are only allowed in upper case, so that not every key is an address.
        assert!(Email::new(email.key()).is_ok_and(|again| again.key() == email.key()) || !email.key().is_ascii());
        assert!(email.as_str().len() <= Email::MAX && email.key().len() <= Email::MAX, "{email:?}");
    }

    #[test]
    fn every_character_reads_back() {
        for c in assigned() {
            for text in [format!("a{c}@example.org"), format!("x@a{c}.example")] {
                if let Ok(email) = Email::new(&text) {
                    lasts(&email);
                }
            }
        }
    }

    proptest! {
        #[test]
        fn every_address_reads_back(local in words(40), label in words(64), top in words(3)) {
            if let Ok(email) = Email::new(&format!("{local}@{label}.{top}")) {
                lasts(&email);
            }
        }
    }
}
