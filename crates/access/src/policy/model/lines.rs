//! The outer form of a model text: sections, keys and values, with the place of everything.

use super::ModelError;
use crate::policy::position::Position;

/// A value, and where each of its pieces stands: a value may go on over several lines.
#[derive(Clone, Debug, Default)]
pub(super) struct Located {
    pub(super) text: String,
    /// The byte of `text` at which a piece begins, and the place of its first character.
    pieces: Vec<(usize, Position)>,
}

impl Located {
    pub(super) fn new(text: &str, at: Position) -> Self {
        Self { text: text.to_owned(), pieces: vec![(0, at)] }
    }
    fn push(&mut self, piece: &str, at: Position) {
        self.text.push(' ');
        self.pieces.push((self.text.len(), at));
        self.text.push_str(piece);
    }
    /// The place of a byte of the text.
    pub(super) fn place(&self, byte: usize) -> Position {
        let index = self.pieces.partition_point(|(start, _)| *start <= byte).saturating_sub(1);
        let Some((start, at)) = self.pieces.get(index) else { return Position::START };
        let characters = self.text.get(*start..byte).map_or(0, |before| before.chars().count());
        Position { line: at.line, column: at.column.saturating_add(u32::try_from(characters).unwrap_or(u32::MAX)) }
    }
}

/// `key = value` of a section.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) section: String,
    pub(super) key: String,
    pub(super) at: Position,
    pub(super) value: Located,
}

const SECTIONS: [&str; 6] =
    ["request_definition", "policy_definition", "role_definition", "policy_effect", "matchers", "keystead"];

/// Reads the entries of a model text in their order.
pub(super) fn entries(text: &str) -> Result<Vec<Entry>, ModelError> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut section: Option<String> = None;
    let mut lines = (1u32..).zip(text.split('\n'));
    while let Some((number, line)) = lines.next() {
        let (content, at) = trimmed(line, number);
        if is_blank(content) {
            continue;
        }
        if let Some(name) = content.strip_prefix('[') {
            let Some(name) = without_comment(name).strip_suffix(']') else {
                return Err(ModelError::new(at, "a section ends with `]`"));
            };
            if !SECTIONS.contains(&name) {
                return Err(ModelError::new(
                    at,
                    format!("unknown section `{name}`; there are {}", SECTIONS.join(", ")),
                ));
            }
            section = Some(name.to_owned());
            continue;
        }
        let Some(section) = &section else {
            return Err(ModelError::new(at, "a definition stands before the first section"));
        };
        let Some((key, _)) = content.split_once('=') else {
            return Err(ModelError::new(at, "expected `key = value`"));
        };
        let skipped = key.len() + 1;
        let after = &content[skipped..];
        let lead = after.len() - after.trim_start().len();
        let column = at.column + columns(&content[..skipped + lead]);
        let (mut piece, mut more) = continued(after.trim_start());
        let mut value = Located::new(piece, Position { line: number, column });
        while more {
            let Some((number, line)) = lines.next() else { break };
            let (content, at) = trimmed(line, number);
            if is_blank(content) {
                continue;
            }
            (piece, more) = continued(content);
            value.push(piece, at);
        }
        let key = key.trim().to_owned();
        if let Some(first) = entries.iter().find(|entry| entry.section == *section && entry.key == key) {
            return Err(ModelError::new(at, format!("`{key}` is defined already, at {}", first.at)));
        }
        entries.push(Entry { section: section.clone(), key, at, value });
    }
    Ok(entries)
}

fn trimmed(line: &str, number: u32) -> (&str, Position) {
    let content = line.trim_start();
    let column = 1 + columns(&line[..line.len() - content.len()]);
    (content.trim_end(), Position { line: number, column })
}

fn is_blank(content: &str) -> bool {
    content.is_empty() || content.starts_with(['#', ';'])
}

fn columns(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX - 1)
}

/// The piece without comment and without the sign of continuation, and whether the next line belongs to it.
fn continued(piece: &str) -> (&str, bool) {
    let piece = without_comment(piece);
    match piece.strip_suffix('\\') {
        Some(piece) => (piece.trim_end(), true),
        None => (piece, false),
    }
}

/// Cuts a comment off; a `#` inside quotes begins none.
fn without_comment(piece: &str) -> &str {
    let mut quote = None;
    let mut letters = piece.char_indices();
    while let Some((index, letter)) = letters.next() {
        match quote {
            Some(_) if letter == '\\' => {
                letters.next();
            }
            Some(open) if letter == open => quote = None,
            Some(_) => {}
            None if letter == '#' => return piece[..index].trim_end(),
            None if matches!(letter, '"' | '\'') => quote = Some(letter),
            None => {}
        }
    }
    piece.trim_end()
}
