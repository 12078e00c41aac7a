//! Limits that every text and JSON value passes before it is kept.

use crate::{Error, Json, Result};

/// Trims `text` and checks that it is not empty, has at most `max` characters and no control characters.
///
/// # Errors
/// [`crate::ErrorKind::Invalid`], naming `field`.
pub fn bounded(field: &str, text: &str, max: usize) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::invalid(field, "must not be empty"));
    }
    check(field, text, max)?;
    Ok(text.to_owned())
}

/// As [`bounded`], but an empty text is no text.
///
/// # Errors
/// [`crate::ErrorKind::Invalid`], naming `field`.
pub fn optional_bounded(field: &str, text: Option<&str>, max: usize) -> Result<Option<String>> {
    match text.map(str::trim) {
        None | Some("") => Ok(None),
        Some(text) => {
            check(field, text, max)?;
            Ok(Some(text.to_owned()))
        }
    }
}

fn check(field: &str, text: &str, max: usize) -> Result<()> {
    if text.chars().count() > max {
        return Err(Error::invalid(field, format!("must have at most {max} characters")));
    }
    // PostgreSQL cannot store NUL, and other control characters only serve to deceive a reader.
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(Error::invalid(field, "must not contain control characters"));
    }
    Ok(())
}

/// Checks that `value` is a JSON object of at most `max` bytes, at most 32 levels deep, without NUL.
///
/// # Errors
/// [`crate::ErrorKind::Invalid`], naming `field`.
pub fn bounded_json(field: &str, value: Json, max: usize) -> Result<Json> {
    if !value.is_object() {
        return Err(Error::invalid(field, "must be a JSON object"));
    }
    if value.to_string().len() > max {
        return Err(Error::invalid(field, format!("must have at most {max} bytes as JSON")));
    }
    if !shallow_and_clean(&value, 32) {
        return Err(Error::invalid(field, "must be at most 32 levels deep and contain no NUL character"));
    }
    Ok(value)
}

fn shallow_and_clean(value: &Json, levels: usize) -> bool {
    let Some(levels) = levels.checked_sub(1) else { return false };
    match value {
        Json::String(text) => !text.contains('\0'),
        Json::Array(items) => items.iter().all(|item| shallow_and_clean(item, levels)),
        Json::Object(map) => map.iter().all(|(key, item)| !key.contains('\0') && shallow_and_clean(item, levels)),
        Json::Null | Json::Bool(_) | Json::Number(_) => true,
    }
}

/// Gives an enum its stored word, both ways.
#[macro_export]
macro_rules! text_enum {
    ($name:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word it is stored and shown as.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
            /// Reads the stored word.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_trimmed_and_limited() {
        assert_eq!(bounded("name", "  Ada ", 10).unwrap(), "Ada");
        assert!(bounded("name", "   ", 10).is_err());
        assert!(bounded("name", "eleven chars", 11).is_err());
        assert!(bounded("name", "a\0b", 10).is_err());
        assert_eq!(optional_bounded("name", Some(" "), 3).unwrap(), None);
    }

    #[test]
    fn json_is_an_object_within_limits() {
        assert!(bounded_json("m", serde_json::json!([]), 100).is_err());
        assert!(bounded_json("m", serde_json::json!({"a": "\0"}), 100).is_err());
        assert!(bounded_json("m", serde_json::json!({"a": "x".repeat(100)}), 100).is_err());
        let mut deep = serde_json::json!(1);
        for _ in 0..40 {
            deep = serde_json::json!({ "a": deep });
        }
        assert!(bounded_json("m", deep, 10_000).is_err());
    }
}
