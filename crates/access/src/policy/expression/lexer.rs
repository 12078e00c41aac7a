//! Words of the matcher language.

use crate::policy::{
    position::{Fault, Position},
    value::Number,
};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Word {
    Name(String),
    Text(String),
    Number(String),
    /// An operator or a bracket.
    Sign(&'static str),
    End,
}

#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) word: Word,
    pub(super) at: Position,
    /// Bytes of the source.
    pub(super) from: usize,
    pub(super) to: usize,
}

/// The longer signs first, so that `<=` is not read as `<`.
const SIGNS: [&str; 21] =
    ["&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*", "/", "%", "(", ")", "[", "]", ",", ".", "?"];

/// Splits `source` into words. `place` gives the position of a byte of it.
pub(super) fn words(source: &str, place: &dyn Fn(usize) -> Position) -> Result<Vec<Token>, Fault> {
    let mut tokens = Vec::new();
    let mut at = 0;
    loop {
        let rest = &source[at..];
        let Some(first) = rest.chars().next() else { break };
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (word, length) = if first == '"' || first == '\'' {
            text(rest, first, at, place)?
        } else if first.is_ascii_digit() {
            number(rest).ok_or_else(|| Fault::new(place(at), "not a number"))?
        } else if first.is_ascii_alphabetic() || first == '_' {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            (Word::Name(rest[..end].to_owned()), end)
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (Word::Sign(sign), sign.len())
        } else {
            return Err(Fault::new(place(at), format!("unexpected character {first:?}")));
        };
        tokens.push(Token { word, at: place(at), from: at, to: at + length });
        at += length;
    }
    tokens.push(Token { word: Word::End, at: place(source.len()), from: source.len(), to: source.len() });
    Ok(tokens)
}

fn text(rest: &str, quote: char, start: usize, place: &dyn Fn(usize) -> Position) -> Result<(Word, usize), Fault> {
    let mut value = String::new();
    let mut letters = rest.char_indices().skip(1);
    while let Some((index, letter)) = letters.next() {
        if letter == quote {
            return Ok((Word::Text(value), index + 1));
        }
        if letter != '\\' {
            value.push(letter);
            continue;
        }
        match letters.next() {
            Some((_, escaped @ ('\\' | '"' | '\''))) => value.push(escaped),
            Some((_, 'n')) => value.push('\n'),
            Some((_, 't')) => value.push('\t'),
            Some((_, 'r')) => value.push('\r'),
            _ => {
                let message = "unknown escape: a text knows \\\\ \\\" \\' \\n \\t \\r";
                return Err(Fault::new(place(start + index), message));
            }
        }
    }
    Err(Fault::new(place(start), "the text has no end"))
}

fn number(rest: &str) -> Option<(Word, usize)> {
    let digits = |from: usize| rest[from..].find(|c: char| !c.is_ascii_digit()).map_or(rest.len(), |end| from + end);
    let mut end = digits(0);
    if rest[end..].starts_with('.') && rest[end + 1..].starts_with(|c: char| c.is_ascii_digit()) {
        end = digits(end + 1);
    }
    if rest[end..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return None;
    }
    Number::parse(&rest[..end])?;
    Some((Word::Number(rest[..end].to_owned()), end))
}
