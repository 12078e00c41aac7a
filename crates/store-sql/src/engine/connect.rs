//! Opens the pools.

use super::{
    errors::sqlx_store_error,
    pool::{Limits, Pool},
    settings::{PostgresSettings, SqliteSynchronous},
};
use keystead_domain::{Error, Result};
use sqlx::{
    PgConnection, SqliteConnection, SqlitePool,
    postgres::PgConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous as Synchronous},
};
use std::{path::Path, time::Duration};

/// How long a writer waits for another process that has the SQLite file.
const BUSY: Duration = Duration::from_secs(5);
/// How long a unit of work waits for the one SQLite writer.
const WAIT: Duration = Duration::from_secs(10);

/// The pool of a PostgreSQL store.
pub(crate) async fn postgres(options: PgConnectOptions, settings: &PostgresSettings) -> Result<Pool<PgConnection>> {
    use sqlx::ConnectOptions;
    let options = settings.apply(options)?.disable_statement_logging();
    let limits = Limits {
        size: settings.pool_size,
        overflow: settings.pool_overflow,
        wait: settings.pool_wait,
        recycle: settings.pool_recycle,
        idle: settings.pool_idle,
    };
    Pool::open(options, limits).await.map_err(|error| unreachable_database(&error))
}

fn unreachable_database(error: &sqlx::Error) -> Error {
    Error::new(
        keystead_domain::ErrorKind::Busy,
        "database_unreachable",
        "The database cannot be reached: check DATABASE_URL, the network, and that the server runs. `keystead doctor` looks closer.",
    )
    .with_internal(error.to_string())
}

/// The one writer and the readers of a SQLite file, which is made if it is missing, readable by its owner only.
pub(crate) async fn sqlite_file(
    path: &Path,
    readers: u32,
    synchronous: SqliteSynchronous,
) -> Result<(Pool<SqliteConnection>, Pool<SqliteConnection>)> {
    make_private(path)?;
    let options = sqlite_options(synchronous).filename(path);
    let limits = |size| Limits { size, overflow: 0, wait: WAIT, recycle: Duration::MAX, idle: Duration::MAX };
    let refuse = |error: sqlx::Error| refuse_file(path, &error);
    let writer = Pool::open(options.clone(), limits(1)).await.map_err(refuse)?;
    let readers = Pool::open(options.pragma("query_only", "ON"), limits(readers)).await.map_err(refuse)?;
    Ok((writer, readers))
}

/// One connection to a database in memory. It is never closed while the store lives: its rows would be gone.
pub(crate) async fn sqlite_memory() -> Result<SqlitePool> {
    let options = sqlite_options(SqliteSynchronous::Normal).in_memory(true).journal_mode(SqliteJournalMode::Memory);
    SqlitePoolOptions::new()
        .max_connections(1)
        .min_connections(1)
        .acquire_timeout(WAIT)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options)
        .await
        .map_err(|error| sqlx_store_error(&error))
}

/// What every SQLite connection is opened with.
pub(crate) fn sqlite_options(synchronous: SqliteSynchronous) -> SqliteConnectOptions {
    use sqlx::ConnectOptions;
    SqliteConnectOptions::new()
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(match synchronous {
            SqliteSynchronous::Full => Synchronous::Full,
            SqliteSynchronous::Normal => Synchronous::Normal,
        })
        .pragma("trusted_schema", "OFF")
        // In pages of 4 KiB, four times the usual: a page that many writes touch is put into the database once for all of them.
        .pragma("wal_autocheckpoint", "4000")
        // Most statements in two forms: with what opens a transaction before them, and without.
        .statement_cache_capacity(512)
        .disable_statement_logging()
}

/// Makes the file with mode 0600 before SQLite would make it with the process's mask.
fn make_private(path: &Path) -> Result<()> {
    let refuse = |error: std::io::Error| {
        Error::new(
            keystead_domain::ErrorKind::Invalid,
            "store_file",
            format!("The store file {} cannot be opened: {error}. Check the path and its permissions.", path.display()),
        )
    };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(refuse)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(refuse)
}

fn refuse_file(path: &Path, error: &sqlx::Error) -> Error {
    Error::new(
        keystead_domain::ErrorKind::Invalid,
        "store_file",
        format!("The store file {} cannot be opened: {error}. It was left as it is.", path.display()),
    )
}
