//! Saves in the background, soon after a commit.

use super::{
    file::Paths,
    lock::Lock,
    save::{image, write},
};
use crate::engine::errors::sqlx_store_error;
use keystead_domain::{Error, Result};
use sqlx::{Sqlite, SqlitePool, pool::PoolConnection};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::{
    runtime::Handle,
    sync::{Mutex as AsyncMutex, Notify, OwnedMutexGuard},
    task::JoinHandle,
};

/// A commit is in the file after this long, unless a save takes longer.
const WITHIN: Duration = Duration::from_millis(900);
/// Commits that follow each other this closely share a save, however long one takes.
const AT_LEAST: Duration = Duration::from_millis(100);
/// After a failed save the next try is this far away; each further failure doubles it.
const RETRY: Duration = Duration::from_secs(1);
const RETRY_AT_MOST: Duration = Duration::from_secs(10);

/// Keeps the file of a JSON store up to date.
pub(crate) struct JsonFile {
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    pool: SqlitePool,
    paths: Paths,
    schema_version: i32,
    lock: Mutex<Option<Lock>>,
    changed: Notify,
    /// Held while a save is under way. Which state of the database is in the file: its count of changed rows.
    saved: Arc<AsyncMutex<i64>>,
    failure: Mutex<Option<String>>,
}

impl JsonFile {
    /// Begins. `is_saved` says whether the file holds what the database holds; else it is saved before this returns.
    ///
    /// # Errors
    /// When the first save fails.
    pub(super) async fn begin(
        pool: SqlitePool,
        paths: Paths,
        lock: Lock,
        schema_version: i32,
        is_saved: bool,
    ) -> Result<Self> {
        let mut connection = pool.acquire().await.map_err(|error| sqlx_store_error(&error))?;
        let saved = if is_saved { changes(&mut connection).await? } else { -1 };
        drop(connection);
        let shared = Arc::new(Shared {
            pool,
            paths,
            schema_version,
            lock: Mutex::new(Some(lock)),
            changed: Notify::new(),
            saved: Arc::new(AsyncMutex::new(saved)),
            failure: Mutex::default(),
        });
        shared.save().await?;
        let task = tokio::spawn(shared.clone().keep_saving());
        Ok(Self { shared, task })
    }

    /// What is called after every commit.
    pub(super) fn hook(&self) -> Arc<dyn Fn() + Send + Sync> {
        let shared = self.shared.clone();
        Arc::new(move || shared.changed.notify_one())
    }

    /// Why the last save failed; none when it succeeded.
    pub(crate) fn last_save_error(&self) -> Option<String> {
        self.shared.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Saves what is not saved yet, closes the database and lets go of the file. No commit can come after the save.
    ///
    /// # Errors
    /// When it could not be saved. The database is closed all the same.
    pub(crate) async fn close(&self) -> Result<()> {
        self.task.abort();
        let shared = &self.shared;
        // Once closed, there is nothing that could be saved.
        if shared.pool.is_closed() {
            return Ok(());
        }
        let saved = shared.saved.clone().lock_owned().await;
        let connection = shared.pool.acquire().await.map_err(|error| sqlx_store_error(&error));
        // Nobody gets the one connection after us.
        let closing = shared.pool.close();
        let result = match connection {
            Ok(connection) => shared.save_from(connection, saved).await,
            Err(error) => Err(error),
        };
        closing.await;
        shared.let_go();
        result
    }
}

impl Drop for JsonFile {
    fn drop(&mut self) {
        self.task.abort();
        // A save under way keeps the lock until it is over; nobody begins another one after this.
        if let Ok(_saved) = self.shared.saved.try_lock() {
            self.shared.let_go();
        }
    }
}

impl Shared {
    /// Lets go of the file.
    fn let_go(&self) {
        self.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
    /// Whether the file is ours.
    fn is_ours(&self) -> bool {
        self.lock.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    async fn keep_saving(self: Arc<Self>) {
        let (mut took, mut failures) = (Duration::ZERO, 0_u32);
        loop {
            self.changed.notified().await;
            tokio::time::sleep(pause(took)).await;
            let started = Instant::now();
            match self.save().await {
                Ok(()) => {
                    took = started.elapsed();
                    if std::mem::take(&mut failures) > 0 {
                        tracing::info!(target: "keystead::store", "the store file is saved again");
                    }
                }
                Err(error) => {
                    tracing::error!(target: "keystead::store", error = ?error, "the store file could not be saved");
                    tokio::time::sleep(RETRY_AT_MOST.min(RETRY * 2_u32.saturating_pow(failures.min(10)))).await;
                    failures = failures.saturating_add(1);
                    self.changed.notify_one();
                }
            }
        }
    }

    async fn save(self: &Arc<Self>) -> Result<()> {
        let saved = self.saved.clone().lock_owned().await;
        let connection = self.pool.acquire().await.map_err(|error| sqlx_store_error(&error))?;
        self.save_from(connection, saved).await
    }

    /// Saves the database's present state unless the file has it. Whoever stops waiting does not stop the writing, and
    /// `saved` stays locked until it is over: an older state never replaces a newer one.
    async fn save_from(
        self: &Arc<Self>,
        mut connection: PoolConnection<Sqlite>,
        mut saved: OwnedMutexGuard<i64>,
    ) -> Result<()> {
        let changes = changes(&mut connection).await?;
        if *saved == changes || !self.is_ours() {
            return Ok(());
        }
        let image = image(&mut connection).await?;
        drop(connection);
        let (shared, runtime) = (self.clone(), Handle::current());
        let work = tokio::task::spawn_blocking(move || {
            let started = Instant::now();
            let result = write(&shared.paths, image, shared.schema_version, &runtime);
            metrics::histogram!("keystead_store_json_save_seconds").record(started.elapsed().as_secs_f64());
            let outcome = if result.is_ok() { "saved" } else { "failed" };
            metrics::counter!("keystead_store_json_saves_total", "outcome" => outcome).increment(1);
            if result.is_ok() {
                *saved = changes;
            }
            let failure = result.as_ref().err().map(|error: &Error| error.message.clone());
            *shared.failure.lock().unwrap_or_else(PoisonError::into_inner) = failure;
            result
        });
        work.await.map_err(|error| Error::internal(format!("a save ended: {error}")))?
    }
}

/// How long commits are gathered, when the last save took so long.
fn pause(took: Duration) -> Duration {
    // Twice as long as the last one, to be in time; but never more than half of the time is spent on saving.
    WITHIN.saturating_sub(took * 2).max(took).max(AT_LEAST)
}

/// How many rows were ever changed through this connection. A transaction that changed nothing needs no save.
async fn changes(connection: &mut PoolConnection<Sqlite>) -> Result<i64> {
    sqlx::query_scalar("SELECT total_changes()")
        .fetch_one(&mut **connection)
        .await
        .map_err(|error| sqlx_store_error(&error))
}

#[cfg(test)]
mod tests;
