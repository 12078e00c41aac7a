//! The bounded pool: hashing has threads and memory of its own, and no more than it was given.

use super::{
    HashError, HashSettings,
    queue::{Job, Queue},
    worker::Shared,
};
use keystead_domain::{
    Random,
    accounts::{Password, PasswordHash},
};
use std::{
    fmt,
    num::NonZeroUsize,
    sync::{Arc, atomic::Ordering::Relaxed},
    thread::{self, JoinHandle},
    time::Duration,
};
use tokio::sync::oneshot;

/// The size of a [`PasswordPool`].
#[derive(Clone, Debug)]
pub struct PoolSettings {
    /// How new hashes are made.
    pub hash: HashSettings,
    /// How many passwords are hashed at once; `None` means as many as there are cores.
    pub threads: Option<NonZeroUsize>,
    /// How many requests may wait, 64 by default. One more is told to come back later.
    pub waiting: NonZeroUsize,
    /// A thread without work gives its memory back after this time.
    pub release_after: Duration,
}

impl Default for PoolSettings {
    fn default() -> Self {
        Self {
            hash: HashSettings::default(),
            threads: None,
            waiting: const { NonZeroUsize::MIN.saturating_add(63) },
            release_after: Duration::from_secs(60),
        }
    }
}

/// What became of a password that was checked.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Whether it is the right one.
    pub matches: bool,
    /// The new hash to store, when the old one was outdated and a new one was asked for.
    pub rehashed: Option<PasswordHash>,
    /// Why the stored hash could not be used: nobody can sign in with it, so it should be logged.
    /// The work was done all the same.
    pub unusable: Option<HashError>,
}

/// Why the pool gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PoolError {
    /// Too many requests wait already.
    #[error("too many passwords are waiting to be hashed; try again in {retry_after_seconds} s")]
    Busy {
        /// When trying again makes sense.
        retry_after_seconds: u32,
    },
    /// The pool is shutting down, or the job was lost.
    #[error("the password pool has stopped")]
    Stopped,
    /// A thread could not be started.
    #[error("a thread of the password pool could not be started")]
    NoThread,
    /// Hashing failed.
    #[error(transparent)]
    Hash(#[from] HashError),
}

/// Threads that hash and verify passwords, each with a block of memory that it reuses.
///
/// A flood of sign-ins meets [`PoolError::Busy`] at once; it takes neither other requests'
/// threads nor more memory. It does not keep others out either: where the queue is full, the client with
/// the most requests in it gives up a place to one with fewer. A request that is given up before its turn costs nothing. Dropping
/// the pool drops what waits and waits for what runs.
pub struct PasswordPool {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
    retry_after_seconds: u32,
}

impl PasswordPool {
    /// Starts the threads. Memory is allocated by each thread at its first hash.
    ///
    /// # Errors
    /// [`PoolError::NoThread`] when the system refuses a thread.
    pub fn new(settings: &PoolSettings, random: Arc<dyn Random>) -> Result<Self, PoolError> {
        let cores = || thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let count = settings.threads.unwrap_or_else(cores).get();
        let shared = Arc::new(Shared {
            queue: Queue::new(settings.waiting.get()),
            settings: settings.hash,
            decoy: settings.hash.decoy(&*random),
            random,
            release_after: settings.release_after,
            running: 0.into(),
            completed: 0.into(),
            refused: 0.into(),
            abandoned: 0.into(),
            memory: 0.into(),
        });
        let rounds = (settings.waiting.get() + 1).div_ceil(count) as u64;
        let seconds = (settings.hash.estimated_millis() * rounds).div_ceil(1000).clamp(1, 60);
        let retry_after_seconds = u32::try_from(seconds).unwrap_or(60);
        // The pool exists before its threads, so that a refused one stops the others.
        let mut pool = Self { shared, threads: Vec::with_capacity(count), retry_after_seconds };
        for number in 0..count {
            let shared = Arc::clone(&pool.shared);
            let thread = thread::Builder::new().name(format!("passwords-{number}"));
            let started = thread.spawn(move || shared.work());
            pool.threads.push(started.map_err(|_| PoolError::NoThread)?);
        }
        Ok(pool)
    }

    /// How new hashes are made.
    #[must_use]
    pub fn settings(&self) -> &HashSettings {
        &self.shared.settings
    }

