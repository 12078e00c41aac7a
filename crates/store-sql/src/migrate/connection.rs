//! The one connection that a migration runs on.

use super::{
    list::{Engine, Migration},
    state::Applied,
};
use crate::schema::{OWNER, SCHEMA_MIGRATIONS, postgres, sqlite};
use chrono::{DateTime, Utc};
use keystead_domain::{Error, ErrorKind, Result, Timestamp};
use sqlx::{AssertSqlSafe, PgConnection, Row, Sqlite, SqliteConnection, pool::PoolConnection};
use std::{ops::DerefMut, time::Duration};

/// An open connection to either engine.
pub(super) enum Connection {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
    /// One that goes back to its pool: a store in memory has no other.
    Pooled(PoolConnection<Sqlite>),
}

/// Runs `$body` with `$connection` being whichever connection it is.
macro_rules! on {
    ($self:expr, |$connection:ident| $body:expr) => {
        match $self {
            Connection::Postgres($connection) => $body,
            Connection::Sqlite($connection) => $body,
            Connection::Pooled(pooled) => {
                let $connection = pooled.deref_mut();
                $body
            }
        }
    };
}

/// Opens a migration's transaction. No time limit of a role or a session may cut it off while it waits for another server
/// or rebuilds a table; but a statement that waits for a table would keep everyone else waiting behind it.
const BEGIN: &str = "BEGIN;
SET LOCAL statement_timeout = 0;
SET LOCAL lock_timeout = 0;
SET LOCAL idle_in_transaction_session_timeout = 0;
SELECT pg_advisory_xact_lock(hashtext('keystead'), hashtext('migrations'));
SET LOCAL lock_timeout = '30s';
SET LOCAL timezone = 'UTC';
SET LOCAL search_path = keystead, pg_temp;";

impl Connection {
    pub(super) const fn engine(&self) -> Engine {
        match self {
            Self::Postgres(_) => Engine::Postgres,
            Self::Sqlite(_) | Self::Pooled(_) => Engine::Sqlite,
        }
    }

    /// Runs statements as they are, by the protocol that does not split them.
    pub(super) async fn run(&mut self, doing: &str, sql: &str) -> Result<()> {
        on!(self, |connection| sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await.map(drop))
            .map_err(|error| failed(doing, &error))
    }

    /// Opens a transaction and takes the lock: until it ends, nobody else migrates this database.
    pub(super) async fn begin(&mut self) -> Result<()> {
        match self.engine() {
            Engine::Postgres => {
                self.run("opening the migration", BEGIN).await?;
                self.run("becoming the owner", &format!("SET LOCAL ROLE {OWNER}")).await
            }
            Engine::Sqlite => {
                // Rebuilding a table would delete the rows that refer to it, and inside a transaction this has no effect.
                self.run("opening the migration", "PRAGMA foreign_keys = OFF").await?;
                self.run("opening the migration", "BEGIN IMMEDIATE").await
            }
        }
    }

    /// Ends the transaction and keeps what it did.
    pub(super) async fn commit(&mut self) -> Result<()> {
        if self.engine() == Engine::Sqlite {
            self.check_foreign_keys().await?;
        }
        self.run("committing the migration", "COMMIT").await?;
        self.foreign_keys_on().await
    }

    /// Ends the transaction and forgets what it did.
    pub(super) async fn roll_back(&mut self) -> Result<()> {
        self.run("taking the migration back", "ROLLBACK").await?;
        self.foreign_keys_on().await
    }

    async fn foreign_keys_on(&mut self) -> Result<()> {
        match self.engine() {
            Engine::Postgres => Ok(()),
            Engine::Sqlite => self.run("closing the migration", "PRAGMA foreign_keys = ON").await,
        }
    }

    async fn check_foreign_keys(&mut self) -> Result<()> {
        let connection = match self {
            Self::Postgres(_) => return Ok(()),
            Self::Sqlite(connection) => connection,
            Self::Pooled(connection) => &mut **connection,
        };
        let broken = sqlx::query("PRAGMA foreign_key_check").fetch_optional(connection).await;
        match broken.map_err(|error| failed("checking foreign keys", &error))? {
            None => Ok(()),
            Some(row) => Err(Error::new(
                ErrorKind::Conflict,
                "migration_failed",
                format!(
                    "rows of {} would refer to rows of {} that are not there",
                    row.try_get::<String, _>(0).unwrap_or_default(),
                    row.try_get::<String, _>(2).unwrap_or_default()
                ),
            )),
        }
    }

