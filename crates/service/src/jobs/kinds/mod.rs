//! The jobs that every installation runs.

mod delete_expired_rows;
mod ensure_partitions;
mod rotate_signing_keys;

pub use ensure_partitions::PARTITION_MONTHS_AHEAD;

use super::JobHandler;
use std::sync::Arc;

/// One handler for each kind of job that this program knows.
pub(super) fn handlers() -> Vec<Arc<dyn JobHandler>> {
    vec![
        Arc::new(delete_expired_rows::DeleteExpiredRows),
        Arc::new(ensure_partitions::EnsurePartitions),
        Arc::new(rotate_signing_keys::RotateSigningKeys),
    ]
}
