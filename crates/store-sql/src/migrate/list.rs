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
pub const MIGRATIONS: &[Migration] = migrations!["0001_foundation"];

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
