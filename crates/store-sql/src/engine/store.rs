//! The store itself.

use super::{
    Access, SqlUnitOfWork, StoreSettings, StoreTarget, Transaction, connect,
    errors::{sqlx_store_error, store_error},
    line::SqliteLease,
    observe::Observer,
    pool::Pool,
    settings::PostgresSettings,
    transaction::CommitHook,
    uncancelled::uncancelled,
};
use crate::{hot, json::JsonFile, migrate::MigrationTarget};
use async_trait::async_trait;
use keystead_domain::{
    Error, OrganizationId, Result, Scope, SessionId, Timestamp, UserId,
    accounts::Login,
    audit::AuditEvent,
    sessions::{RefreshRotation, Refreshed},
};
use keystead_store::{
    CallerRecord, Counts, ExpiredRows, JobQueue, LoginState, PoolState, SessionActivity, Store, StoreHealth, StoreMode,
    UnitOfWork,
};
use sea_orm::{DbBackend, QueryResult, Statement, Values};
use sea_query_sqlx::SqlxValues;
use sqlx::{AssertSqlSafe, PgConnection, SqliteConnection, SqlitePool};
use std::time::Instant;

enum Pools {
    Postgres { pool: Pool<PgConnection>, settings: Box<PostgresSettings> },
    Sqlite(SqlitePools),
}

#[derive(Clone)]
enum SqlitePools {
    /// One connection that writes, and those that read.
    File { writer: Pool<SqliteConnection>, readers: Pool<SqliteConnection> },
    /// The single connection, which is the database.
    Memory(SqlitePool),
}

impl SqlitePools {
    async fn acquire(self, access: Access) -> Result<SqliteLease, sqlx::Error> {
        match (self, access) {
            (Self::File { writer, .. }, Access::Write) => Ok(SqliteLease::OfFile(writer.acquire().await?)),
            (Self::File { readers, .. }, Access::Read) => Ok(SqliteLease::OfFile(readers.acquire().await?)),
            (Self::Memory(pool), _) => Ok(SqliteLease::Memory(pool.acquire().await?)),
        }
    }
}

/// The one store, over SQLite (file, memory, JSON) and PostgreSQL.
pub struct SqlStore {
    pools: Pools,
    mode: StoreMode,
    observer: Observer,
    hook: Option<CommitHook>,
    target: StoreTarget,
    json: Option<JsonFile>,
}

impl SqlStore {
    /// Opens the store's connections. It neither migrates nor loads anything.
    ///
    /// # Errors
    /// When the database cannot be reached or the file cannot be opened; never with credentials in it.
    pub async fn connect(settings: &StoreSettings) -> Result<Self> {
        let (mode, pools) = match &settings.target {
            StoreTarget::Postgres(options) => {
                let pool = connect::postgres((**options).clone(), &settings.postgres).await?;
                (StoreMode::Postgres, Pools::Postgres { pool, settings: Box::new(settings.postgres.clone()) })
            }
            StoreTarget::Sqlite(path) => {
                let (writer, readers) =
                    connect::sqlite_file(path, settings.sqlite_readers, settings.sqlite_synchronous).await?;
                (StoreMode::Sqlite, Pools::Sqlite(SqlitePools::File { writer, readers }))
            }
            target @ (StoreTarget::Memory | StoreTarget::Json(_)) => {
                let pool = connect::sqlite_memory().await?;
                let mode = if matches!(target, StoreTarget::Json(_)) { StoreMode::Json } else { StoreMode::Memory };
                (mode, Pools::Sqlite(SqlitePools::Memory(pool)))
            }
        };
        let observer = Observer { slow: settings.slow_statement, log_all: settings.log_statements };
        Ok(Self { pools, mode, observer, hook: None, target: settings.target.clone(), json: None })
    }

