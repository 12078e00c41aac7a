//! One copy at a time into a destination.

use crate::engine::{StoreSettings, StoreTarget, errors::sqlx_store_error};
use keystead_domain::{Error, Result};
use sqlx::{ConnectOptions, Connection, PgConnection};
use std::{
    fs::{File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
};

/// Held while a copy runs, and free when it is dropped, or when its process ends in any way.
#[derive(Debug)]
pub(super) enum Lock {
    /// A lock of this session.
    Postgres(Box<PgConnection>),
    /// A lock on a file beside the database's: SQLite's own are taken and given back with every transaction.
    File(#[allow(dead_code, reason = "held for what its drop does")] LockedFile),
    /// A JSON file is locked by whoever opens it.
    None,
}

impl Lock {
    /// # Errors
    /// `Conflict` with code `copy_in_progress` when another copy has it.
    pub(super) async fn take(settings: &StoreSettings) -> Result<Self> {
        match &settings.target {
            StoreTarget::Postgres(address) => {
                let options = settings.postgres.for_migrations((**address).clone())?.disable_statement_logging();
                let connection = PgConnection::connect_with(&options).await;
                let mut connection = connection.map_err(|error| sqlx_store_error(&error))?;
                let taken: bool =
                    sqlx::query_scalar("SELECT pg_try_advisory_lock(hashtext('keystead'), hashtext('copy'))")
                        .persistent(false)
                        .fetch_one(&mut connection)
                        .await
                        .map_err(|error| sqlx_store_error(&error))?;
                if taken { Ok(Self::Postgres(Box::new(connection))) } else { Err(in_progress()) }
            }
            StoreTarget::Sqlite(path) => lock_file(path),
            StoreTarget::Memory | StoreTarget::Json(_) => Ok(Self::None),
        }
    }

    /// Gives it back.
    pub(super) async fn release(self) {
        if let Self::Postgres(connection) = self {
            // The lock ends with the session, however that ends.
            let _ = connection.close().await;
        }
    }
}

#[derive(Debug)]
pub(super) struct LockedFile {
    file: File,
    path: PathBuf,
}

impl Drop for LockedFile {
    fn drop(&mut self) {
        // Whoever has opened it in this moment was refused, or finds that the destination is not empty.
        let _ = std::fs::remove_file(&self.path);
        let _ = self.file.unlock();
    }
}

fn lock_file(database: &Path) -> Result<Lock> {
    let mut path = database.as_os_str().to_owned();
    path.push(".copying");
    let path = PathBuf::from(path);
    let refuse =
        |error: std::io::Error| Error::invalid("TO", format!("the file {} cannot be made: {error}", path.display()));
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(refuse)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&path).map_err(refuse)?;
    match file.try_lock() {
        Ok(()) => Ok(Lock::File(LockedFile { file, path })),
        Err(TryLockError::WouldBlock) => Err(in_progress()),
        Err(TryLockError::Error(error)) => Err(refuse(error)),
    }
}

fn in_progress() -> Error {
    Error::conflict(
        "copy_in_progress",
        "Another copy into the same destination is running: wait for its end, and copy into another one meanwhile.",
    )
}
