//! Writes the last activity of many sessions.

use crate::{
    engine::{SqlStore, errors::store_error},
    entities::sessions,
};
use keystead_domain::{Result, Scope};
use keystead_store::SessionActivity;
use sea_orm::{ColumnTrait, DbBackend, EntityTrait, QueryFilter, Statement, prelude::Expr};
use serde_json::json;

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
    for one in activity {
        sessions::Entity::update_many()
            .col_expr(sessions::Column::LastActivityAt, Expr::value(one.at.as_datetime()))
            .filter(sessions::Column::Id.eq(one.session_id.as_uuid()))
            .filter(sessions::Column::LastActivityAt.lt(one.at.as_datetime()))
            .exec(work.connection())
            .await
            .map_err(store_error)?;
    }
    work.commit_sql().await
}