    /// Whether the table of applied migrations is there.
    async fn has_table(&mut self) -> Result<bool> {
        let sql = match self.engine() {
            Engine::Postgres => "SELECT to_regclass('keystead.schema_migrations') IS NOT NULL",
            Engine::Sqlite => {
                "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations')"
            }
        };
        on!(self, |connection| sqlx::query_scalar(sql).persistent(false).fetch_one(&mut *connection).await)
            .map_err(|error| failed("looking for applied migrations", &error))
    }

    /// Makes the table of applied migrations where it is missing.
    pub(super) async fn ensure_table(&mut self) -> Result<()> {
        if self.has_table().await? {
            return Ok(());
        }
        let sql = match self.engine() {
            Engine::Postgres => postgres::create(&SCHEMA_MIGRATIONS) + &postgres::protect(&SCHEMA_MIGRATIONS),
            Engine::Sqlite => sqlite::create(&SCHEMA_MIGRATIONS),
        };
        self.run("making the table schema_migrations", &sql).await
    }

    /// What was applied, in order; nothing where the table is missing.
    pub(super) async fn applied(&mut self) -> Result<Vec<Applied>> {
        if !self.has_table().await? {
            return Ok(Vec::new());
        }
        let schema = if self.engine() == Engine::Postgres { "keystead." } else { "" };
        let sql = format!(
            "SELECT version, name, up_checksum, down_checksum, applied_at, duration_ms FROM {schema}schema_migrations ORDER BY version"
        );
        on!(self, |connection| sqlx::query(AssertSqlSafe(sql))
            .persistent(false)
            .fetch_all(&mut *connection)
            .await
            .and_then(|rows| rows
                .iter()
                .map(|row| Ok(Applied {
                    version: row.try_get(0)?,
                    name: row.try_get(1)?,
                    up_checksum: row.try_get(2)?,
                    down_checksum: row.try_get(3)?,
                    applied_at: Timestamp::new(row.try_get::<DateTime<Utc>, _>(4)?),
                    duration_ms: u64::try_from(row.try_get::<i64, _>(5)?).unwrap_or(0),
                }))
                .collect()))
        .map_err(|error| failed("reading applied migrations", &error))
    }

    /// Notes that `migration` was applied.
    pub(super) async fn note(&mut self, migration: &Migration, at: Timestamp, took: Duration) -> Result<()> {
        let (up, down) = migration.checksums(self.engine());
        let millis = i64::try_from(took.as_millis()).unwrap_or(i64::MAX);
        on!(self, |connection| sqlx::query(
            "INSERT INTO schema_migrations (version, name, up_checksum, down_checksum, applied_at, duration_ms)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(migration.version())
        .bind(migration.name())
        .bind(up)
        .bind(down)
        .bind(at.as_datetime())
        .bind(millis)
        .persistent(false)
        .execute(&mut *connection)
        .await
        .map(drop))
        .map_err(|error| failed("noting the migration", &error))
    }

    /// Notes that `migration` was taken back.
    pub(super) async fn forget(&mut self, migration: &Migration) -> Result<()> {
        on!(self, |connection| sqlx::query("DELETE FROM schema_migrations WHERE version = $1")
            .bind(migration.version())
            .persistent(false)
            .execute(&mut *connection)
            .await
            .map(drop))
        .map_err(|error| failed("noting the migration", &error))
    }
}

/// What the database refused, for the operator; never an address.
pub(super) fn failed(doing: &str, error: &sqlx::Error) -> Error {
    match error {
        sqlx::Error::Database(refusal) => {
            Error::new(ErrorKind::Conflict, "migration_failed", format!("{doing}: {}", refusal.message()))
        }
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => {
            Error::new(ErrorKind::Busy, "database_unreachable", "The database cannot be reached.")
                .with_internal(error.to_string())
        }
        other => Error::internal(format!("{doing}: {other}")),
    }
}
