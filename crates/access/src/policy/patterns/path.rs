//! Paths with `*`, `:name` and `{name}`: `keyMatch2` to `keyMatch5`, `keyGet2` and `keyGet3`.

use crate::policy::expression::functions::Function;

/// The most placeholders of one pattern.
pub(crate) const MAX_PLACES: usize = 16;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(Box<[u8]>),
    /// One character, as `.` in a regular expression.
    Any,
    /// One or more characters that are no slash: a placeholder, with its name.
    Place(Box<str>),
    /// Anything.
    Rest,
}

/// A pattern that needs no regular expression.
#[derive(Clone, Debug)]
pub(crate) struct PathPattern {
    parts: Box<[Part]>,
    /// Whether placeholders take as little as they can (`keyGet3`).
    lazy: bool,
}

/// Where each placeholder's value begins and ends.
type Places = [(usize, usize); MAX_PLACES];

/// What a pattern text is, beside plain text.
pub(super) enum Piece<'a> {
    Letter(char),
    Place(&'a str),
    Rest,
}

/// Splits a pattern into what Casbin gives a meaning, and all other characters.
pub(super) fn pieces(function: Function, text: &str) -> Vec<Piece<'_>> {
    if text == "*" {
        return vec![Piece::Rest];
    }
    let colons = matches!(function, Function::KeyMatch2 | Function::KeyGet2);
    let (mut pieces, mut at) = (Vec::new(), 0);
    while let Some(letter) = text[at..].chars().next() {
        let after = &text[at + letter.len_utf8()..];
        at += letter.len_utf8();
        match letter {
            '/' if after.starts_with('*') => {
                pieces.extend([Piece::Letter('/'), Piece::Rest]);
                at += 1;
            }
            ':' if colons => {
                let end = after.find('/').unwrap_or(after.len());
                if end == 0 {
                    pieces.push(Piece::Letter(':'));
                } else {
                    pieces.push(Piece::Place(&after[..end]));
                    at += end;
                }
            }
            '{' if !colons => {
                let first = after.chars().next().filter(|first| *first != '/').map_or(0, char::len_utf8);
                let end = after[first..].find(['}', '/']).map(|end| first + end);
                match end {
                    Some(end) if first > 0 && after[end..].starts_with('}') => {
                        pieces.push(Piece::Place(&after[..end]));
                        at += end + 1;
                    }
                    _ => pieces.push(Piece::Letter('{')),
                }
            }
            _ => pieces.push(Piece::Letter(letter)),
        }
    }
    pieces
}

