//! The connections to a database.
//!
//! sqlx has a pool, but it asks after every use whether the connection still lives. That is one more round trip, and
//! while it is under way others open new connections instead of taking this one. Here a connection is free the moment
//! it is given back, the last one first, and whoever used it says whether it may be used again.

use sqlx::{Connection, Error, PgConnection};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long saying goodbye to the server may take.
const GOODBYE: Duration = Duration::from_secs(5);

/// How long connections above the pool's size stay when nobody needs them. A commit on disk lets many go at the same moment,
/// and they come back together: closing and opening them each time costs more than the work itself.
const SURPLUS_STAYS: Duration = Duration::from_secs(2);

/// How many connections, and for how long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Connections that are kept while nobody needs them.
    pub(crate) size: u32,
    /// Connections above that, which are closed when nobody has needed them for two seconds.
    pub(crate) overflow: u32,
    /// How long to wait for one.
    pub(crate) wait: Duration,
    /// A connection is replaced when it is older than this.
    pub(crate) recycle: Duration,
    /// A connection is closed when nobody has needed it for this long.
    pub(crate) idle: Duration,
}

/// A pool. A clone is one more reference to the same.
pub(crate) struct Pool<C: Connection + 'static>(Arc<Shared<C>>);

impl<C: Connection + 'static> Clone for Pool<C> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

struct Shared<C: Connection + 'static> {
    options: C::Options,
    limits: Limits,
    /// One for each connection that may be in use.
    permits: Arc<Semaphore>,
    free: Mutex<Free<C>>,
}

struct Free<C> {
    /// The last one given back is the first one lent: what is not needed sinks to the bottom.
    connections: Vec<Waiting<C>>,
    /// Raised when a connection is found broken: what was opened before is broken, too, when the server has restarted.
    generation: u64,
    closed: bool,
}

struct Waiting<C> {
    connection: C,
    opened: Instant,
    since: Instant,
}

/// A connection on loan; it goes back when it is dropped.
pub(crate) struct Lease<C: Connection + 'static> {
    /// None once it must not be used again.
    connection: Option<C>,
    opened: Instant,
    generation: u64,
    pool: Pool<C>,
    /// Given back after the connection, so that who waits for it finds the connection.
    _permit: OwnedSemaphorePermit,
}

