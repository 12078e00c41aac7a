//! Whole policies are read and compiled by a few at a time.

use keystead_domain::{Error, Result};
use tokio::sync::{Semaphore, SemaphorePermit};

/// So many requests hold a whole policy in memory at once; more wait. A policy takes up to some hundred megabytes.
static TURNS: Semaphore = Semaphore::const_new(4);

tokio::task_local! {
    /// Whoever has it has a turn for everything within.
    static HELD: ();
}

/// Waits for a turn. Taken before the transaction begins, so that nobody waits here while he holds a lock. None within a turn
/// that is [held](holding).
///
/// # Errors
/// Only when the server stops.
pub(super) async fn turn() -> Result<Option<SemaphorePermit<'static>>> {
    if HELD.try_with(|()| ()).is_ok() {
        return Ok(None);
    }
    wait().await.map(Some)
}

/// Waits for a turn, and works in it: whatever takes a turn within takes no other.
///
/// # Errors
/// Those of the work, and when the server stops.
pub(in crate::access) async fn holding<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let _turn = wait().await?;
    HELD.scope((), work).await
}

async fn wait() -> Result<SemaphorePermit<'static>> {
    TURNS.acquire().await.map_err(|error| Error::internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_works_in_a_turn_waits_for_no_other() {
        assert!(turn().await.unwrap().is_some());
        let inner = holding(async { Ok(turn().await?.is_none()) });
        assert!(inner.await.unwrap());
    }
}
