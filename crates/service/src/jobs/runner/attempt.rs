//! One attempt at one job, from its claim to its end.

use super::{Effect, JobHandler, Progress, Shared, backoff::backoff_millis, queue::lease_until};
use keystead_domain::{Error, ErrorKind, Result, Scope, jobs::Job};
use std::{sync::Arc, time::Duration};
use tokio::{
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval, sleep},
};

/// What is kept of an error, in characters.
const ERROR_MAX: usize = 2_000;

/// How an attempt ended.
enum Ended {
    Succeeded,
    Failed(Error),
    /// Another worker has the job: whatever this one did is rolled back, and it says nothing more.
    Lost,
}

/// Runs `job`, which this node has claimed, and settles how it ended.
pub(super) async fn run(shared: Arc<Shared>, job: Job) {
    let started = Instant::now();
    let handler = shared.handlers.get(job.kind.as_str()).cloned();
    // Kinds come from the database; those that nobody knows must not make new series.
    let kind = handler.as_ref().map_or("unknown", |handler| handler.kind());
    let ended = match handler {
        // Each claim is an attempt, so one that stops the machine again and again comes to its end, too.
        Some(_) if job.attempts > job.max_attempts => {
            Ended::Failed(failure("worker_ended", "The worker ended in the middle of the last attempt."))
        }
        Some(handler) => match attempt(&shared, &job, handler).await {
            Ok(Some(effect)) => finish(&shared, &job, effect).await,
            Ok(None) => Ended::Lost,
            Err(error) => Ended::Failed(error),
        },
        None => Ended::Failed(failure("unknown_kind", "No worker of this version knows this kind of job.")),
    };
    let outcome = match ended {
        Ended::Succeeded => "succeeded",
        Ended::Failed(error) => settle_failure(&shared, &job, &error).await,
        Ended::Lost => {
            tracing::warn!(job = %job.id, kind, attempt = job.attempts, "another worker has taken the job over");
            "lost"
        }
    };
    metrics::counter!("keystead_jobs_total", "kind" => kind, "outcome" => outcome).increment(1);
    metrics::histogram!("keystead_job_seconds", "kind" => kind).record(started.elapsed().as_secs_f64());
}

/// Lets the handler work, and gives signs of life meanwhile. None when the lease was lost.
async fn attempt(shared: &Arc<Shared>, job: &Job, handler: Arc<dyn JobHandler>) -> Result<Option<Effect>> {
    let progress = Arc::new(Progress::default());
    let limit = handler.time_limit();
    // In a task of its own it does not stop this one when it panics; dropping the set ends it.
    let mut task = JoinSet::new();
    let (app, its_job, its_progress) = (shared.app.clone(), job.clone(), Arc::clone(&progress));
    task.spawn(async move { handler.run(&app, &its_job, &its_progress).await });
    let over = sleep(limit);
    tokio::pin!(over);
    let mut heartbeat = interval((shared.settings.lease / 3).max(Duration::from_millis(1)));
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    heartbeat.reset();
    let mut leased_until = job.locked_until.unwrap_or_else(|| lease_until(shared, shared.app.now()));
    loop {
        tokio::select! {
            ended = task.join_next() => return match ended {
                Some(Ok(outcome)) => outcome.map(Some),
                Some(Err(error)) => Err(failure("panicked", "The worker panicked.").with_internal(error.to_string())),
                None => Err(Error::internal("a job ended without an outcome")),
            },
            () = &mut over => {
                return Err(failure("took_too_long", &format!("It took longer than {} s.", limit.as_secs())));
            }
            _ = heartbeat.tick() => {
                let (now, queue) = (shared.app.now(), shared.app.store.job_queue());
                let until = lease_until(shared, now);
                match queue.renew(job.id, job.attempts, progress.get(), until).await {
                    Ok(true) => leased_until = until,
                    Ok(false) => return Ok(None),
                    Err(error) if now >= leased_until => {
                        tracing::warn!(job = %job.id, ?error, "the lease is over and could not be prolonged");
                        return Ok(None);
                    }
                    Err(error) => tracing::warn!(job = %job.id, ?error, "the lease could not be prolonged yet"),
                }
            }
        }
    }
}

/// Ends the job in the transaction of its effects.
async fn finish(shared: &Shared, job: &Job, effect: Effect) -> Ended {
    match complete(shared, job, effect).await {
        Ok(true) => Ended::Succeeded,
        Ok(false) => Ended::Lost,
        Err(error) => Ended::Failed(error),
    }
}

async fn complete(shared: &Shared, job: &Job, Effect { result, unit }: Effect) -> Result<bool> {
    let home = Scope::organization(job.organization_id);
    let mut unit = match unit {
        Some(unit) => unit,
        None => shared.app.store.begin(home).await?,
    };
    if unit.scope().organization != home.organization {
        unit.enter(home).await?;
    }
    let now = shared.app.now();
    if !unit.jobs().complete(job.organization_id, job.id, job.attempts, &result, now).await? {
        return Ok(false);
    }
    unit.commit().await?;
    Ok(true)
}

/// Notes a failure: the job waits for its next attempt, or is given up. Returns the word for metrics.
async fn settle_failure(shared: &Shared, job: &Job, error: &Error) -> &'static str {
    let app = &shared.app;
    let now = app.now();
    let again = job.attempts < job.max_attempts;
    let retry_at = again.then(|| now.plus_millis(backoff_millis(job.attempts, &*app.random)));
    tracing::warn!(job = %job.id, kind = job.kind, attempt = job.attempts, ?error, given_up = !again, "a job failed");
    // Whoever may see the job sees this: the internal part stays in the log.
    let text: String = format!("{}: {}", error.code, error.message).chars().take(ERROR_MAX).collect();
    match app.store.job_queue().fail(job.id, job.attempts, &text, retry_at, now).await {
        Ok(true) if again => "failed",
        Ok(true) => "dead",
        Ok(false) => "lost",
        Err(error) => {
            tracing::error!(job = %job.id, ?error, "a failure could not be noted; the job is tried again when its lease is over");
            "failed"
        }
    }
}

fn failure(code: &'static str, message: &str) -> Error {
    Error::new(ErrorKind::Internal, code, message)
}
