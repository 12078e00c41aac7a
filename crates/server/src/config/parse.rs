//! Checks one value against its setting's kind.

use super::{Kind, Setting};
use keystead_domain::{Error, Result};

/// Checks `text` and returns it as it is kept.
///
/// # Errors
/// `Invalid`, naming `place` (where it was said) and what is wrong; a secret's text is not repeated.
pub(super) fn check(setting: &Setting, text: &str, place: &str) -> Result<String> {
    let text = text.trim();
    let refuse = |why: String| Error::invalid(place, why);
    match setting.kind {
        Kind::Text | Kind::Secret | Kind::List => Ok(text.to_owned()),
        Kind::Flag => match text {
            "true" | "1" | "yes" | "on" => Ok("true".to_owned()),
            "false" | "0" | "no" | "off" => Ok("false".to_owned()),
            _ => Err(refuse(format!("must be true or false, not {text:?}"))),
        },
        Kind::Number(min, max) => match text.parse::<u64>() {
            Ok(number) if (min..=max).contains(&number) => Ok(number.to_string()),
            _ => Err(refuse(format!("must be a whole number from {min} to {max}, not {text:?}"))),
        },
        Kind::Word(words) if words.contains(&text) => Ok(text.to_owned()),
        Kind::Word(words) => {
            let words: Vec<_> = words.iter().filter(|word| !word.is_empty()).copied().collect();
            Err(refuse(format!("must be one of {}, not {text:?}", words.join(", "))))
        }
    }
}
