//! Patterns, compiled when a rule or a model is loaded.

pub(crate) mod address;
mod glob;
mod path;

use super::{expression::functions::Function, limits::Limits};
use path::{MAX_PLACES, PathPattern, Piece};
use regex::{Regex, RegexBuilder};

/// A pattern of one function.
#[derive(Clone, Debug)]
pub(crate) enum Pattern {
    Path(PathPattern),
    /// Linear in the text. Its search keeps caches of its own, which it makes on the first use by a thread.
    Regex(Regex),
    /// A placeholder is asked for, and the pattern has none.
    Nothing,
}

impl Pattern {
    /// Compiles `text` for `function`.
    pub(crate) fn compile(function: Function, text: &str, limits: &Limits) -> Result<Self, String> {
        match function {
            Function::RegexMatch => regex(text, limits),
            Function::GlobMatch => regex(&glob::as_regex(text)?, limits),
            Function::KeyMatch | Function::KeyGet | Function::IpMatch => Ok(Self::Nothing),
            _ => path(function, text, limits),
        }
    }
    /// Whether `text` is a pattern of `function`.
    pub(crate) fn check(function: Function, text: &str, limits: &Limits) -> Result<(), String> {
        if function == Function::IpMatch && address::network(text).is_none() {
            return Err("neither an address nor a network such as 10.0.0.0/8".to_owned());
        }
        Self::compile(function, text, limits).map(|_| ())
    }
    /// Whether `text` fits; none when `steps` are used up. `alike`: placeholders of one name must have one value.
    pub(crate) fn fits(&self, text: &str, alike: bool, steps: &mut u32) -> Option<bool> {
        match self {
            Self::Path(pattern) if alike => pattern.fits_alike(text, steps),
            Self::Path(pattern) => pattern.fits(text, steps),
            Self::Regex(regex) => {
                // A search costs what the text is long.
                *steps = steps.checked_sub(u32::try_from(text.len() / 16).unwrap_or(u32::MAX))?;
                Some(regex.is_match(text))
            }
            Self::Nothing => Some(false),
        }
    }
    /// The bytes of `text` that are the value of the placeholder `name`; none when `steps` are used up.
    pub(crate) fn value(&self, text: &str, name: &str, steps: &mut u32) -> Option<(usize, usize)> {
        match self {
            Self::Path(pattern) => pattern.value(text, name, steps),
            Self::Regex(_) | Self::Nothing => Some((0, 0)),
        }
    }
}

fn path(function: Function, text: &str, limits: &Limits) -> Result<Pattern, String> {
    if let Some(pattern) = PathPattern::new(function, text) {
        if pattern.open_parts() > MAX_PLACES {
            return Err(format!("more than {MAX_PLACES} placeholders"));
        }
        return Ok(Pattern::Path(pattern));
    }
    let pieces = path::pieces(function, text);
    let places = pieces.iter().any(|piece| matches!(piece, Piece::Place(_)));
    if places && (function.gives_text() || function == Function::KeyMatch4) {
        return Err(
            "beside placeholders there may be `*` after a slash, and no other sign of regular expressions".to_owned()
        );
    }
    let mut source = String::from("^(?:");
    for piece in pieces {
        match piece {
            Piece::Letter(letter) => source.push(letter),
            Piece::Place(_) => source.push_str("[^/]+"),
            Piece::Rest => source.push_str(".*"),
        }
    }
    source.push_str(")$");
    let compiled = regex(&source, limits)?;
    Ok(if function.gives_text() { Pattern::Nothing } else { compiled })
}

fn regex(source: &str, limits: &Limits) -> Result<Pattern, String> {
    let built = RegexBuilder::new(source).size_limit(limits.regex_bytes).dfa_size_limit(limits.regex_bytes).build();
    built.map(Pattern::Regex).map_err(|error| match error {
        regex::Error::CompiledTooBig(limit) => format!("the pattern needs more than {limit} bytes"),
        error => error.to_string().lines().last().unwrap_or("not a regular expression").to_owned(),
    })
}

/// Casbin's `keyMatch`: what stands before the first `*` begins the text, or the texts are equal.
pub(crate) fn key_match(text: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        Some((prefix, _)) => text.starts_with(prefix),
        None => text == pattern,
    }
}

/// Casbin's `keyGet`: the bytes of `text` that `*` stands for.
pub(crate) fn key_get(text: &str, pattern: &str) -> (usize, usize) {
    match pattern.split_once('*') {
        Some((prefix, _)) if text.starts_with(prefix) => (prefix.len(), text.len()),
        _ => (0, 0),
    }
}
