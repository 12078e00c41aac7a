//! The bounded queue between requests and the threads that hash.

use super::pool::{PoolError, Verdict};
use keystead_domain::accounts::{Password, PasswordHash};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::oneshot;

/// Something to do, and where the answer goes.
pub(super) enum Job {
    Hash {
        password: Password,
        reply: oneshot::Sender<Result<PasswordHash, PoolError>>,
    },
    Verify {
        password: Password,
        stored: Option<PasswordHash>,
        rehash: bool,
        reply: oneshot::Sender<Result<Verdict, PoolError>>,
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

    /// Answers that it is not done. Sending fails when nobody waits for it, which is as good.
    pub(super) fn refuse(self, why: PoolError) {
        match self {
            Self::Hash { reply, .. } => drop(reply.send(Err(why))),
            Self::Verify { reply, .. } => drop(reply.send(Err(why))),
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
    /// Each with its client.
    jobs: VecDeque<(u64, Job)>,
    stopping: bool,
}

impl State {
    /// Where the newest job is of those clients that have the most, if they have more than `client` will have.
    fn place_for(&self, client: u64) -> Option<usize> {
        let mut waiting = HashMap::new();
        for (other, _) in &self.jobs {
            *waiting.entry(*other).or_insert(0_usize) += 1;
        }
        let own = waiting.get(&client).copied().unwrap_or(0);
        let most = waiting.values().copied().max()?;
        let gives_up = |other: &u64| most > own + 1 && waiting.get(other) == Some(&most);
        self.jobs.iter().rposition(|(other, _)| gives_up(other))
    }
}

impl Queue {
    pub(super) fn new(capacity: usize) -> Self {
        Self { state: Mutex::default(), changed: Condvar::new(), capacity }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code that could panic runs under the lock, so the state is whole in any case.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends a job of `client`. Abandoned jobs take no room. Where there is none, a job of the client with the most of
    /// them gives up its place, so that nobody alone keeps the others out. Returns the job that has no place, this one or
    /// another, and how many abandoned ones were thrown out.
    pub(super) fn push(&self, client: u64, job: Job) -> (Option<Job>, usize) {
        let mut state = self.lock();
        let before = state.jobs.len();
        if before >= self.capacity {
            state.jobs.retain(|(_, job)| !job.is_abandoned());
        }
        let abandoned = before - state.jobs.len();
        if state.stopping {
            return (Some(job), abandoned);
        }
        let mut displaced = None;
        if state.jobs.len() >= self.capacity {
            let Some(place) = state.place_for(client) else { return (Some(job), abandoned) };
            displaced = state.jobs.remove(place).map(|(_, job)| job);
        }
        state.jobs.push_back((client, job));
        self.changed.notify_one();
        (displaced, abandoned)
    }

    /// Waits for the oldest job, but no longer than `patience`.
    pub(super) fn next(&self, patience: Option<Duration>) -> Next {
        let mut state = self.lock();
        loop {
            if state.stopping {
                return Next::Stop;
            }
            if let Some((_, job)) = state.jobs.pop_front() {
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
