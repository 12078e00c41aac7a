//! What a running server does beside answering requests.

use crate::{App, keys::reload_signing_keys};
use keystead_domain::Result;
use std::{future::Future, time::Duration};
use tokio::time::{MissedTickBehavior, interval};

const FLUSH_EVERY: Duration = Duration::from_secs(1);
/// In flushes.
const RELOAD_KEYS_EVERY: u32 = 60;

/// Writes activity, uses of keys, recorded reads and decisions in batches, and reads the signing keys every minute, until `stop`
/// is done; then writes what is left.
pub async fn run(app: App, stop: impl Future<Output = ()> + Send) {
    let mut ticks = interval(FLUSH_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut stop = std::pin::pin!(stop);
    let mut turn = 0_u32;
    loop {
        tokio::select! {
            () = &mut stop => break,
            _ = ticks.tick() => {}
        }
        turn = turn.wrapping_add(1);
        if turn.is_multiple_of(5) {
            warn("the last activity of sessions could not be written", app.activity.flush(&app).await);
            warn("the last use of keys could not be written", app.key_usage.flush(&app).await);
        }
        warn("reads could not be recorded in the audit trail", app.reads.flush(&app).await);
        warn("decisions could not be recorded in the audit trail", app.decision_log.flush(&app).await);
        if turn.is_multiple_of(RELOAD_KEYS_EVERY) {
            warn("the signing keys could not be read again", reload_signing_keys(&app).await);
        }
    }
    if let Err(error) = flush(&app).await {
        tracing::error!(?error, "what was waiting to be written is lost");
    }
}

/// Writes everything that waits, now: each kind of it, whatever becomes of the others.
///
/// # Errors
/// When the store fails; then what could not be written waits on.
pub async fn flush(app: &App) -> Result<()> {
    let reads = app.reads.flush(app).await;
    let decisions = app.decision_log.flush(app).await;
    let key_usage = app.key_usage.flush(app).await;
    let activity = app.activity.flush(app).await;
    reads.and(decisions).and(key_usage).and(activity)
}

fn warn(what: &str, outcome: Result<()>) {
    if let Err(error) = outcome {
        tracing::warn!(?error, "{what}; it is tried again");
    }
}