    /// What a migrator of this store works on, through the store's own connection where it is in memory.
    ///
    /// # Errors
    /// `Invalid` for an unknown TLS mode.
    pub fn migration_target(&self) -> Result<MigrationTarget> {
        Ok(match (&self.target, &self.pools) {
            (StoreTarget::Postgres(options), Pools::Postgres { settings, .. }) => {
                MigrationTarget::Postgres(Box::new(settings.for_migrations((**options).clone())?))
            }
            (StoreTarget::Sqlite(path), _) => MigrationTarget::Sqlite(path.clone()),
            (_, Pools::Sqlite(SqlitePools::Memory(pool))) => MigrationTarget::Memory(pool.clone()),
            (_, _) => return Err(Error::internal("a store in memory has no file")),
        })
    }
    /// Whether a copy into this store was begun and has not come to its end: half of the rows would look like all of them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn has_unfinished_copy(&self) -> Result<bool> {
        let work = self.read_sql(Scope::NONE).await?;
        let mut driver = work.connection().driver().await?;
        let unfinished = crate::copy::is_unfinished(driver.rows()?).await?;
        drop(driver);
        work.commit_sql().await?;
        Ok(unfinished)
    }
    /// Calls `hook` after each commit.
    #[must_use]
    pub(crate) fn with_commit_hook(mut self, hook: CommitHook) -> Self {
        self.hook = Some(hook);
        self
    }
    /// Keeps `file` up to date with this store until it is closed.
    #[must_use]
    pub(crate) fn with_json_file(mut self, file: JsonFile) -> Self {
        self.json = Some(file);
        self
    }
    /// Why the JSON file could not be saved the last time; none when it was, and in the other modes.
    #[must_use]
    pub fn last_save_error(&self) -> Option<String> {
        self.json_file().and_then(JsonFile::last_save_error)
    }
    /// What keeps the file up to date, where it is a JSON store.
    pub(crate) fn json_file(&self) -> Option<&JsonFile> {
        self.json.as_ref()
    }
    /// Which engine it is.
    pub(crate) fn backend(&self) -> DbBackend {
        match self.pools {
            Pools::Postgres { .. } => DbBackend::Postgres,
            Pools::Sqlite(_) => DbBackend::Sqlite,
        }
    }
    /// The one connection, where the store is in memory.
    pub(crate) fn in_memory(&self) -> Option<&SqlitePool> {
        match &self.pools {
            Pools::Sqlite(SqlitePools::Memory(pool)) => Some(pool),
            _ => None,
        }
    }

    /// Opens a transaction.
    pub(crate) async fn open(&self, scope: Scope, access: Access) -> Result<SqlUnitOfWork> {
        let started = Instant::now();
        let transaction = match &self.pools {
            Pools::Postgres { pool, settings } => {
                Transaction::open_postgres(pool, scope, access, settings, self.observer).await
            }
            Pools::Sqlite(pools) => {
                let lease = pools.clone().acquire(access);
                Transaction::open_sqlite(lease, access, self.observer, self.hook.clone()).await
            }
        };
        metrics::histogram!("keystead_store_open_seconds").record(started.elapsed().as_secs_f64());
        Ok(SqlUnitOfWork::new(transaction?, scope))
    }
    /// What reads without a transaction, one statement at a time.
    async fn glance_sql(&self, scope: Scope) -> Result<SqlUnitOfWork> {
        let transaction = match &self.pools {
            // A pooler may send each message of a statement that is in no transaction to another connection.
            Pools::Postgres { settings, .. } if settings.pooler => return self.read_sql(scope).await,
            Pools::Postgres { pool, .. } => Transaction::glance_postgres(pool, scope, self.observer).await?,
            Pools::Sqlite(pools) => {
                Transaction::glance_sqlite(pools.clone().acquire(Access::Read), scope, self.observer).await?
            }
        };
        Ok(SqlUnitOfWork::new(transaction, scope))
    }
    /// Opens a writing transaction.
    pub(crate) async fn begin_sql(&self, scope: Scope) -> Result<SqlUnitOfWork> {
        self.open(scope, Access::Write).await
    }
    /// Opens a reading transaction.
    pub(crate) async fn read_sql(&self, scope: Scope) -> Result<SqlUnitOfWork> {
        self.open(scope, Access::Read).await
    }

    /// Runs one statement by itself, in one round trip: on PostgreSQL a call of a function that sets the scope itself, on
    /// SQLite a statement that only reads.
    pub(crate) async fn query_all(&self, statement: Statement) -> Result<Vec<QueryResult>> {
        let started = Instant::now();
        let (sql, values) = (statement.sql.clone(), values(&statement));
        // The answer is read to its end even when the caller goes away.
        let rows = match &self.pools {
            Pools::Postgres { settings, .. } if settings.pooler => return self.query_behind_pooler(statement).await,
            Pools::Postgres { pool, .. } => {
                let pool = pool.clone();
                uncancelled(async move {
                    let mut lease = pool.acquire().await?;
                    let rows = sqlx::query_with(AssertSqlSafe(sql), values).fetch_all(lease.connection()?).await;
                    let rows = rows.inspect_err(|error| lease.note(error))?;
                    Ok(rows.into_iter().map(QueryResult::from).collect())
                })
            }
            Pools::Sqlite(pools) => {
                let lease = pools.clone().acquire(Access::Read);
                uncancelled(async move {
                    let mut lease = lease.await?;
                    let rows = sqlx::query_with(AssertSqlSafe(sql), values).fetch_all(lease.connection()?).await?;
                    Ok(rows.into_iter().map(QueryResult::from).collect())
                })
            }
        };
        let rows: sqlx::Result<Vec<QueryResult>> = rows.await;
        self.observer.note(&statement.sql, started, rows.is_err());
        rows.map_err(|error| sqlx_store_error(&error))
    }
    /// A pooler in transaction mode wants every statement in a transaction that says its settings.
    async fn query_behind_pooler(&self, statement: Statement) -> Result<Vec<QueryResult>> {
        use sea_orm::ConnectionTrait;
        let work = self.begin_sql(Scope::NONE).await?;
        let rows = work.connection().query_all_raw(statement).await.map_err(store_error)?;
        work.commit_sql().await?;
        Ok(rows)
    }
    /// As [`SqlStore::query_all`], for at most one row.
    pub(crate) async fn query_one(&self, statement: Statement) -> Result<Option<QueryResult>> {
        self.query_one_on(Access::Read, statement).await
    }
    /// The same, where on SQLite the one connection that writes is asked: a write makes every reader forget what it had read.
    pub(crate) async fn query_one_of_writer(&self, statement: Statement) -> Result<Option<QueryResult>> {
        self.query_one_on(Access::Write, statement).await
    }
    async fn query_one_on(&self, access: Access, statement: Statement) -> Result<Option<QueryResult>> {
        let Pools::Sqlite(pools) = &self.pools else {
            return Ok(self.query_all(statement).await?.into_iter().next());
        };
        let started = Instant::now();
        let (sql, values, lease) = (statement.sql.clone(), values(&statement), pools.clone().acquire(access));
        let row: sqlx::Result<_> = uncancelled(async move {
            let mut lease = lease.await?;
            // To be told that there is no second row would wake whoever waits once more.
            sqlx::query_with(AssertSqlSafe(sql), values).fetch_optional(lease.connection()?).await
        })
        .await;
        self.observer.note(&statement.sql, started, row.is_err());
        row.map(|row| row.map(QueryResult::from)).map_err(|error| sqlx_store_error(&error))
    }

    fn pool_state(&self) -> PoolState {
        fn state<C: sqlx::Connection + 'static>(pool: &Pool<C>) -> PoolState {
            PoolState { open: pool.open_connections(), idle: pool.free_connections(), max: pool.max_connections() }
        }
        match &self.pools {
            Pools::Postgres { pool, .. } => state(pool),
            Pools::Sqlite(SqlitePools::File { readers, .. }) => state(readers),
            Pools::Sqlite(SqlitePools::Memory(pool)) => {
                PoolState { open: pool.size(), idle: u32::try_from(pool.num_idle()).unwrap_or(u32::MAX), max: 1 }
            }
        }
    }
}

