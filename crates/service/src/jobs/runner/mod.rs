//! Takes jobs from the queue and runs them.

mod attempt;
mod backoff;
#[cfg(test)]
pub(in crate::jobs) mod fixtures;
mod handler;
mod queue;
mod settings;
#[cfg(test)]
mod tests;

pub use handler::{Effect, JobHandler, Progress, job_caller};
pub use settings::RunnerSettings;

use super::kinds;
use crate::App;
use std::{collections::HashMap, fmt, sync::Arc, time::Duration};
use tokio::{sync::watch, task::JoinHandle, time::timeout};
use uuid::Uuid;

/// What every attempt works with.
struct Shared {
    app: App,
    handlers: HashMap<&'static str, Arc<dyn JobHandler>>,
    settings: RunnerSettings,
    /// What this runner's leases are called.
    worker: String,
}

/// A running job runner. Dropping it ends what runs; [`JobRunner::stop`] lets it finish.
pub struct JobRunner {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl JobRunner {
    /// Begins to run the jobs that every installation has.
    #[must_use]
    pub fn start(app: App, settings: RunnerSettings) -> Self {
        Self::with_handlers(app, settings, kinds::handlers())
    }

    /// Begins to run the jobs of `handlers`. Other kinds fail, and are retried: another node may be newer.
    #[must_use]
    pub fn with_handlers(app: App, settings: RunnerSettings, handlers: Vec<Arc<dyn JobHandler>>) -> Self {
        let worker = format!("{}-{}", settings.name, app.ids.next::<Uuid>());
        let handlers = handlers.into_iter().map(|handler| (handler.kind(), handler)).collect();
        let (stop, stopped) = watch::channel(false);
        let shared = Arc::new(Shared { app, handlers, settings, worker });
        Self { stop, task: tokio::spawn(queue::work(shared, stopped)) }
    }

    /// Takes no further job, and waits for those that run, at most for `patience`. What runs then still is ended; another
    /// node takes it when its lease is over. Returns whether everything finished.
    pub async fn stop(mut self, patience: Duration) -> bool {
        // Nobody listens when the runner has ended already.
        let _ = self.stop.send(true);
        timeout(patience, &mut self.task).await.is_ok()
    }
}

impl Drop for JobRunner {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl fmt::Debug for JobRunner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JobRunner").field("is_finished", &self.task.is_finished()).finish()
    }
}