impl<C: Connection + 'static> Pool<C> {
    /// A pool with one open connection, which shows that there is a database.
    pub(crate) async fn open(options: C::Options, limits: Limits) -> Result<Self, Error> {
        let limits = Limits { size: limits.size.max(1), ..limits };
        let free = Free { connections: Vec::new(), generation: 0, closed: false };
        let permits = Arc::new(Semaphore::new(limits.size.saturating_add(limits.overflow) as usize));
        let pool = Self(Arc::new(Shared { options, limits, permits, free: Mutex::new(free) }));
        drop(pool.acquire().await?);
        Ok(pool)
    }

    /// A connection, whose last user left it between two transactions.
    pub(crate) async fn acquire(&self) -> Result<Lease<C>, Error> {
        let limits = &self.0.limits;
        let permit = tokio::time::timeout(limits.wait, Arc::clone(&self.0.permits).acquire_owned());
        let permit = permit.await.map_err(|_| Error::PoolTimedOut)?.map_err(|_| Error::PoolClosed)?;
        let (found, generation) = self.take()?;
        let (connection, opened) = match found {
            Some(waiting) => (waiting.connection, waiting.opened),
            None => {
                let opening = C::connect_with(&self.0.options);
                let opened = tokio::time::timeout(limits.wait, opening).await.map_err(|_| Error::PoolTimedOut)??;
                (opened, Instant::now())
            }
        };
        Ok(Lease { connection: Some(connection), opened, generation, pool: self.clone(), _permit: permit })
    }

    /// A free connection that is not too old, if there is one.
    fn take(&self) -> Result<(Option<Waiting<C>>, u64), Error> {
        let mut free = self.free();
        if free.closed {
            return Err(Error::PoolClosed);
        }
        let mut found = None;
        while let Some(waiting) = free.connections.pop() {
            let Limits { recycle, idle, .. } = self.0.limits;
            if waiting.opened.elapsed() < recycle && waiting.since.elapsed() < idle {
                found = Some(waiting);
                break;
            }
            say_goodbye(waiting.connection);
        }
        Ok((found, free.generation))
    }

    fn give_back(&self, connection: C, opened: Instant, generation: u64) {
        let mut free = self.free();
        if free.closed || generation != free.generation {
            return say_goodbye(connection);
        }
        free.connections.push(Waiting { connection, opened, since: Instant::now() });
        let Limits { size, idle, .. } = self.0.limits;
        let surplus = free.connections.len() > size as usize;
        let unneeded_for = if surplus { idle.min(SURPLUS_STAYS) } else { idle };
        // The bottom one has waited longest. One at a time is enough: every use of the store comes past here.
        if free.connections.first().is_some_and(|oldest| oldest.since.elapsed() >= unneeded_for) {
            say_goodbye(free.connections.remove(0).connection);
        }
    }

    /// Connections that are open: in use, or free.
    pub(crate) fn open_connections(&self) -> u32 {
        let in_use = (self.max_connections() as usize).saturating_sub(self.0.permits.available_permits());
        u32::try_from(in_use).unwrap_or(u32::MAX).saturating_add(self.free_connections())
    }
    /// Open connections that nobody uses.
    pub(crate) fn free_connections(&self) -> u32 {
        u32::try_from(self.free().connections.len()).unwrap_or(u32::MAX)
    }
    /// The most connections that may be in use at once.
    pub(crate) fn max_connections(&self) -> u32 {
        self.0.limits.size.saturating_add(self.0.limits.overflow)
    }

    /// Lends none any more, waits until all are back, and closes them.
    pub(crate) async fn close(&self) {
        self.free().closed = true;
        if let Ok(all) = self.0.permits.acquire_many(self.max_connections()).await {
            all.forget();
        }
        self.0.permits.close();
        let left = std::mem::take(&mut self.free().connections);
        for waiting in left {
            let _ = tokio::time::timeout(GOODBYE, waiting.connection.close()).await;
        }
    }

    fn free(&self) -> MutexGuard<'_, Free<C>> {
        // Nothing that is done under the lock leaves it half-done.
        self.0.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends a connection that nobody uses, with the word that the server expects.
fn say_goodbye<C: Connection + 'static>(connection: C) {
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        runtime.spawn(async move { tokio::time::timeout(GOODBYE, connection.close()).await });
    }
}

impl<C: Connection + 'static> Lease<C> {
    /// The connection.
    pub(crate) fn connection(&mut self) -> Result<&mut C, Error> {
        self.connection.as_mut().ok_or(Error::PoolClosed)
    }

    /// Drops the line: the server rolls back what was open on it.
    pub(crate) fn discard(&mut self) {
        self.connection = None;
    }
}

impl Lease<PgConnection> {
    /// Looks whether `error` ended the connection. Then it is not used again, nor are those that are free now: they lead to
    /// the same server.
    pub(crate) fn note(&mut self, error: &Error) {
        let ended = match error {
            Error::Io(_) | Error::Tls(_) | Error::Protocol(_) => true,
            // admin_shutdown, crash_shutdown, cannot_connect_now, idle_in_transaction_session_timeout
            Error::Database(error) => {
                matches!(error.code().as_deref(), Some("57P01" | "57P02" | "57P03" | "25P03"))
            }
            _ => false,
        };
        if ended {
            self.discard();
            let mut free = self.pool.free();
            free.generation += 1;
            free.connections.clear();
        }
    }
}

impl<C: Connection + 'static> Drop for Lease<C> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.pool.give_back(connection, self.opened, self.generation);
        }
    }
}