fn values(statement: &Statement) -> SqlxValues {
    SqlxValues(statement.values.clone().unwrap_or_else(|| Values(Vec::new())))
}

#[async_trait]
impl Store for SqlStore {
    fn mode(&self) -> StoreMode {
        self.mode
    }
    async fn begin(&self, scope: Scope) -> Result<Box<dyn UnitOfWork>> {
        Ok(Box::new(self.begin_sql(scope).await?))
    }
    async fn read(&self, scope: Scope) -> Result<Box<dyn UnitOfWork>> {
        Ok(Box::new(self.read_sql(scope).await?))
    }
    async fn glance(&self, scope: Scope) -> Result<Box<dyn UnitOfWork>> {
        Ok(Box::new(self.glance_sql(scope).await?))
    }
    async fn find_login(
        &self,
        login: &Login,
        unknown_key: &str,
        network_hash: &[u8],
        now: Timestamp,
    ) -> Result<LoginState> {
        hot::find_login(self, login, unknown_key, network_hash, now).await
    }
    async fn load_caller(
        &self,
        organization: OrganizationId,
        user: UserId,
        session: SessionId,
        now: Timestamp,
        known: Option<CallerRecord>,
    ) -> Result<Option<CallerRecord>> {
        hot::load_caller(self, organization, user, session, now, known).await
    }
    async fn rotate_refresh_token(&self, rotation: RefreshRotation, event: AuditEvent) -> Result<Option<Refreshed>> {
        hot::rotate_refresh_token(self, rotation, event).await
    }
    async fn record_activity(&self, activity: &[SessionActivity]) -> Result<()> {
        hot::record_activity(self, activity).await
    }
    fn job_queue(&self) -> &dyn JobQueue {
        self
    }
    async fn delete_expired(&self, now: Timestamp, batch: u32) -> Result<ExpiredRows> {
        hot::delete_expired(self, now, batch).await
    }
    async fn ensure_partitions(&self, now: Timestamp, months: u32) -> Result<u32> {
        hot::ensure_partitions(self, now, months).await
    }
    async fn counts(&self, now: Timestamp) -> Result<Counts> {
        hot::counts(self, now).await
    }
    async fn health(&self) -> StoreHealth {
        let pool = self.pool_state();
        // Rows that cannot be saved are as good as lost.
        let database = self.last_save_error().map_or(Ok(()), Err);
        match crate::migrate::pending(self).await {
            Ok(pending) => StoreHealth { database, pending_migrations: Ok(pending), pool },
            Err(error) => {
                StoreHealth { database: Err(error.message.clone()), pending_migrations: Err(error.message), pool }
            }
        }
    }
    async fn close(&self) -> Result<()> {
        if let Some(file) = self.json_file() {
            return file.close().await;
        }
        match &self.pools {
            Pools::Postgres { pool, .. } => pool.close().await,
            Pools::Sqlite(SqlitePools::File { writer, readers }) => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Sqlite(SqlitePools::Memory(pool)) => pool.close().await,
        }
        Ok(())
    }
}
