//! How jobs are run.

use std::{num::NonZeroUsize, time::Duration};

/// How a [`JobRunner`](super::JobRunner) works.
#[derive(Clone, Debug)]
pub struct RunnerSettings {
    /// What its leases begin with, such as the host's name; up to 50 characters.
    pub name: String,
    /// How many jobs run at once.
    pub workers: NonZeroUsize,
    /// A job is another node's when nothing was heard of it for so long. A third of it passes between two signs of life.
    pub lease: Duration,
}

impl Default for RunnerSettings {
    fn default() -> Self {
        Self {
            name: "keystead".to_owned(),
            workers: const { NonZeroUsize::MIN.saturating_add(1) },
            lease: Duration::from_secs(60),
        }
    }
}
