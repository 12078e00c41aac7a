//! What went wrong, and what to do next.

use std::fmt::Display;
use std::io::Write;

/// What went wrong, and what to do next.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What went wrong.
    pub(crate) what: String,
    /// What to do next.
    pub(crate) next: Option<String>,
}

pub(crate) type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// A failure that says enough by itself.
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), next: None }
    }

    /// The same failure, with what to do next.
    pub(crate) fn next(mut self, next: impl Into<String>) -> Self {
        self.next = Some(next.into());
        self
    }

    /// Shows it on standard error.
    pub(crate) fn print(&self) {
        let mut out = std::io::stderr().lock();
        let _ = writeln!(out, "error: {}", self.what);
        if let Some(next) = &self.next {
            let _ = writeln!(out, "  next: {next}");
        }
    }
}

/// Says what was being done when an error came up.
pub(crate) trait While<T> {
    /// Turns the error into a failure that begins with `doing`.
    fn doing(self, doing: impl FnOnce() -> String) -> Result<T>;
}

impl<T, E: Display> While<T> for std::result::Result<T, E> {
    fn doing(self, doing: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|error| Failure::new(format!("{}: {error}", doing())))
    }
}
