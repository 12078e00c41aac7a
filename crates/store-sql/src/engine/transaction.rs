//! One transaction on one connection: opened in one message, never half-open, never given back dirty.
//!
//! sqlx 0.9.0 leaks a transaction when the future that opens it is dropped: the next borrower of the connection then
//! reads the cancelled caller's rows. So nothing here uses sqlx's own transactions. Opening runs to its end even when its
//! caller goes away; so does committing; and a connection whose transaction was not finished is rolled back before anyone
//! else gets it, or closed where a statement was cut off in the middle.

use super::{
    errors::sqlx_store_error,
    glance::scoped,
    observe::Observer,
    pool::{Lease, Pool},
    settings::PostgresSettings,
    uncancelled::uncancelled,
};
use keystead_domain::{Result, Scope};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement, Values};
use sea_query_sqlx::SqlxValues;
use sqlx::{AssertSqlSafe, PgConnection, Sqlite, SqliteConnection, pool::PoolConnection};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard};

/// Whether a transaction may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

/// Called after each commit of a writing transaction.
pub(crate) type CommitHook = Arc<dyn Fn() + Send + Sync>;

enum Connection {
    Postgres(Lease<PgConnection>),
    Sqlite(SqliteLease),
}

/// One of SQLite's connections.
pub(crate) enum SqliteLease {
    /// The only one that writes; in memory it reads, too.
    Writer(PoolConnection<Sqlite>),
    Reader(Lease<SqliteConnection>),
}

impl SqliteLease {
    pub(crate) fn connection(&mut self) -> Result<&mut SqliteConnection, sqlx::Error> {
        match self {
            Self::Writer(connection) => Ok(connection),
            Self::Reader(lease) => lease.connection(),
        }
    }
}

/// An open transaction.
pub(crate) struct Transaction {
    backend: DbBackend,
    access: Access,
    /// None once it is finished.
    connection: Mutex<Option<Connection>>,
    /// A statement was sent and its answer has not been read to the end.
    in_flight: AtomicBool,
    /// Nothing was opened: each statement stands by itself, in this scope.
    glance: Option<Scope>,
    /// PostgreSQL keeps statements under names; behind a pooler in transaction mode they return wrong rows.
    named_statements: bool,
    observer: Observer,
    hook: Option<CommitHook>,
}

/// The connection of an open transaction, lent.
pub(crate) struct Driver<'t>(MappedMutexGuard<'t, Connection>);

impl Driver<'_> {
    /// For the row codec.
    pub(crate) fn rows(&mut self) -> Result<crate::rows::Connection<'_>> {
        let connection = match &mut *self.0 {
            Connection::Postgres(lease) => lease.connection().map(crate::rows::Connection::Postgres),
            Connection::Sqlite(lease) => lease.connection().map(crate::rows::Connection::Sqlite),
        };
        connection.map_err(|error| sqlx_store_error(&error))
    }
}

/// What opens a transaction on PostgreSQL, all in one message.
fn opening(scope: Scope, access: Access, pooler: Option<&PostgresSettings>) -> String {
    let begin = match access {
        Access::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;",
        Access::Write => "BEGIN;",
    };
    let local = pooler.map(PostgresSettings::local_settings).unwrap_or_default();
    format!("{begin}{local}{}", scope_settings(scope))
}

/// Both settings, always: what is not named sees nothing.
fn scope_settings(scope: Scope) -> String {
    let organization = scope.organization.map(|id| id.to_string()).unwrap_or_default();
    let user = scope.user.map(|id| id.to_string()).unwrap_or_default();
    format!("SET LOCAL app.organization_id = '{organization}';SET LOCAL app.user_id = '{user}'")
}

/// Works on a lease's connection, and tells the lease of an error that ended it.
macro_rules! on_lease {
    ($lease:ident, |$connection:ident| $work:expr) => {{
        let result = match $lease.connection() {
            Ok($connection) => $work,
            Err(error) => Err(error),
        };
        if let Err(error) = &result {
            $lease.note(error);
        }
        result
    }};
}

impl Transaction {
    /// Opens one on PostgreSQL.
    pub(crate) async fn open_postgres(
        pool: &Pool<PgConnection>,
        scope: Scope,
        access: Access,
        settings: &PostgresSettings,
        observer: Observer,
    ) -> Result<Self> {
        let opening = opening(scope, access, settings.pooler.then_some(settings));
        let (pool, named_statements) = (pool.clone(), !settings.pooler);
        uncancelled(async move {
            let connection = pool.acquire().await.map_err(|error| sqlx_store_error(&error))?;
            let transaction = Self {
                backend: DbBackend::Postgres,
                access,
                connection: Mutex::new(Some(Connection::Postgres(connection))),
                in_flight: AtomicBool::new(false),
                glance: None,
                named_statements,
                observer,
                hook: None,
            };
            transaction.run_raw(opening).await?;
            Ok(transaction)
        })
        .await
    }

