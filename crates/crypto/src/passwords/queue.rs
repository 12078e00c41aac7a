//! The bounded queue between requests and the threads that hash.

use super::{HashError, pool::Verdict};
use keystead_domain::accounts::{Password, PasswordHash};
use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::oneshot;

/// Something to do, and where the answer goes.
pub(super) enum Job {
    Hash {
        password: Password,
        reply: oneshot::Sender<Result<PasswordHash, HashError>>,
    },
    Verify {
        password: Password,
        stored: Option<PasswordHash>,
        rehash: bool,
        reply: oneshot::Sender<Result<Verdict, HashError>>,
    },
}

impl Job {
    /// Whether nobody waits for the answer any more.
    pub(super) fn is_abandoned(&self) -> bool {
        match self {
            Self::Hash { reply, .. } => reply.is_closed(),
            Self::Verify { reply, .. } => reply.is_closed(),
        }
    }
}

/// What a thread gets when it asks for work.
pub(super) enum Next {
    Job(Job),
    /// There was nothing to do for a while.
    Idle,
    Stop,
}

pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
    capacity: usize,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    stopping: bool,
}

impl Queue {
    pub(super) fn new(capacity: usize) -> Self {
        Self { state: Mutex::default(), changed: Condvar::new(), capacity }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code that could panic runs under the lock, so the state is whole in any case.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends a job; `false` when there is no room for it. Abandoned jobs take no room.
    /// Also returns how many of those were thrown out.
    pub(super) fn push(&self, job: Job) -> (bool, usize) {
        let mut state = self.lock();
        let before = state.jobs.len();
        if before >= self.capacity {
            state.jobs.retain(|job| !job.is_abandoned());
        }
        let abandoned = before - state.jobs.len();
        let accepted = !state.stopping && state.jobs.len() < self.capacity;
        if accepted {
            state.jobs.push_back(job);
            self.changed.notify_one();
        }
        (accepted, abandoned)
    }

    /// Waits for the oldest job, but no longer than `patience`.
    pub(super) fn next(&self, patience: Option<Duration>) -> Next {
        let mut state = self.lock();
        loop {
            if state.stopping {
                return Next::Stop;
            }
            if let Some(job) = state.jobs.pop_front() {
                return Next::Job(job);
            }
            let Some(patience) = patience else {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let waited = self.changed.wait_timeout(state, patience);
            let (guard, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
            state = guard;
            if timeout.timed_out() && state.jobs.is_empty() && !state.stopping {
                return Next::Idle;
            }
        }
    }

    pub(super) fn capacity(&self) -> usize {
        self.capacity
    }

    pub(super) fn len(&self) -> usize {
        self.lock().jobs.len()
    }

    /// Drops what waits, so that its requesters hear of it, and lets the threads end.
    pub(super) fn stop(&self) {
        let waiting = {
            let mut state = self.lock();
            state.stopping = true;
            std::mem::take(&mut state.jobs)
        };
        self.changed.notify_all();
        drop(waiting);
    }
}
