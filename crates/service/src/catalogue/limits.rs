//! How much of the catalogue one request changes, and what its texts may be.

use keystead_domain::{Error, ErrorKind, Result};

/// At most so many things are written by one request.
pub const MOST_AT_ONCE: usize = 1_000;
/// At most so many views or features are in one module, and so many views has one feature.
pub const MOST_LINKED: usize = 1_000;
/// At most so many things are in one document: views, features, modules and menu items together.
pub const MOST_IN_DOCUMENT: usize = 5_000;

/// The longest key, in characters.
const KEY: usize = 100;
pub(super) const NAME: usize = 255;
pub(super) const DESCRIPTION: usize = 2000;
pub(super) const PATH: usize = 500;
pub(super) const ICON: usize = 100;

/// A key as programs write it: 1 to 100 letters, digits, `_`, `-` and `.`, beginning with a letter or a digit.
pub(super) fn checked_key(key: &str) -> Result<String> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let begins = key.chars().next().is_some_and(|first| first.is_ascii_alphanumeric());
    if !begins || key.chars().count() > KEY || !key.chars().all(is_word) {
        let message = format!(
            "must have 1 to {KEY} letters of ASCII, digits, underscores, hyphens or dots, beginning with a letter or a digit"
        );
        return Err(Error::invalid("key", message));
    }
    Ok(key.to_owned())
}

/// The same error, of a field inside of `place`, such as `items[3]`.
pub(super) fn inside(place: &str, error: Error) -> Error {
    if !error.is(ErrorKind::Invalid) {
        return error;
    }
    let mut error = error;
    for field in &mut error.fields {
        field.field = format!("{place}.{}", field.field);
    }
    if let Some(first) = error.fields.first() {
        error.message = format!("{}: {}", first.field, first.message);
    }
    error
}

/// Some of `names`, for a message: an answer does not grow with what was sent.
pub(crate) fn some_of(names: &[String]) -> String {
    const SHOWN: usize = 10;
    let shown = names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN { format!("{shown} and {} more", names.len() - SHOWN) } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_word_for_programs() {
        for good in ["orders", "Orders.Export", "0-day", "a_b", &"x".repeat(100)] {
            assert_eq!(checked_key(good).unwrap(), good);
        }
        for bad in ["", " orders", "or ders", "-a", ".a", "a/b", "ö", "a\0", &"x".repeat(101)] {
            assert_eq!(checked_key(bad).unwrap_err().fields[0].field, "key", "{bad}");
        }
    }

    #[test]
    fn an_error_says_in_which_item_it_is() {
        let error = inside("items[3]", checked_key("").unwrap_err());
        assert_eq!(error.fields[0].field, "items[3].key");
        assert!(error.message.starts_with("items[3].key: must"), "{error}");
        assert_eq!(inside("items[3]", Error::stale()).code, "stale");
    }

    #[test]
    fn a_message_does_not_grow_with_what_was_sent() {
        let names: Vec<String> = (0..12).map(|number| number.to_string()).collect();
        assert_eq!(some_of(&names[..2]), "0, 1");
        assert!(some_of(&names).ends_with("9 and 2 more"));
    }
}
