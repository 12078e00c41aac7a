//! Whole policies are read and compiled by a few at a time.

use keystead_domain::{Error, Result};
use tokio::sync::{Semaphore, SemaphorePermit};

/// So many requests hold a whole policy in memory at once; more wait. A policy takes up to some hundred megabytes.
static TURNS: Semaphore = Semaphore::const_new(4);

/// Waits for a turn. Taken before the transaction begins, so that nobody waits here while he holds a lock.
///
/// # Errors
/// Only when the server stops.
pub(super) async fn turn() -> Result<SemaphorePermit<'static>> {
    TURNS.acquire().await.map_err(|error| Error::internal(error.to_string()))
}
