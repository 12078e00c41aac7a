//! Times every statement: metrics always, the log when it is slow or when everything is wanted.

use std::time::{Duration, Instant};

/// What of the statements is logged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Observer {
    pub(crate) slow: Duration,
    pub(crate) log_all: bool,
}

impl Observer {
    /// Notes that `sql` took the time since `started`. Values are never logged.
    pub(crate) fn note(self, sql: &str, started: Instant, failed: bool) {
        let elapsed = started.elapsed();
        metrics::histogram!("keystead_store_statement_seconds").record(elapsed.as_secs_f64());
        if failed {
            metrics::counter!("keystead_store_statement_failures_total").increment(1);
        }
        let millis = elapsed.as_millis();
        if elapsed >= self.slow {
            metrics::counter!("keystead_store_slow_statements_total").increment(1);
            tracing::warn!(target: "keystead::store", millis, sql, "slow statement");
        } else if self.log_all {
            tracing::debug!(target: "keystead::store", micros = elapsed.as_micros(), failed, sql, "statement");
        }
    }

    /// Notes that `sql` goes along with the next statement, whose time will be that of both.
    pub(crate) fn note_along(self, sql: &str) {
        if self.log_all {
            tracing::debug!(target: "keystead::store", along = true, sql, "statement");
        }
    }
}
