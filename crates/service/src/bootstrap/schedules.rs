//! The first schedules.

use crate::App;
use keystead_domain::{Json, PLATFORM, Result, jobs::Schedule};
use keystead_store::UnitOfWork;

/// The kind of job that deletes expired rows in bounded batches.
pub const DELETE_EXPIRED_ROWS: &str = "delete_expired_rows";
/// The kind of job that makes the next signing key in time.
pub const ROTATE_SIGNING_KEYS: &str = "rotate_signing_keys";
/// The kind of job that makes audit partitions ahead of time.
pub const ENSURE_PARTITIONS: &str = "ensure_partitions";

/// Kind, which is the name too, and how often, in seconds.
const SCHEDULES: [(&str, i64); 3] =
    [(DELETE_EXPIRED_ROWS, 60 * 60), (ROTATE_SIGNING_KEYS, 60 * 60), (ENSURE_PARTITIONS, 24 * 60 * 60)];

/// Adds the schedules that are missing. Each runs at once for the first time.
pub(super) async fn ensure(app: &App, unit: &dyn UnitOfWork) -> Result<()> {
    let now = app.now();
    for (kind, every_seconds) in SCHEDULES {
        let schedule = Schedule {
            id: app.ids.next(),
            organization_id: PLATFORM,
            name: kind.to_owned(),
            kind: kind.to_owned(),
            payload: Json::Object(serde_json::Map::new()),
            every_seconds,
            next_run_at: now,
            last_run_at: None,
            is_active: true,
            created_at: now,
            updated_at: now,
            version: 1,
        };
        unit.jobs().ensure_schedule(&schedule).await?;
    }
    Ok(())
}
