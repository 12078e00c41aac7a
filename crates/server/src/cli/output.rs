//! How commands answer: tables and colour for people, JSON for programs.

use comfy_table::{Attribute, Cell, Color, ContentArrangement, presets};
use keystead_domain::{Error, Result};
use serde::Serialize;
use std::io::{ErrorKind, IsTerminal, Write};

/// Where a command's answer goes, and in which form.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    json: bool,
    colour: bool,
}

/// Rows under headings.
#[derive(Debug)]
pub struct Table {
    headings: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these headings.
    #[must_use]
    pub fn new(headings: &[&'static str]) -> Self {
        Self { headings: headings.to_vec(), rows: Vec::new() }
    }
    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = impl Into<String>>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }
}

/// Whether the person at the terminal likes colours (<https://no-color.org>).
#[must_use]
pub fn wants_colour() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

impl Output {
    /// For `--json` or a person.
    #[must_use]
    pub fn new(json: bool) -> Self {
        Self { json, colour: std::io::stdout().is_terminal() && wants_colour() }
    }
    /// Whether programs read the answer.
    #[must_use]
    pub const fn is_json(self) -> bool {
        self.json
    }
    /// Answers with `value` as JSON, or for people with what `table` makes.
    ///
    /// # Errors
    /// When standard output is closed.
    pub fn answer<T: Serialize>(self, value: &T, table: impl FnOnce() -> Table) -> Result<()> {
        if self.json {
            let text = serde_json::to_string_pretty(value).map_err(|error| Error::internal(error.to_string()))?;
            return self.line(&text);
        }
        let table = table();
        if table.rows.is_empty() {
            return self.line("Nothing to show.");
        }
        let mut shown = comfy_table::Table::new();
        shown.load_style(presets::UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
        shown.set_header(table.headings.iter().map(|heading| {
            let cell = Cell::new(heading);
            if self.colour { cell.add_attribute(Attribute::Bold).fg(Color::Cyan) } else { cell }
        }));
        for row in table.rows {
            shown.add_row(row);
        }
        self.line(&shown.to_string())
    }
    /// Says `sentence` to a person, or answers `{"message": …}`.
    ///
    /// # Errors
    /// When standard output is closed.
    pub fn say(self, sentence: &str) -> Result<()> {
        if self.json { self.line(&serde_json::json!({ "message": sentence }).to_string()) } else { self.line(sentence) }
    }
    /// Writes a text that is itself the answer (SQL, a script), or answers `{name: text}`.
    ///
    /// # Errors
    /// When standard output is closed.
    pub fn text(self, name: &str, text: &str) -> Result<()> {
        if self.json { self.line(&serde_json::json!({ name: text }).to_string()) } else { self.line(text) }
    }
    /// Writes `text` as it is.
    ///
    /// # Errors
    /// When standard output is closed.
    pub fn line(self, text: &str) -> Result<()> {
        let mut out = std::io::stdout().lock();
        match writeln!(out, "{text}").and_then(|()| out.flush()) {
            // Whoever reads has seen enough, as in `keystead user list | head`.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            outcome => outcome.map_err(|error| Error::internal(format!("standard output: {error}"))),
        }
    }
    /// Tells a person something beside the answer, on standard error.
    pub fn note(self, sentence: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{sentence}");
    }
    /// Shows an error and what to do next, on standard error.
    pub fn error(self, error: &Error) {
        let mut out = std::io::stderr().lock();
        let _ = if self.json {
            let body = serde_json::json!({ "error": { "code": error.code, "message": error.message, "fields": error.fields, "detail": error.internal } });
            writeln!(out, "{body}")
        } else {
            let (start, end) =
                if std::io::stderr().is_terminal() && wants_colour() { ("\x1b[1;31m", "\x1b[0m") } else { ("", "") };
            writeln!(out, "{start}error:{end} {}", error.message).and_then(|()| match &error.internal {
                Some(internal) => writeln!(out, "  cause: {internal}"),
                None => Ok(()),
            })
        };
    }
}
