//! What was applied, and what that means for the migrations that the program knows.

use super::list::{Engine, Migration, without_gaps};
use keystead_domain::{Error, ErrorKind, Result, Timestamp};

/// A migration that was applied to a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Its number.
    pub version: i32,
    /// Its name.
    pub name: String,
    /// SHA-256 of what applied it, in hexadecimal.
    pub up_checksum: String,
    /// SHA-256 of what takes it back, in hexadecimal.
    pub down_checksum: String,
    /// When it was applied.
    pub applied_at: Timestamp,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}

impl Applied {
    /// Its folder, as the program would name it.
    #[must_use]
    pub fn folder(&self) -> String {
        format!("{:04}_{}", self.version, self.name)
    }
}

/// Compares what the database has with what the program knows, and returns what is pending.
///
/// # Errors
/// `Conflict`, and the message names the migration: code `database_newer` when the database has one that the program does not
/// know, `migration_edited` when one was changed after it was applied, `migration_gap` when one is missing in between.
pub(super) fn pending<'a>(known: &'a [Migration], applied: &[Applied], engine: Engine) -> Result<&'a [Migration]> {
    let refuse = |code, message| Err(Error::new(ErrorKind::Conflict, code, message));
    without_gaps(known)?;
    if let Some(newer) = applied.iter().find(|applied| !known.iter().any(|one| one.version() == applied.version)) {
        return refuse(
            "database_newer",
            format!(
                "The database has migration {}, which this program does not know: it belongs to a newer version of Keystead. \
                 Start that version, or take the migration back with it (`keystead migrate down`).",
                newer.folder()
            ),
        );
    }
    for (migration, applied) in known.iter().zip(applied) {
        if applied.version != migration.version() {
            return refuse(
                "migration_gap",
                format!(
                    "Migration {} was never applied, but {} was: the table schema_migrations was changed by hand. \
                     Restore it from a backup.",
                    migration.folder,
                    applied.folder()
                ),
            );
        }
        let (up, down) = migration.checksums(engine);
        if applied.name != migration.name() || applied.up_checksum != up || applied.down_checksum != down {
            return refuse(
                "migration_edited",
                format!(
                    "Migration {} was applied on {} and edited afterwards. Undo the edit, and write what is to change as a new \
                     migration (`keystead migrate new NAME`).",
                    applied.folder(),
                    applied.applied_at
                ),
            );
        }
    }
    Ok(known.get(applied.len()..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::list::Statements;

    fn migration(folder: &str) -> Migration {
        let statements = |end: &str| Statements {
            postgres: format!("{folder} postgres {end}").into(),
            sqlite: format!("{folder} sqlite {end}").into(),
        };
        Migration { folder: folder.to_owned().into(), up: statements("up"), down: statements("down") }
    }
    fn applied(migration: &Migration) -> Applied {
        let (up_checksum, down_checksum) = migration.checksums(Engine::Sqlite);
        Applied {
            version: migration.version(),
            name: migration.name().to_owned(),
            up_checksum,
            down_checksum,
            applied_at: Timestamp::from_unix_seconds(0),
            duration_ms: 0,
        }
    }
    fn code(known: &[Migration], applied: &[Applied]) -> &'static str {
        pending(known, applied, Engine::Sqlite).unwrap_err().code
    }

    #[test]
    fn what_is_not_applied_is_pending() {
        let known = [migration("0001_a"), migration("0002_b")];
        let all: Vec<_> = known.iter().map(applied).collect();
        let folders = |applied| {
            pending(&known, applied, Engine::Sqlite).unwrap().iter().map(|one| one.folder.as_ref()).collect::<Vec<_>>()
        };
        assert_eq!(folders(&[]), ["0001_a", "0002_b"]);
        assert_eq!(folders(&all[..1]), ["0002_b"]);
        assert!(folders(&all).is_empty());
    }

    #[test]
    fn edits_gaps_and_newer_databases_are_refused_by_name() {
        let known = [migration("0001_a"), migration("0002_b")];
        let all: Vec<_> = known.iter().map(applied).collect();
        let mut edited = known.clone();
        edited[1].down.sqlite = "other".into();
        assert_eq!(code(&edited, &all), "migration_edited");
        assert!(pending(&edited, &all, Engine::Sqlite).unwrap_err().message.contains("0002_b"));
        assert_eq!(code(&[migration("0001_z"), known[1].clone()], &all), "migration_edited");
        assert_eq!(code(&known[..1], &all), "database_newer");
        assert_eq!(code(&known, &all[1..]), "migration_gap");
        assert_eq!(code(&known[1..], &[]), "migration_gap");
        // The other engine's statements are none of this database's business.
        edited.clone_from(&known);
        edited[1].up.postgres = "other".into();
        assert!(pending(&edited, &all, Engine::Sqlite).is_ok());
    }

    #[test]
    fn line_ends_make_no_difference() {
        let (mut unix, mut windows) = (migration("0001_a"), migration("0001_a"));
        unix.up.sqlite = "a;\nb;\n".into();
        windows.up.sqlite = "a;\r\nb;\r\n".into();
        assert_eq!(unix.checksums(Engine::Sqlite), windows.checksums(Engine::Sqlite));
    }
}
