//! A thread that hashes.

use super::{
    HashError, HashSettings, Memory,
    pool::{PoolError, Verdict},
    queue::{Job, Next, Queue},
    stored::StoredHash,
};
use keystead_domain::{
    Random,
    accounts::{Password, PasswordHash},
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

/// What the pool and its threads share.
pub(super) struct Shared {
    pub(super) queue: Queue,
    pub(super) settings: HashSettings,
    /// A hash under the current settings that no password matches.
    pub(super) decoy: String,
    pub(super) random: Arc<dyn Random>,
    pub(super) release_after: Duration,
    pub(super) running: AtomicUsize,
    pub(super) completed: AtomicU64,
    pub(super) refused: AtomicU64,
    pub(super) abandoned: AtomicU64,
    pub(super) memory: AtomicUsize,
}

impl Shared {
    /// Works until the queue stops.
    pub(super) fn work(&self) {
        let mut memory = Memory::default();
        loop {
            let patience = (memory.size() > 0).then_some(self.release_after);
            match self.queue.next(patience) {
                Next::Job(job) if job.is_abandoned() => {
                    self.abandoned.fetch_add(1, Relaxed);
                }
                Next::Job(job) => self.track(&mut memory, |memory| self.run(memory, job)),
                Next::Idle => self.track_memory(&mut memory, Memory::release),
                Next::Stop => return self.track_memory(&mut memory, Memory::release),
            }
        }
    }

    /// A panic in a library must cost one answer, not a thread: the requester hears that his job
    /// was dropped.
    fn track(&self, memory: &mut Memory, job: impl FnOnce(&mut Memory)) {
        self.running.fetch_add(1, Relaxed);
        self.track_memory(memory, |memory| {
            if catch_unwind(AssertUnwindSafe(|| job(memory))).is_err() {
                memory.release();
            }
            // A stored hash may have asked for more than the settings do.
            memory.keep_at_most(self.settings.blocks());
        });
        self.running.fetch_sub(1, Relaxed);
        self.completed.fetch_add(1, Relaxed);
    }

    fn track_memory(&self, memory: &mut Memory, change: impl FnOnce(&mut Memory)) {
        let before = memory.size();
        change(memory);
        self.memory.fetch_add(memory.size(), Relaxed);
        self.memory.fetch_sub(before, Relaxed);
    }

    /// Sending fails when the requester has gone away, which is his right.
    fn run(&self, memory: &mut Memory, job: Job) {
        match job {
            Job::Hash { password, reply } => {
                let _ = reply.send(self.hash(memory, &password).map_err(PoolError::from));
            }
            Job::Verify { password, stored, rehash, reply } => {
                let _ = reply.send(self.verify(memory, &password, stored.as_ref(), rehash).map_err(PoolError::from));
            }
        }
    }

    fn hash(&self, memory: &mut Memory, password: &Password) -> Result<PasswordHash, HashError> {
        let hash = timed(|| self.settings.hash(memory, password.expose().as_bytes(), &*self.random))?;
        Ok(PasswordHash::new(hash))
    }

    fn verify(
        &self,
        memory: &mut Memory,
        password: &Password,
        stored: Option<&PasswordHash>,
        rehash: bool,
    ) -> Result<Verdict, HashError> {
        let (known, unusable) = match stored.map(|stored| StoredHash::parse(stored.expose())) {
            Some(Ok(known)) => (Some(known), None),
            Some(Err(error)) => (None, Some(error)),
            None => (None, None),
        };
        let bytes = password.expose().as_bytes();
        let Some(known) = known else {
            // The same work as for a real hash, so that the time says nothing.
            let decoy = StoredHash::parse(&self.decoy)?;
            timed(|| decoy.verify(memory, bytes))?;
            return Ok(Verdict { matches: false, rehashed: None, unusable });
        };
        let matches = timed(|| known.verify(memory, bytes))?;
        let outdated = matches && rehash && !known.is_current(&self.settings);
        let rehashed = if outdated { Some(self.hash(memory, password)?) } else { None };
        Ok(Verdict { matches, rehashed, unusable: None })
    }
}

/// Counts and times one hash, whatever it is made for: nobody can tell by it whose password was checked.
fn timed<T>(hash: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let done = hash();
    metrics::histogram!("keystead_password_hash_seconds").record(started.elapsed().as_secs_f64());
    done
}
