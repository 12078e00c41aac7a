//! Writes the last activity of many sessions.

use crate::engine::{SqlStore, errors::store_error};
use keystead_domain::{Result, Scope};
use keystead_store::SessionActivity;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::json;

/// How many sessions one statement writes on SQLite, which takes 32,766 values.
const BATCH: usize = 10_000;

/// Times never move backwards.
pub(crate) async fn record_activity(store: &SqlStore, activity: &[SessionActivity]) -> Result<()> {
    if activity.is_empty() {
        return Ok(());
    }
    if store.backend() == DbBackend::Postgres {
        let list: Vec<_> = activity.iter().map(|one| json!({ "id": one.session_id, "at": one.at })).collect();
        let values = [serde_json::Value::Array(list).into()];
        let statement =
            Statement::from_sql_and_values(DbBackend::Postgres, "SELECT keystead.record_activity($1)", values);
        return store.query_all(statement).await.map(drop);
    }
    let work = store.begin_sql(Scope::NONE).await?;
    for batch in activity.chunks(BATCH) {
        let rows = vec!["(?, ?)"; batch.len()].join(", ");
        let sql = format!(
            "UPDATE sessions SET last_activity_at = used.at \
             FROM (SELECT column1 AS id, max(column2) AS at FROM (VALUES {rows}) GROUP BY column1) AS used \
             WHERE sessions.id = used.id AND sessions.last_activity_at < used.at"
        );
        let values = batch.iter().flat_map(|one| [one.session_id.as_uuid().into(), one.at.as_datetime().into()]);
        let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
        work.connection().execute_raw(statement).await.map_err(store_error)?;
    }
    work.commit_sql().await
}
