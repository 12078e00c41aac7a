//! Figures that are looked up when somebody asks for them; what costs statements at most every fifteen seconds.

use keystead_service::App;
use metrics::{counter, gauge};
use metrics_exporter_prometheus::PrometheusHandle;
use std::time::Duration;
use tokio::{sync::Mutex, time::Instant};

const READ_EVERY: Duration = Duration::from_secs(15);

/// The recorder's handle, and when the store was last asked.
pub(crate) struct Figures {
    handle: PrometheusHandle,
    asked_at: Mutex<Option<Instant>>,
}

impl Figures {
    pub(crate) fn new(handle: PrometheusHandle) -> Self {
        Self { handle, asked_at: Mutex::new(None) }
    }

    /// The text that Prometheus reads. A store that does not answer leaves the figures of the last time.
    pub(crate) async fn render(&self, app: &App) -> String {
        let mut asked_at = self.asked_at.lock().await;
        if asked_at.is_none_or(|at| at.elapsed() >= READ_EVERY) {
            read(app).await;
            *asked_at = Some(Instant::now());
        }
        drop(asked_at);
        show_hashing(app);
        self.handle.render()
    }
}

async fn read(app: &App) {
    match app.store.counts(app.now()).await {
        Ok(counts) => {
            set("keystead_active_users", counts.active_users);
            set("keystead_live_sessions", counts.live_sessions);
            set("keystead_audit_events_last_hour", counts.audit_events_last_hour);
            set("keystead_jobs_queued", counts.queued_jobs);
            set("keystead_jobs_dead", counts.dead_jobs);
        }
        Err(error) => tracing::warn!(?error, "the figures for /metrics could not be read"),
    }
    let pool = app.store.health().await.pool;
    set("keystead_store_connections_open", pool.open.into());
    set("keystead_store_connections_idle", pool.idle.into());
    set("keystead_store_connections_max", pool.max.into());
}

fn show_hashing(app: &App) {
    let pool = &app.passwords;
    set("keystead_password_queue_depth", pool.queued() as u64);
    set("keystead_password_queue_capacity", pool.capacity() as u64);
    set("keystead_password_hashing_now", pool.running() as u64);
    set("keystead_password_hashing_threads", pool.threads() as u64);
    set("keystead_password_memory_bytes", pool.memory() as u64);
    counter!("keystead_password_refused_total").absolute(pool.refused());
    counter!("keystead_password_abandoned_total").absolute(pool.abandoned());
}

#[allow(clippy::cast_precision_loss, reason = "a gauge is a float; counts beyond 2^53 are not expected")]
fn set(name: &'static str, value: u64) {
    gauge!(name).set(value as f64);
}
