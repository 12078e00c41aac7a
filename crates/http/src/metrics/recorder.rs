//! The recorder behind the `metrics` facade.

use super::names::describe;
use keystead_domain::{Error, Result};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::time::Duration;

/// Bounds of the latency histograms, in seconds: from a statement on a warm file to the request timeout.
const SECONDS: [f64; 14] = [0.000_25, 0.000_5, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// Makes the recorder the process's own and returns the handle that `/metrics` renders. Call it once, before anything is counted.
///
/// # Errors
/// `Internal` when the process has a recorder already.
pub fn install_recorder() -> Result<PrometheusHandle> {
    let refuse = |error: metrics_exporter_prometheus::BuildError| Error::internal(format!("metrics recorder: {error}"));
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
        .map_err(refuse)?
        .install_recorder()
        .map_err(refuse)?;
    describe();
    Ok(handle)
}

/// Folds recorded samples together every five seconds, so that memory stays bounded where nobody scrapes. Never returns.
pub async fn keep_up(handle: PrometheusHandle) {
    let mut turns = tokio::time::interval(Duration::from_secs(5));
    loop {
        turns.tick().await;
        handle.run_upkeep();
    }
}