    /// What only reads on PostgreSQL without a pooler, each statement by itself and in one round trip.
    pub(crate) async fn glance_postgres(pool: &Pool<PgConnection>, scope: Scope, observer: Observer) -> Result<Self> {
        let connection = pool.acquire().await.map_err(|error| sqlx_store_error(&error))?;
        Ok(Self::glance(DbBackend::Postgres, Connection::Postgres(connection), scope, observer))
    }

    /// As [`Transaction::glance_postgres`], on SQLite.
    pub(crate) async fn glance_sqlite(
        lease: impl Future<Output = Result<SqliteLease, sqlx::Error>>,
        scope: Scope,
        observer: Observer,
    ) -> Result<Self> {
        let connection = lease.await.map_err(|error| sqlx_store_error(&error))?;
        Ok(Self::glance(DbBackend::Sqlite, Connection::Sqlite(connection), scope, observer))
    }

    fn glance(backend: DbBackend, connection: Connection, scope: Scope, observer: Observer) -> Self {
        Self {
            backend,
            access: Access::Read,
            connection: Mutex::new(Some(connection)),
            in_flight: AtomicBool::new(false),
            glance: Some(scope),
            named_statements: true,
            observer,
            hook: None,
        }
    }

    /// Opens one on SQLite.
    pub(crate) async fn open_sqlite(
        lease: impl Future<Output = Result<SqliteLease, sqlx::Error>> + Send + 'static,
        access: Access,
        observer: Observer,
        hook: Option<CommitHook>,
    ) -> Result<Self> {
        uncancelled(async move {
            let connection = lease.await.map_err(|error| sqlx_store_error(&error))?;
            let transaction = Self {
                backend: DbBackend::Sqlite,
                access,
                connection: Mutex::new(Some(Connection::Sqlite(connection))),
                in_flight: AtomicBool::new(false),
                glance: None,
                named_statements: true,
                observer,
                hook: hook.filter(|_| access == Access::Write),
            };
            // A deferred transaction that turns to writing can meet a newer snapshot and fail; an immediate one waits first.
            let begin = if access == Access::Write { "BEGIN IMMEDIATE" } else { "BEGIN" };
            transaction.run_raw(begin.to_owned()).await?;
            Ok(transaction)
        })
        .await
    }

    /// Whether it was opened for writing.
    pub(crate) fn may_write(&self) -> bool {
        self.access == Access::Write
    }

    /// Moves the rest of the transaction to another scope.
    pub(crate) async fn enter(&mut self, scope: Scope) -> Result<()> {
        match (&mut self.glance, self.backend) {
            (Some(here), _) => *here = scope,
            (None, DbBackend::Postgres) => return self.run_raw(scope_settings(scope)).await,
            (None, _) => {}
        }
        Ok(())
    }

    /// Commits. It runs to its end even when the caller goes away.
    pub(crate) async fn commit(self) -> Result<()> {
        if self.glance.is_some() {
            return Ok(());
        }
        uncancelled(async move {
            self.run_raw("COMMIT".to_owned()).await?;
            *self.connection.lock().await = None;
            if let Some(hook) = &self.hook {
                hook();
            }
            Ok(())
        })
        .await
    }

    /// The driver's own connection, for moving rows in bulk. Whether a statement is under way on it is no longer known, so
    /// on PostgreSQL it is closed where the transaction is not committed.
    pub(crate) async fn driver(&self) -> Result<Driver<'_>> {
        self.in_flight.store(true, Ordering::SeqCst);
        let guard = self.connection.lock().await;
        MutexGuard::try_map(guard, Option::as_mut).map(Driver).map_err(|_| sqlx_store_error(&finished()))
    }

    async fn run_raw(&self, sql: String) -> Result<()> {
        let started = Instant::now();
        let mut guard = self.connection.lock().await;
        self.in_flight.store(true, Ordering::SeqCst);
        let result = match guard.as_mut() {
            Some(Connection::Postgres(lease)) => on_lease!(lease, |connection| {
                sqlx::raw_sql(AssertSqlSafe(sql.as_str())).execute(connection).await.map(|_| ())
            }),
            Some(Connection::Sqlite(lease)) => match lease.connection() {
                Ok(connection) => sqlx::raw_sql(AssertSqlSafe(sql.as_str())).execute(connection).await.map(|_| ()),
                Err(error) => Err(error),
            },
            None => Err(finished()),
        };
        self.in_flight.store(false, Ordering::SeqCst);
        self.observer.note(&sql, started, result.is_err());
        result.map_err(|error| sqlx_store_error(&error))
    }
}

