//! A line of CSV, taken apart.

use std::{iter::Peekable, str::Chars};

/// One line; a quoted text may reach over several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// Where it begins, from 1.
    pub(super) line: u64,
    pub(super) fields: Vec<String>,
}

/// What cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) line: u64,
    pub(super) column: u64,
    pub(super) message: String,
}

/// Reads records one after the other.
pub(super) struct Records<'a> {
    text: Peekable<Chars<'a>>,
    line: u64,
    column: u64,
}

impl<'a> Records<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self { text: text.chars().peekable(), line: 1, column: 1 }
    }

    fn next_char(&mut self) -> Option<char> {
        let next = self.text.next()?;
        if next == '\n' {
            (self.line, self.column) = (self.line + 1, 1);
        } else {
            self.column += 1;
        }
        Some(next)
    }
    /// A line ends at `\n`, at `\r\n` and where the text does.
    fn at_end(&self) -> bool {
        let mut ahead = self.text.clone();
        match ahead.next() {
            None | Some('\n') => true,
            Some('\r') => matches!(ahead.next(), None | Some('\n')),
            Some(_) => false,
        }
    }
    fn skip_line(&mut self) {
        while self.next_char().is_some_and(|next| next != '\n') {}
    }
    fn skip_blanks(&mut self) {
        while !self.at_end() && self.text.peek().is_some_and(|next| next.is_whitespace()) {
            self.next_char();
        }
    }
    fn mistake(&self, message: impl Into<String>) -> Mistake {
        Mistake { line: self.line, column: self.column, message: message.into() }
    }

    /// A field, up to the comma or the end of the line.
    fn field(&mut self) -> Result<String, Mistake> {
        self.skip_blanks();
        if self.text.peek() == Some(&'"') {
            return self.quoted();
        }
        let mut field = String::new();
        while !self.at_end() && self.text.peek() != Some(&',') {
            field.extend(self.next_char());
        }
        field.truncate(field.trim_end().len());
        Ok(field)
    }

    fn quoted(&mut self) -> Result<String, Mistake> {
        let begun = self.mistake("the quoted text has no end");
        self.next_char();
        let mut field = String::new();
        loop {
            match self.next_char() {
                None => return Err(begun),
                Some('"') if self.text.peek() == Some(&'"') => field.extend(self.next_char()),
                Some('"') => break,
                Some(other) => field.push(other),
            }
        }
        self.skip_blanks();
        match self.text.peek().copied() {
            Some(next) if next != ',' && !self.at_end() => {
                Err(self.mistake(format!("expected a comma, found `{next}`")))
            }
            _ => Ok(field),
        }
    }

    fn record(&mut self) -> Result<Record, Mistake> {
        let (line, mut fields) = (self.line, Vec::new());
        loop {
            fields.push(self.field()?);
            if self.text.peek() == Some(&',') {
                self.next_char();
            } else {
                self.skip_line();
                return Ok(Record { line, fields });
            }
        }
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Record, Mistake>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.text.peek()?;
            self.skip_blanks();
            let is_comment = self.text.peek() == Some(&'#') && !self.is_marked();
            if !is_comment && !self.at_end() {
                return Some(self.record());
            }
            self.skip_line();
        }
    }
}

impl Records<'_> {
    /// Whether the comment is one of ours.
    fn is_marked(&self) -> bool {
        let mut ahead = self.text.clone();
        super::MARK.chars().all(|letter| ahead.next() == Some(letter)) && ahead.next() == Some(',')
    }
}
