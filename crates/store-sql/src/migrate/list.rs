//! The migrations that this program knows.

use keystead_domain::{Error, ErrorKind, Result};
use sha2::{Digest, Sha256};
use std::{borrow::Cow, fmt::Write};

/// Which SQL a database speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// PostgreSQL.
    Postgres,
    /// SQLite, in a file or in memory.
    Sqlite,
}

/// The statements of one direction, for each engine.
#[derive(Clone, Debug)]
pub struct Statements {
    /// For PostgreSQL.
    pub postgres: Cow<'static, str>,
    /// For SQLite.
    pub sqlite: Cow<'static, str>,
}

impl Statements {
    /// Those for `engine`.
    #[must_use]
    pub fn of(&self, engine: Engine) -> &str {
        match engine {
            Engine::Postgres => &self.postgres,
            Engine::Sqlite => &self.sqlite,
        }
    }
}

/// One step of the schema: never edited once it has landed.
#[derive(Clone, Debug)]
pub struct Migration {
    /// Its folder, `NNNN_name`.
    pub folder: Cow<'static, str>,
    /// What applies it.
    pub up: Statements,
    /// What takes it back.
    pub down: Statements,
}

macro_rules! migrations {
    ($($folder:literal),* $(,)?) => {
        &[$(Migration {
            folder: Cow::Borrowed($folder),
            up: Statements {
                postgres: Cow::Borrowed(include_str!(concat!("../../migrations/", $folder, "/postgres.up.sql"))),
                sqlite: Cow::Borrowed(include_str!(concat!("../../migrations/", $folder, "/sqlite.up.sql"))),
            },
            down: Statements {
                postgres: Cow::Borrowed(include_str!(concat!("../../migrations/", $folder, "/postgres.down.sql"))),
                sqlite: Cow::Borrowed(include_str!(concat!("../../migrations/", $folder, "/sqlite.down.sql"))),
            },
        }),*]
    };
}

/// Every migration, in order. A new one is a new line here.
pub const MIGRATIONS: &[Migration] = migrations![
    "0001_foundation",
    "0002_functions",
    "0003_audit_by_address",
    "0004_hot_functions",
    "0005_access",
    "0006_known_callers",
    "0007_qualified_names",
    "0008_api_key_versions",
    "0009_callers_still_known"
];

impl Migration {
    /// The number that its folder begins with; 0 where it begins with none.
    #[must_use]
    pub fn version(&self) -> i32 {
        self.folder.split_once('_').and_then(|(number, _)| number.parse().ok()).unwrap_or(0)
    }
    /// The rest of its folder's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.folder.split_once('_').map_or(&self.folder, |(_, name)| name)
    }
    /// The checksums of what applies it and what takes it back on `engine`.
    #[must_use]
    pub fn checksums(&self, engine: Engine) -> (String, String) {
        (checksum(self.up.of(engine)), checksum(self.down.of(engine)))
    }
}

/// SHA-256 in hexadecimal. How a checkout ends its lines makes no difference.
fn checksum(sql: &str) -> String {
    let digest = Sha256::digest(sql.replace("\r\n", "\n").as_bytes());
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Refuses a list whose numbers are not 1, 2, 3, …
pub(super) fn without_gaps(migrations: &[Migration]) -> Result<()> {
    for (expected, migration) in (1..).zip(migrations) {
        if migration.version() != expected {
            return Err(Error::new(
                ErrorKind::Internal,
                "migration_gap",
                format!(
                    "Migration {expected:04} is missing from the program: {} stands in its place.",
                    migration.folder
                ),
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{collections::BTreeSet, fs, path::Path};

    fn directory() -> &'static Path {
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations"))
    }

    #[test]
    fn every_folder_is_listed_with_its_four_files_and_nothing_else() {
        without_gaps(MIGRATIONS).unwrap();
        let listed: BTreeSet<_> = MIGRATIONS.iter().map(|migration| migration.folder.to_string()).collect();
        let entries = fs::read_dir(directory()).unwrap().map(|entry| entry.unwrap());
        let folders: BTreeSet<_> = entries
            .filter(|entry| entry.file_type().unwrap().is_dir())
            .map(|entry| entry.file_name().into_string().unwrap())
            .collect();
        assert_eq!(folders, listed);
        for folder in folders {
            let files = fs::read_dir(directory().join(folder)).unwrap();
            let files: BTreeSet<_> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
            let expected = ["postgres.down.sql", "postgres.up.sql", "sqlite.down.sql", "sqlite.up.sql"];
            assert!(files.iter().eq(expected), "{files:?}");
        }
    }

    /// `migrations/checksums` lists the files of the migrations that have landed, as `sha256sum */*.sql` prints them.
    #[test]
    fn what_has_landed_is_never_edited() {
        let listed = fs::read_to_string(directory().join("checksums")).unwrap();
        assert!(!listed.is_empty());
        for line in listed.lines() {
            let (expected, file) = line.split_once("  ").unwrap();
            let sql = fs::read_to_string(directory().join(file)).unwrap();
            assert_eq!(checksum(&sql), expected, "{file} has landed: write a new migration instead of editing it");
        }
    }

    /// The database refuses them within its own transaction, or would end it.
    #[test]
    fn no_migration_opens_or_ends_a_transaction() {
        for migration in MIGRATIONS {
            for statements in [&migration.up, &migration.down] {
                for sql in [&statements.postgres, &statements.sqlite] {
                    let mut lines = sql.lines().map(|line| line.trim().to_uppercase());
                    let ends = |line: String| {
                        ["BEGIN;", "BEGIN TRANSACTION;", "BEGIN IMMEDIATE;", "COMMIT;", "ROLLBACK;"]
                            .contains(&line.as_str())
                    };
                    assert!(!lines.any(ends), "{}", migration.folder);
                }
            }
        }
    }
}