fn finished() -> sqlx::Error {
    sqlx::Error::InvalidArgument("the transaction is finished".to_owned())
}

fn values(statement: &Statement) -> SqlxValues {
    SqlxValues(statement.values.clone().unwrap_or_else(|| Values(Vec::new())))
}

impl Transaction {
    /// The statement, as it is sent.
    fn admitted(&self, statement: Statement) -> Result<Statement, DbErr> {
        match self.glance {
            None => Ok(statement),
            Some(_) if !statement.sql.starts_with("SELECT ") => {
                Err(DbErr::Custom("a glance does not write".to_owned()))
            }
            Some(scope) if self.backend == DbBackend::Postgres => Ok(scoped(statement, scope)),
            Some(_) => Ok(statement),
        }
    }
}

/// Runs one statement with the given fetch method on whichever connection it is.
macro_rules! run {
    ($self:ident, $statement:ident, $method:ident, $error:path, |$answer:ident| $convert:expr) => {{
        let started = Instant::now();
        let mut guard = $self.connection.lock().await;
        $self.in_flight.store(true, Ordering::SeqCst);
        let result = match guard.as_mut() {
            Some(Connection::Postgres(lease)) => on_lease!(lease, |connection| {
                sqlx::query_with(AssertSqlSafe($statement.sql.as_str()), values(&$statement))
                    .persistent($self.named_statements)
                    .$method(connection)
                    .await
                    .map(|$answer| $convert)
            }),
            Some(Connection::Sqlite(lease)) => match lease.connection() {
                Ok(connection) => sqlx::query_with(AssertSqlSafe($statement.sql.as_str()), values(&$statement))
                    .$method(connection)
                    .await
                    .map(|$answer| $convert),
                Err(error) => Err(error),
            },
            None => Err(finished()),
        };
        $self.in_flight.store(false, Ordering::SeqCst);
        drop(guard);
        $self.observer.note(&$statement.sql, started, result.is_err());
        result.map_err(|error| $error(RuntimeErr::SqlxError(Arc::new(error))))
    }};
}

#[async_trait::async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        self.backend
    }
    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let statement = self.admitted(statement)?;
        run!(self, statement, execute, DbErr::Exec, |answer| ExecResult::from(answer))
    }
    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let statement = self.admitted(Statement::from_string(self.backend, sql))?;
        run!(self, statement, execute, DbErr::Exec, |answer| ExecResult::from(answer))
    }
    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let statement = self.admitted(statement)?;
        run!(self, statement, fetch_optional, DbErr::Query, |answer| answer.map(QueryResult::from))
    }
    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let statement = self.admitted(statement)?;
        run!(self, statement, fetch_all, DbErr::Query, |answer| answer.into_iter().map(QueryResult::from).collect())
    }
}

/// How long a roll-back may take before its connection is closed instead.
const ROLL_BACK_WITHIN: Duration = Duration::from_secs(5);

impl Drop for Transaction {
    fn drop(&mut self) {
        let Some(connection) = self.connection.get_mut().take() else { return };
        let cut_off = *self.in_flight.get_mut();
        if self.glance.is_some() {
            // There is nothing to roll back. SQLite's worker thread answers in order, whoever still listens.
            if let (Connection::Postgres(mut lease), true) = (connection, cut_off) {
                lease.discard();
            }
            return;
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            // No runtime is left to roll back on; closing does the same.
            if let Connection::Postgres(mut lease) = connection {
                lease.discard();
            }
            return;
        };
        runtime.spawn(roll_back(connection, cut_off));
    }
}

async fn roll_back(connection: Connection, cut_off: bool) {
    match connection {
        Connection::Postgres(mut lease) => {
            if cut_off {
                // Its answer would be read by the next statement's reader: the server rolls back when the line drops.
                lease.discard();
                return;
            }
            let Ok(connection) = lease.connection() else { return };
            let done = tokio::time::timeout(ROLL_BACK_WITHIN, sqlx::raw_sql("ROLLBACK").execute(connection)).await;
            match done {
                Ok(Ok(_)) => {}
                Ok(Err(error)) => {
                    lease.note(&error);
                    lease.discard();
                }
                Err(_) => lease.discard(),
            }
        }
        Connection::Sqlite(mut lease) => {
            let Ok(connection) = lease.connection() else { return };
            // The worker thread answers in order, so this comes after whatever was cut off. It fails only where the
            // engine has rolled back by itself. (Closing would lose a store in memory.)
            if let Err(error) = sqlx::raw_sql("ROLLBACK").execute(connection).await {
                tracing::debug!(target: "keystead::store", %error, "roll-back");
            }
        }
    }
}