    /// The pool for the requests of one client: any number that tells clients apart. What is asked of the pool itself is
    /// asked by a client of its own, number 0.
    #[must_use]
    pub const fn of(&self, client: u64) -> ClientPool<'_> {
        ClientPool { pool: self, client }
    }

    /// Hashes a new password.
    ///
    /// # Errors
    /// [`PoolError::Busy`] when too many wait; [`PoolError::Stopped`]; [`PoolError::Hash`].
    pub async fn hash(&self, password: Password) -> Result<PasswordHash, PoolError> {
        self.of(0).hash(password).await
    }

    /// Checks a password. `None` stands for a person who is not known or has no password: the
    /// answer is no, after the same work.
    ///
    /// # Errors
    /// As for [`Self::hash`].
    pub async fn verify(&self, password: Password, stored: Option<PasswordHash>) -> Result<Verdict, PoolError> {
        self.of(0).verify(password, stored).await
    }

    /// Checks a password as [`Self::verify`] does. When it is right and its hash is not what the
    /// settings make now, the verdict carries the hash to store instead.
    ///
    /// # Errors
    /// As for [`Self::hash`].
    pub async fn verify_and_rehash(
        &self,
        password: Password,
        stored: Option<PasswordHash>,
    ) -> Result<Verdict, PoolError> {
        self.of(0).verify_and_rehash(password, stored).await
    }

    fn submit(&self, client: u64, job: Job) {
        let (refused, abandoned) = self.shared.queue.push(client, job);
        self.shared.abandoned.fetch_add(abandoned as u64, Relaxed);
        if let Some(job) = refused {
            self.shared.refused.fetch_add(1, Relaxed);
            job.refuse(PoolError::Busy { retry_after_seconds: self.retry_after_seconds });
        }
    }

    /// How many passwords are hashed at once at most.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.threads.len()
    }

    /// How many requests may wait.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.shared.queue.capacity()
    }

    /// How many requests were refused since the start, because too many waited.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.shared.refused.load(Relaxed)
    }

    /// How many requests wait.
    #[must_use]
    pub fn queued(&self) -> usize {
        self.shared.queue.len()
    }

    /// How many passwords are being hashed.
    #[must_use]
    pub fn running(&self) -> usize {
        self.shared.running.load(Relaxed)
    }

    /// How many jobs were done since the start.
    #[must_use]
    pub fn completed(&self) -> u64 {
        self.shared.completed.load(Relaxed)
    }

    /// How many requests were given up before their turn since the start.
    #[must_use]
    pub fn abandoned(&self) -> u64 {
        self.shared.abandoned.load(Relaxed)
    }

    /// How much memory the threads hold for hashing, in bytes.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.shared.memory.load(Relaxed)
    }
}

/// The pool as one client sees it.
#[derive(Clone, Copy, Debug)]
pub struct ClientPool<'a> {
    pool: &'a PasswordPool,
    client: u64,
}

impl ClientPool<'_> {
    /// As [`PasswordPool::hash`].
    ///
    /// # Errors
    /// As there.
    pub async fn hash(&self, password: Password) -> Result<PasswordHash, PoolError> {
        let (reply, answer) = oneshot::channel();
        self.pool.submit(self.client, Job::Hash { password, reply });
        answer.await.map_err(|_| PoolError::Stopped)?
    }

    /// As [`PasswordPool::verify`].
    ///
    /// # Errors
    /// As there.
    pub async fn verify(&self, password: Password, stored: Option<PasswordHash>) -> Result<Verdict, PoolError> {
        self.check(password, stored, false).await
    }

    /// As [`PasswordPool::verify_and_rehash`].
    ///
    /// # Errors
    /// As there.
    pub async fn verify_and_rehash(
        &self,
        password: Password,
        stored: Option<PasswordHash>,
    ) -> Result<Verdict, PoolError> {
        self.check(password, stored, true).await
    }

    async fn check(
        &self,
        password: Password,
        stored: Option<PasswordHash>,
        rehash: bool,
    ) -> Result<Verdict, PoolError> {
        let (reply, answer) = oneshot::channel();
        self.pool.submit(self.client, Job::Verify { password, stored, rehash, reply });
        answer.await.map_err(|_| PoolError::Stopped)?
    }
}

impl Drop for PasswordPool {
    fn drop(&mut self) {
        self.shared.queue.stop();
        for thread in self.threads.drain(..) {
            // Its panic, if any, was its job's and has been reported there.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for PasswordPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordPool")
            .field("settings", self.settings())
            .field("threads", &self.threads.len())
            .field("queued", &self.queued())
            .field("running", &self.running())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
