//! Deletes rows that have expired, in bounded batches.

use crate::{
    App,
    bootstrap::DELETE_EXPIRED_ROWS,
    jobs::{Effect, JobHandler, Progress},
};
use async_trait::async_trait;
use keystead_domain::{Json, Result, jobs::Job};
use keystead_store::ExpiredRows;
use serde_json::json;
use std::time::Duration;
use tokio::time::Instant;

/// At most so many rows of each kind are deleted in one statement, so that nobody waits for long.
const BATCH: u32 = 1_000;
/// It goes on for so long; what is left then waits for the next turn.
const LONGEST: Duration = Duration::from_secs(30);

pub(super) struct DeleteExpiredRows;

#[async_trait]
impl JobHandler for DeleteExpiredRows {
    fn kind(&self) -> &'static str {
        DELETE_EXPIRED_ROWS
    }

    /// A row is deleted once, however often the job is begun.
    async fn run(&self, app: &App, _: &Job, progress: &Progress) -> Result<Effect> {
        let (started, mut total) = (Instant::now(), ExpiredRows::default());
        loop {
            let deleted = app.store.delete_expired(app.now(), BATCH).await?;
            total = sum(total, deleted);
            let finished = deleted.largest() < u64::from(BATCH);
            if finished || started.elapsed() >= LONGEST {
                return Ok(Effect::done(result(&total, finished)));
            }
            progress.set_fraction(started.elapsed(), LONGEST);
        }
    }
}

fn sum(a: ExpiredRows, b: ExpiredRows) -> ExpiredRows {
    ExpiredRows {
        sessions: a.sessions + b.sessions,
        idempotency_keys: a.idempotency_keys + b.idempotency_keys,
        sign_in_attempts: a.sign_in_attempts + b.sign_in_attempts,
        jobs: a.jobs + b.jobs,
        signing_keys: a.signing_keys + b.signing_keys,
        invitations: a.invitations + b.invitations,
    }
}

fn result(total: &ExpiredRows, finished: bool) -> Json {
    json!({
        "sessions": total.sessions,
        "idempotency_keys": total.idempotency_keys,
        "sign_in_attempts": total.sign_in_attempts,
        "jobs": total.jobs,
        "signing_keys": total.signing_keys,
        "invitations": total.invitations,
        "finished": finished,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{jobs::runner::fixtures::a_job, testing::TestApp};

    #[tokio::test]
    async fn it_goes_on_while_batches_are_full() {
        let mut test = TestApp::new();
        let mut left = 2_500;
        test.store.answers.expect_delete_expired().times(3).returning(move |_, batch| {
            let deleted = left.min(u64::from(batch));
            left -= deleted;
            Ok(ExpiredRows { sessions: deleted, invitations: 1, ..ExpiredRows::default() })
        });
        let app = test.build();
        let effect = DeleteExpiredRows.run(&app, &a_job(DELETE_EXPIRED_ROWS), &Progress::default()).await.unwrap();
        assert_eq!(effect.result()["sessions"], 2_500);
        assert_eq!((&effect.result()["invitations"], &effect.result()["finished"]), (&json!(3), &json!(true)));
    }
}
