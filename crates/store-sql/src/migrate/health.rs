//! What a running server asks: are all migrations applied?

use super::MIGRATIONS;
use crate::engine::SqlStore;
use keystead_domain::{Error, Result};
use sea_orm::Statement;

/// How many of the program's migrations the store waits for.
///
/// # Errors
/// When the store does not answer, or has a migration that the program does not know.
pub(crate) async fn pending(store: &SqlStore) -> Result<u32> {
    let sql = "SELECT CAST(count(*) AS integer) AS applied, CAST(coalesce(max(version), 0) AS integer) AS newest FROM schema_migrations";
    let row = store.query_one(Statement::from_string(store.backend(), sql)).await?;
    let row = row.ok_or_else(|| Error::internal("schema_migrations: no row"))?;
    let column = |name: &str| row.try_get::<i32>("", name).map_err(crate::engine::errors::store_error);
    let known = i32::try_from(MIGRATIONS.len()).unwrap_or(i32::MAX);
    if column("newest")? > known {
        return Err(Error::conflict("database_newer", "The database belongs to a newer version of Keystead."));
    }
    Ok(u32::try_from(known.saturating_sub(column("applied")?)).unwrap_or(0))
}
