//! What the health check asks, over the server's own connections.

use super::list::MIGRATIONS;
use crate::engine::{SqlStore, SqlUnitOfWork, errors::store_error};
use keystead_domain::{Error, ErrorKind, Result, Scope};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement};

/// How many migrations wait to be applied. It compares numbers only; checksums are compared when something is applied.
///
/// # Errors
/// `Conflict` with code `database_newer` when the database has a migration that the program does not know; or when the store fails.
pub(crate) async fn pending(store: &SqlStore) -> Result<u32> {
    let (is_there, last) = match store.backend() {
        DbBackend::Postgres => (
            "SELECT to_regclass('keystead.schema_migrations') IS NOT NULL",
            "SELECT coalesce(max(version), 0) FROM keystead.schema_migrations",
        ),
        _ => (
            "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'schema_migrations')",
            "SELECT CAST(coalesce(max(version), 0) AS INTEGER) FROM schema_migrations",
        ),
    };
    let work = store.read_sql(Scope::NONE).await?;
    let mut applied = 0;
    if one(&work, is_there).await?.try_get_by_index::<bool>(0).map_err(store_error)? {
        applied = one(&work, last).await?.try_get_by_index::<i32>(0).map_err(store_error)?;
    }
    let known = i32::try_from(MIGRATIONS.len()).unwrap_or(i32::MAX);
    u32::try_from(known - applied).map_err(|_| {
        Error::new(
            ErrorKind::Conflict,
            "database_newer",
            "The database has migrations that this program does not know: it belongs to a newer version of Keystead.",
        )
    })
}

async fn one(work: &SqlUnitOfWork, sql: &str) -> Result<QueryResult> {
    let statement = Statement::from_string(work.backend(), sql);
    let row = work.connection().query_one_raw(statement).await.map_err(store_error)?;
    row.ok_or_else(|| Error::internal("a query for one row gave none"))
}
