//! Opens a JSON store.

use super::{
    document::{Document, Source, damaged},
    file::{Paths, unusable},
    load as put,
    lock::Lock,
    older,
    saver::JsonFile,
};
use crate::{
    engine::{SqlStore, StoreSettings, StoreTarget, errors::sqlx_store_error},
    migrate::{MIGRATIONS, Migration, MigrationTarget, Migrator, Run},
    rows::declared,
};
use keystead_domain::{Clock, Error, Result};
use sqlx::SqlitePool;
use std::{io, sync::Arc};

/// Opens the JSON store that `settings` names: locks its file, loads it, brings an older schema up to date, and from then
/// on saves it within a second after each commit and when the store is closed. A missing or empty file is made.
///
/// # Errors
/// `Conflict` with code `store_file_in_use` when another program has the file; `Invalid` with code `store_file_damaged`
/// when it does not load, with the line; `store_file` or `store_file_unsaved` when it cannot be read or written. The file
/// is left as it was.
pub async fn open_json(settings: &StoreSettings, clock: Arc<dyn Clock>) -> Result<SqlStore> {
    let Loaded { store, pool, paths, lock, schema_version, is_saved } = load(settings, clock).await?;
    let file = JsonFile::begin(pool, paths, lock, schema_version, is_saved).await?;
    let hook = file.hook();
    Ok(store.with_commit_hook(hook).with_json_file(file))
}

/// A JSON file in memory. Nothing saves it.
pub(crate) struct Loaded {
    /// The rows.
    pub(crate) store: SqlStore,
    /// The one connection to them.
    pub(crate) pool: SqlitePool,
    /// Where the file is.
    pub(crate) paths: Paths,
    /// The migration up to which the rows' schema is applied.
    pub(crate) schema_version: i32,
    /// Whether the file holds what the store holds: the same rows in the same schema.
    is_saved: bool,
    lock: Lock,
}

/// Locks the file and loads it.
///
/// # Errors
/// As [`open_json`].
pub(crate) async fn load(settings: &StoreSettings, clock: Arc<dyn Clock>) -> Result<Loaded> {
    load_with(settings, clock, MIGRATIONS).await
}

async fn load_with(settings: &StoreSettings, clock: Arc<dyn Clock>, migrations: &[Migration]) -> Result<Loaded> {
    let StoreTarget::Json(path) = &settings.target else {
        return Err(Error::invalid("DATABASE_URL", "must begin with json:"));
    };
    let paths = Paths::of(path)?;
    let lock = Lock::take(&paths)?;
    let store = SqlStore::connect(settings).await?;
    let pool = store.in_memory().cloned().ok_or_else(|| Error::internal("a JSON store is in memory"))?;
    let newest = migrations.last().map_or(0, Migration::version);
    let migrate = async |known: &[Migration]| {
        Migrator::new(MigrationTarget::Memory(pool.clone()), clock.clone())
            .with_migrations(known.to_vec())
            .up(Run::Apply, |_| {})
            .await
    };
    let text = read(&paths)?;
    let mut version = None;
    if let Some(text) = &text {
        let document = Document::parse(Source { text, path }, newest)?;
        let applied = usize::try_from(document.schema_version).unwrap_or(0);
        version = Some(document.schema_version);
        migrate(migrations.get(..applied).unwrap_or(migrations)).await?;
        fill(&pool, document, newest).await?;
    }
    migrate(migrations).await?;
    Ok(Loaded { store, pool, paths, schema_version: newest, is_saved: version == Some(newest), lock })
}

/// The file's text; none where it is missing or empty.
fn read(paths: &Paths) -> Result<Option<String>> {
    match std::fs::read(&paths.file) {
        Ok(bytes) if bytes.iter().all(u8::is_ascii_whitespace) => Ok(None),
        Ok(bytes) => String::from_utf8(bytes).map(Some).map_err(|error| {
            let before = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            damaged(&paths.file, line, "the text is not UTF-8")
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unusable(&paths.file, &error)),
    }
}

/// Puts the rows into the database, whose schema is the document's.
async fn fill(pool: &SqlitePool, document: Document<'_>, newest: i32) -> Result<()> {
    let mut connection = pool.acquire().await.map_err(|error| sqlx_store_error(&error))?;
    let shapes = if document.schema_version == newest {
        declared()
    } else {
        older::shapes(&mut connection, document.schema_version).await?
    };
    // If this fails, the whole store is thrown away.
    let run = async |sql: &'static str, connection: &mut sqlx::SqliteConnection| {
        sqlx::raw_sql(sql).execute(connection).await.map(drop).map_err(|error| sqlx_store_error(&error))
    };
    run("BEGIN IMMEDIATE", &mut connection).await?;
    put::load(&mut connection, document, &shapes).await?;
    run("COMMIT", &mut connection).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::Statements;

    #[tokio::test]
    async fn a_file_of_an_older_schema_is_brought_up_to_date() {
        let place = tempfile::tempdir().unwrap();
        let settings = StoreSettings::new(StoreTarget::Json(place.path().join("store.json")));
        let (clock, file) = (Arc::new(keystead_domain::SystemClock), place.path().join("store.json"));
        drop(open_json(&settings, clock.clone()).await.unwrap());
        let row =
            r#""seeds_applied": [{"name": "system", "environment": "test", "applied_at": "2026-01-01T00:00:00Z"}]"#;
        let old = std::fs::read_to_string(&file).unwrap().replace("\"seeds_applied\": []", row);
        std::fs::write(&file, &old).unwrap();

        let mut migrations = MIGRATIONS.to_vec();
        let sqlite = "ALTER TABLE seeds_applied ADD COLUMN note TEXT NOT NULL DEFAULT 'none'".into();
        let statements = Statements { postgres: String::new().into(), sqlite };
        let folder = format!("{:04}_note", MIGRATIONS.len() + 1).into();
        migrations.push(Migration { folder, up: statements.clone(), down: statements });
        let loaded = load_with(&settings, clock, &migrations).await.unwrap();
        assert!(!loaded.is_saved, "the next save writes the new schema");
        assert_eq!(loaded.schema_version, i32::try_from(migrations.len()).unwrap());
        let row: (String, String) =
            sqlx::query_as("SELECT name, note FROM seeds_applied").fetch_one(&loaded.pool).await.unwrap();
        assert_eq!(row, ("system".to_owned(), "none".to_owned()));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), old);
    }

    #[tokio::test]
    async fn a_file_of_the_empty_schema_loads() {
        let place = tempfile::tempdir().unwrap();
        let settings = StoreSettings::new(StoreTarget::Json(place.path().join("store.json")));
        std::fs::write(
            place.path().join("store.json"),
            r#"{"keystead": {"format": 1, "schema_version": 0}, "tables": {}}"#,
        )
        .unwrap();
        let loaded = load(&settings, Arc::new(keystead_domain::SystemClock)).await.unwrap();
        assert!(!loaded.is_saved);
    }
}
