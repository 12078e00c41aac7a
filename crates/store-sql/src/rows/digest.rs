//! The checksum of a table.

use sha2::{Digest, Sha256};
use std::fmt::Write;

/// SHA-256 over the canonical rows of a table in the order of their keys, one line each.
#[derive(Default)]
pub(crate) struct TableDigest {
    hash: Sha256,
    rows: u64,
}

impl TableDigest {
    /// Adds the next row in its canonical form, which has no line break of its own.
    pub(crate) fn add(&mut self, canonical: &str) {
        self.hash.update(canonical.as_bytes());
        self.hash.update(b"\n");
        self.rows += 1;
    }
    /// How many rows were added.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }
    /// In hexadecimal.
    pub(crate) fn finish(self) -> String {
        self.hash.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}
