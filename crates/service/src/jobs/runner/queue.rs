//! The loop that takes jobs from the queue.

use super::{Shared, attempt::run};
use keystead_domain::{Result, Timestamp};
use std::{sync::Arc, time::Duration};
use tokio::{sync::watch, task::JoinSet, time::sleep};

/// The queue is not asked more often than this while something is due that cannot be had.
const SHORTEST_WAIT: Duration = Duration::from_millis(100);
/// Another node may enqueue at any time, so the queue is asked at least this often.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Takes jobs and runs them until `stopped`; then waits for those that run.
pub(super) async fn work(shared: Arc<Shared>, mut stopped: watch::Receiver<bool>) {
    let mut running = JoinSet::new();
    while !*stopped.borrow() {
        let wait = match take(&shared, &mut running).await {
            Ok(wait) => wait,
            Err(error) => {
                tracing::warn!(?error, "the queue of jobs could not be asked; it is tried again");
                LONGEST_WAIT
            }
        };
        tokio::select! {
            changed = stopped.changed() => if changed.is_err() { break },
            Some(_) = running.join_next(), if !running.is_empty() => {}
            () = shared.app.new_jobs.notified() => {}
            () = sleep(wait) => {}
        }
    }
    while running.join_next().await.is_some() {}
}

/// Enqueues what is scheduled, takes as many jobs as there are free workers, and says how long to wait.
async fn take(shared: &Arc<Shared>, running: &mut JoinSet<()>) -> Result<Duration> {
    while running.try_join_next().is_some() {}
    let (app, queue) = (&shared.app, shared.app.store.job_queue());
    queue.enqueue_due(app.now(), &app.ids).await?;
    let free = shared.settings.workers.get().saturating_sub(running.len());
    if free == 0 {
        return Ok(LONGEST_WAIT);
    }
    let now = app.now();
    let limit = u32::try_from(free).unwrap_or(u32::MAX);
    let jobs = queue.claim(&shared.worker, limit, now, lease_until(shared, now)).await?;
    let taken = jobs.len();
    metrics::counter!("keystead_jobs_claimed_total").increment(taken as u64);
    for job in jobs {
        running.spawn(run(Arc::clone(shared), job));
    }
    // When every worker has one, the end of one is waited for.
    if taken >= free { Ok(LONGEST_WAIT) } else { Ok(until(queue.next_due().await?, app.now())) }
}

/// Until when a job that is heard of at `now` is this node's.
pub(super) fn lease_until(shared: &Shared, now: Timestamp) -> Timestamp {
    now.plus_millis(i64::try_from(shared.settings.lease.as_millis()).unwrap_or(i64::MAX))
}

fn until(due: Option<Timestamp>, now: Timestamp) -> Duration {
    let Some(due) = due else { return LONGEST_WAIT };
    let millis = due.unix_millis().saturating_sub(now.unix_millis());
    Duration::from_millis(u64::try_from(millis).unwrap_or(0)).clamp(SHORTEST_WAIT, LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::now;

    #[test]
    fn the_wait_is_until_the_next_job_within_bounds() {
        for (millis, expected) in [(-5_000, 100), (20, 100), (700, 700), (60_000, 5_000)] {
            assert_eq!(until(Some(now().plus_millis(millis)), now()), Duration::from_millis(expected));
        }
        assert_eq!(until(None, now()), LONGEST_WAIT);
    }
}
