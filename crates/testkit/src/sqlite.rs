//! A place for one SQLite database, gone when the test ends.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A directory of its own for one SQLite file and the files that SQLite puts beside it.
///
/// The file does not exist yet; whoever opens it first creates it. Dropping this removes the
/// directory with everything in it.
#[derive(Debug)]
pub struct TempDatabase {
    directory: TempDir,
}

impl TempDatabase {
    /// Makes the directory.
    #[must_use]
    pub fn new() -> Self {
        let directory = tempfile::Builder::new()
            .prefix("keystead-sqlite-")
            .tempdir()
            .expect("a temporary directory for a SQLite database");
        Self { directory }
    }

    /// Where the database file is or will be.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.directory.path().join("test.sqlite")
    }

    /// The directory, for files that belong to the same installation.
    #[must_use]
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// The database address in Keystead's configuration, `sqlite:PATH`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("sqlite:{}", self.path().display())
    }
}

impl Default for TempDatabase {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::TempDatabase;

    #[test]
    fn each_has_its_own_place_and_leaves_nothing() {
        let (one, other) = (TempDatabase::new(), TempDatabase::new());
        assert_ne!(one.path(), other.path());
        assert_eq!(one.url(), format!("sqlite:{}", one.path().display()));
        std::fs::write(one.path(), b"x").unwrap();
        let directory = one.directory().to_owned();
        drop(one);
        assert!(!directory.exists());
    }
}
