//! One transaction on one connection: opened in one message, never half-open, never given back dirty.
//!
//! sqlx 0.9.0 leaks a transaction when the future that opens it is dropped: the next borrower of the connection then
//! reads the cancelled caller's rows. So nothing here uses sqlx's own transactions. Opening runs to its end even when its
//! caller goes away; so does committing; and a connection whose transaction was not finished is rolled back before anyone
//! else gets it, or closed where a statement was cut off in the middle.

use super::{
    along::{Waiting, in_one, last_done, row, rows},
    errors::{sqlx_store_error, store_error},
    glance::scoped,
    limit::with_plain_limit,
    line::{Connection, Line, SqliteLease, finished},
    observe::Observer,
    opening::{opening, scope_settings},
    pool::Pool,
    roll_back::roll_back,
    settings::PostgresSettings,
    uncancelled::uncancelled,
};
use keystead_domain::{Result, Scope};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement, Values};
use sea_query_sqlx::SqlxValues;
use sqlx::{AssertSqlSafe, PgConnection};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
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

/// An open transaction.
pub(crate) struct Transaction {
    backend: DbBackend,
    access: Access,
    line: Mutex<Line>,
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
                line: Line::open(Connection::Postgres(connection)),
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
            line: Line::open(connection),
            in_flight: AtomicBool::new(false),
            glance: Some(scope),
            named_statements: true,
            observer,
            hook: None,
        }
    }

    /// Opens one on SQLite. What opens it goes along with the first statement.
    pub(crate) async fn open_sqlite(
        lease: impl Future<Output = Result<SqliteLease, sqlx::Error>>,
        access: Access,
        observer: Observer,
        hook: Option<CommitHook>,
    ) -> Result<Self> {
        let connection = lease.await.map_err(|error| sqlx_store_error(&error))?;
        // A deferred transaction that turns to writing can meet a newer snapshot and fail; an immediate one waits first.
        let begin = if access == Access::Write { "BEGIN IMMEDIATE" } else { "BEGIN" };
        observer.note_along(begin);
        let line =
            Line { connection: Some(Connection::Sqlite(connection)), waiting: Waiting::to_open(begin), begun: false };
        Ok(Self {
            backend: DbBackend::Sqlite,
            access,
            line: Mutex::new(line),
            in_flight: AtomicBool::new(false),
            glance: None,
            named_statements: true,
            observer,
            hook: hook.filter(|_| access == Access::Write),
        })
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
            if self.backend == DbBackend::Postgres {
                self.run_raw("COMMIT".to_owned()).await?;
            } else if self.has_begun().await {
                self.execute_unprepared("COMMIT").await.map_err(store_error)?;
            }
            self.line.lock().await.connection = None;
            if let Some(hook) = &self.hook {
                hook();
            }
            Ok(())
        })
        .await
    }

    /// Whether there is anything to commit or to roll back: sent, or about to be.
    async fn has_begun(&self) -> bool {
        let line = self.line.lock().await;
        line.begun || line.waiting.writes()
    }

    /// The driver's own connection, for moving rows in bulk. Whether a statement is under way on it is no longer known, so
    /// on PostgreSQL it is closed where the transaction is not committed.
    pub(crate) async fn driver(&self) -> Result<Driver<'_>> {
        self.in_flight.store(true, Ordering::SeqCst);
        let mut guard = self.line.lock().await;
        let line = &mut *guard;
        if let Some(Connection::Sqlite(lease)) = line.connection.as_mut() {
            line.begun = true;
            line.waiting.send(lease).await.map_err(|error| sqlx_store_error(&error))?;
        }
        MutexGuard::try_map(guard, |line| line.connection.as_mut())
            .map(Driver)
            .map_err(|_| sqlx_store_error(&finished()))
    }

    /// Runs a statement that answers nothing: on PostgreSQL now, on SQLite together with the next one or the commit, which
    /// then fails where this one does.
    pub(crate) async fn execute_along(&self, statement: Statement) -> Result<(), DbErr> {
        if self.backend != DbBackend::Sqlite {
            return self.execute_raw(statement).await.map(drop);
        }
        let statement = self.admitted(statement)?;
        let mut line = self.line.lock().await;
        self.observer.note_along(&statement.sql);
        match line.waiting.add(statement) {
            Ok(()) => Ok(()),
            Err(statement) => {
                drop(line);
                self.execute_raw(statement).await.map(drop)
            }
        }
    }

    /// Runs two statements that answer nothing, of which the second one may refer to what the first one adds: in one round trip.
    pub(crate) async fn execute_both(&self, first: Statement, second: Statement) -> Result<(), DbErr> {
        if self.backend == DbBackend::Postgres {
            return self.execute_raw(in_one(first, second)).await.map(drop);
        }
        self.execute_along(first).await?;
        self.execute_along(second).await
    }

    /// Sends several statements without values in one message, which only PostgreSQL is asked to.
    async fn run_raw(&self, sql: String) -> Result<()> {
        let started = Instant::now();
        let mut line = self.line.lock().await;
        self.in_flight.store(true, Ordering::SeqCst);
        let result = match line.connection.as_mut() {
            Some(Connection::Postgres(lease)) => on_lease!(lease, |connection| {
                sqlx::raw_sql(AssertSqlSafe(sql.as_str())).execute(connection).await.map(|_| ())
            }),
            _ => Err(finished()),
        };
        self.in_flight.store(false, Ordering::SeqCst);
        self.observer.note(&sql, started, result.is_err());
        result.map_err(|error| sqlx_store_error(&error))
    }
}