impl PathPattern {
    /// The pattern; none when it has signs that only a regular expression understands.
    pub(super) fn new(function: Function, text: &str) -> Option<Self> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        for piece in pieces(function, text) {
            let part = match piece {
                Piece::Letter('\\' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '^' | '$' | '|' | '*') => {
                    return None;
                }
                Piece::Letter('.') => Part::Any,
                Piece::Letter(letter) => {
                    literal.push(letter);
                    continue;
                }
                Piece::Place(name) => Part::Place(name.into()),
                Piece::Rest => Part::Rest,
            };
            if !literal.is_empty() {
                parts.push(Part::Literal(std::mem::take(&mut literal).into_bytes().into()));
            }
            parts.push(part);
        }
        if !literal.is_empty() {
            parts.push(Part::Literal(literal.into_bytes().into()));
        }
        Some(Self { parts: parts.into(), lazy: function == Function::KeyGet3 })
    }
    pub(super) fn open_parts(&self) -> usize {
        self.parts.iter().filter(|part| matches!(part, Part::Place(_) | Part::Rest)).count()
    }
    fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Place(name) => Some(&**name),
            _ => None,
        })
    }

    /// Whether the whole of `text` fits; none when `steps` are used up.
    pub(crate) fn fits(&self, text: &str, steps: &mut u32) -> Option<bool> {
        self.run(&self.parts, text, 0, 0, &mut [(0, 0); MAX_PLACES], steps)
    }
    /// The same, and placeholders of one name have one value.
    pub(crate) fn fits_alike(&self, text: &str, steps: &mut u32) -> Option<bool> {
        let mut places = [(0, 0); MAX_PLACES];
        if !self.run(&self.parts, text, 0, 0, &mut places, steps)? {
            return Some(false);
        }
        let value = |index: usize| places.get(index).map(|(from, to)| &text[*from..*to]);
        let alike = self.names().enumerate().all(|(index, name)| {
            let first = self.names().position(|other| other == name).unwrap_or(index);
            value(first) == value(index)
        });
        Some(alike)
    }
    /// The value of the placeholder `name`, as bytes of `text`; nothing when the text does not fit or has no such one.
    pub(crate) fn value(&self, text: &str, name: &str, steps: &mut u32) -> Option<(usize, usize)> {
        let mut places = [(0, 0); MAX_PLACES];
        if !self.run(&self.parts, text, 0, 0, &mut places, steps)? {
            return Some((0, 0));
        }
        let index = self.names().position(|known| known == name);
        Some(index.and_then(|index| places.get(index).copied()).unwrap_or((0, 0)))
    }

    fn run(
        &self,
        mut parts: &[Part],
        text: &str,
        mut at: usize,
        place: usize,
        places: &mut Places,
        steps: &mut u32,
    ) -> Option<bool> {
        loop {
            *steps = steps.checked_sub(1)?;
            let Some((part, after)) = parts.split_first() else { return Some(at == text.len()) };
            let rest = &text.as_bytes()[at..];
            match part {
                Part::Literal(literal) if rest.starts_with(literal) => at += literal.len(),
                Part::Any => match text.get(at..).and_then(|rest| rest.chars().next()) {
                    Some(letter) if letter != '\n' => at += letter.len_utf8(),
                    _ => return Some(false),
                },
                Part::Literal(_) => return Some(false),
                Part::Place(_) => {
                    let end = at + rest.iter().position(|byte| *byte == b'/').unwrap_or(rest.len());
                    // What follows begins with a slash or is nothing: only the whole segment can fit.
                    let whole =
                        after.first().is_none_or(|next| matches!(next, Part::Literal(text) if text.starts_with(b"/")));
                    let shortest = if whole { end.max(at + 1) } else { at + 1 };
                    return self.choose(after, text, (shortest, end), self.lazy, place, at, places, steps);
                }
                Part::Rest => {
                    let end = at + rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
                    let shortest = if after.is_empty() { end } else { at };
                    return self.choose(after, text, (shortest, end), false, usize::MAX, at, places, steps);
                }
            }
            parts = after;
        }
    }
    /// Tries the ends of a part of open length, the longest first, or the shortest when it is lazy.
    #[allow(clippy::too_many_arguments, reason = "the state of one step of a recursion")]
    fn choose(
        &self,
        after: &[Part],
        text: &str,
        (shortest, longest): (usize, usize),
        lazy: bool,
        place: usize,
        at: usize,
        places: &mut Places,
        steps: &mut u32,
    ) -> Option<bool> {
        let next = if place == usize::MAX { self.placed(after) } else { place + 1 };
        for offset in 0..(longest + 1).saturating_sub(shortest) {
            let end = if lazy { shortest + offset } else { longest - offset };
            if !text.is_char_boundary(end) {
                continue;
            }
            if let Some(slot) = places.get_mut(place) {
                *slot = (at, end);
            }
            if self.run(after, text, end, next, places, steps)? {
                return Some(true);
            }
        }
        Some(false)
    }
    /// How many placeholders stand before `after`.
    fn placed(&self, after: &[Part]) -> usize {
        let before = &self.parts[..self.parts.len() - after.len()];
        before.iter().filter(|part| matches!(part, Part::Place(_))).count()
    }
}
