//! Turns database errors into the domain's.

use keystead_domain::{Error, ErrorKind};
use sea_orm::{DbErr, RuntimeErr};
use sqlx::{error::DatabaseError, sqlite::SqliteError};

/// What a failed statement means to the caller. Messages of the database go to the log only.
pub(crate) fn store_error(error: DbErr) -> Error {
    match sqlx_error(&error) {
        Some(inner) => sqlx_store_error(inner),
        None => Error::internal(error.to_string()),
    }
}

/// The same for errors of the driver itself.
pub(crate) fn sqlx_store_error(error: &sqlx::Error) -> Error {
    let internal = error.to_string();
    match error {
        sqlx::Error::PoolTimedOut => return Error::busy(1).with_internal("no database connection was free in time"),
        sqlx::Error::Io(_) | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed | sqlx::Error::Tls(_) => {
            return Error::busy(2).with_internal(internal);
        }
        sqlx::Error::Database(database) => {
            let passing = match database.try_downcast_ref::<SqliteError>() {
                Some(error) => passing_on_sqlite(error),
                None => database.code().and_then(|code| passing_on_postgres(&code)),
            };
            if let Some(error) = passing {
                return error.with_internal(internal);
            }
        }
        _ => {}
    }
    Error::internal(internal)
}

/// What is over when the server has more room, more time or is back; none where the statement or the rows are at fault.
fn passing_on_postgres(code: &str) -> Option<Error> {
    match code {
        // query_canceled (statement_timeout), lock_not_available, idle_in_transaction_session_timeout
        "57014" | "55P03" | "25P03" => Some(Error::new(ErrorKind::Timeout, "timeout", "It took too long: try again.")),
        // serialization_failure, deadlock_detected, too_many_connections, out_of_memory
        "40001" | "40P01" | "53300" | "53200" => Some(Error::busy(1)),
        // cannot_connect_now, admin_shutdown, crash_shutdown, read_only_sql_transaction (another server has taken over)
        "57P03" | "57P01" | "57P02" | "25006" => Some(Error::busy(2)),
        // disk_full
        "53100" => Some(storage_full()),
        // io_error
        "58030" => Some(storage_failed()),
        _ => None,
    }
}

fn passing_on_sqlite(error: &SqliteError) -> Option<Error> {
    let code: i32 = error.code().and_then(|code| code.parse().ok())?;
    // The primary code is in the lowest byte.
    match code & 0xff {
        // SQLITE_BUSY
        5 => Some(Error::busy(1)),
        // SQLITE_FULL
        13 => Some(storage_full()),
        // SQLITE_IOERR, SQLITE_CANTOPEN
        10 | 14 => Some(storage_failed()),
        _ => None,
    }
}

fn storage_full() -> Error {
    Error::new(ErrorKind::Busy, "storage_full", "The server's storage is full. Nothing was changed.")
}

fn storage_failed() -> Error {
    Error::new(ErrorKind::Busy, "storage_failed", "The server's storage cannot be used. Nothing was changed.")
}

fn sqlx_error(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(inner))
        | DbErr::Exec(RuntimeErr::SqlxError(inner))
        | DbErr::Query(RuntimeErr::SqlxError(inner)) => Some(inner),
        _ => None,
    }
}

fn database_error(error: &DbErr) -> Option<&dyn DatabaseError> {
    match sqlx_error(error)? {
        sqlx::Error::Database(database) => Some(database.as_ref()),
        _ => None,
    }
}

/// The violated constraint's name on PostgreSQL, or the list `table.column, …` on SQLite, when a unique rule was broken.
pub(crate) fn unique_violation(error: &DbErr) -> Option<String> {
    let database = database_error(error)?;
    if !database.is_unique_violation() {
        return None;
    }
    if let Some(name) = database.constraint() {
        return Some(name.to_owned());
    }
    let message = database.message();
    Some(message.rsplit_once("failed: ").map_or(message, |(_, columns)| columns).to_owned())
}

/// Whether a reference to another row was broken.
pub(crate) fn foreign_key_violation(error: &DbErr) -> bool {
    database_error(error).is_some_and(|database| {
        let restricted = match database.code().as_deref() {
            // restrict_violation: from PostgreSQL 18 on, for a row that may not go (ON DELETE RESTRICT).
            Some("23001") => true,
            // SQLITE_CONSTRAINT_TRIGGER: SQLite reports the same as it reports a trigger.
            Some("1811") => database.message().contains("FOREIGN KEY"),
            _ => false,
        };
        restricted || database.is_foreign_key_violation()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

    fn kind_and_code(error: sqlx::Result<()>) -> (ErrorKind, &'static str) {
        let error = sqlx_store_error(&error.unwrap_err());
        assert!(error.internal.is_some(), "the log says why");
        (error.kind, error.code)
    }

    #[tokio::test]
    async fn a_full_database_is_told_on_sqlite_and_there_is_room_again() {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        let mut run = async |sql: &'static str| sqlx::raw_sql(sql).execute(&mut connection).await.map(drop);
        run("CREATE TABLE t (x BLOB); PRAGMA max_page_count = 3").await.unwrap();
        let large = "INSERT INTO t VALUES (zeroblob(100000))";
        assert_eq!(kind_and_code(run(large).await), (ErrorKind::Busy, "storage_full"));
        run("PRAGMA max_page_count = 1000").await.unwrap();
        run(large).await.unwrap();
        assert_eq!(kind_and_code(run("SELECT nothing").await).0, ErrorKind::Internal);
    }

    #[tokio::test]
    async fn what_passes_is_told_apart_from_faults_on_postgres() {
        let database = keystead_testkit::postgres::shared().await.database().await;
        let mut connection = database.connect().await;
        for (state, expected) in [
            ("53100", (ErrorKind::Busy, "storage_full")),
            ("58030", (ErrorKind::Busy, "storage_failed")),
            ("57014", (ErrorKind::Timeout, "timeout")),
            ("55P03", (ErrorKind::Timeout, "timeout")),
            ("40P01", (ErrorKind::Busy, "busy")),
            ("57P01", (ErrorKind::Busy, "busy")),
            ("25006", (ErrorKind::Busy, "busy")),
            ("42P01", (ErrorKind::Internal, "internal")),
            // Numbers that mean something else to SQLite.
            ("00010", (ErrorKind::Internal, "internal")),
            ("00013", (ErrorKind::Internal, "internal")),
        ] {
            let sql = format!("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; END $$");
            let raised = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.map(drop);
            assert_eq!(kind_and_code(raised), expected, "{state}");
        }
    }
}