impl Transaction {
    /// The statement, as it is sent.
    fn admitted(&self, statement: Statement) -> Result<Statement, DbErr> {
        if self.glance.is_some() && !statement.sql.starts_with("SELECT ") {
            return Err(DbErr::Custom("a glance does not write".to_owned()));
        }
        if self.backend != DbBackend::Postgres {
            return Ok(statement);
        }
        let statement = with_plain_limit(statement);
        Ok(match self.glance {
            Some(scope) => scoped(statement, scope),
            None => statement,
        })
    }
}

/// Runs one statement with the given fetch method on whichever connection it is.
macro_rules! run {
    ($self:ident, $statement:ident, $method:ident, |$query:ident, $lease:ident| $sqlite:expr, $error:path, |$answer:ident| $convert:expr) => {{
        let started = Instant::now();
        let mut guard = $self.line.lock().await;
        $self.in_flight.store(true, Ordering::SeqCst);
        let Line { connection, waiting, begun } = &mut *guard;
        let values = $statement.values.unwrap_or_else(|| Values(Vec::new()));
        let result = match connection.as_mut() {
            Some(Connection::Postgres(lease)) => on_lease!(lease, |connection| {
                sqlx::query_with(AssertSqlSafe($statement.sql.as_str()), SqlxValues(values))
                    .persistent($self.named_statements)
                    .$method(connection)
                    .await
                    .map(|$answer| $convert)
            }),
            Some(Connection::Sqlite($lease)) => {
                *begun = true;
                let result = match waiting.message($lease, &$statement.sql, values).await {
                    Ok($query) => $sqlite.await.map(|$answer| $convert),
                    Err(error) => Err(error),
                };
                if result.is_ok() {
                    waiting.clear();
                }
                result
            }
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
        run!(self, statement, execute, |query, lease| last_done(query, lease), DbErr::Exec, |answer| ExecResult::from(
            answer
        ))
    }
    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let statement = self.admitted(Statement::from_string(self.backend, sql))?;
        run!(self, statement, execute, |query, lease| last_done(query, lease), DbErr::Exec, |answer| ExecResult::from(
            answer
        ))
    }
    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let statement = self.admitted(statement)?;
        run!(self, statement, fetch_optional, |query, lease| row(query, lease), DbErr::Query, |answer| answer
            .map(QueryResult::from))
    }
    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let statement = self.admitted(statement)?;
        run!(self, statement, fetch_all, |query, lease| rows(query, lease), DbErr::Query, |answer| answer
            .into_iter()
            .map(QueryResult::from)
            .collect())
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        let line = self.line.get_mut();
        let Some(connection) = line.connection.take() else { return };
        let cut_off = *self.in_flight.get_mut();
        if self.glance.is_some() || !line.begun {
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
