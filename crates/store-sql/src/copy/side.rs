//! The two stores of a copy.

use crate::{
    engine::{Driver, SqlStore, SqlUnitOfWork, StoreSettings, StoreTarget, errors::sqlx_store_error},
    json::{self, Loaded},
    migrate::{MigrationTarget, Migrator, Run},
    rows::Connection,
    schema::{BACKUP, OWNER},
};
use keystead_domain::{Clock, Error, ErrorKind, Result, Scope};
use keystead_store::Store;
use std::{path::Path, sync::Arc, time::Duration};

/// A store that is copied from or to.
pub(super) struct Side {
    place: Place,
    /// The roles of which one must be taken on, in order of preference (PostgreSQL).
    roles: &'static [&'static str],
}

/// Where the rows are.
enum Place {
    /// In a database.
    Database(SqlStore),
    /// In memory, out of a file that is locked meanwhile.
    Json(Box<Loaded>),
}

/// A transaction that sees every organization's rows.
pub(super) struct Everything(SqlUnitOfWork);

impl Side {
    /// Opens the store to copy from. It must exist and be up to date.
    pub(super) async fn source(settings: &StoreSettings, clock: Arc<dyn Clock>) -> Result<Self> {
        let settings = patient(settings);
        if let StoreTarget::Sqlite(path) | StoreTarget::Json(path) = &settings.target
            && !path.is_file()
        {
            return Err(refuse("copy_no_source", format!("There is no file {} to copy from.", path.display())));
        }
        let side = Self::open(&settings, clock.clone(), &[OWNER, BACKUP]).await?;
        if !side.is_json() {
            let pending = migrator(&settings, clock)?.pending().await?;
            if pending > 0 {
                return Err(refuse(
                    "copy_not_migrated",
                    format!("{pending} migrations are pending at the source: run `keystead migrate up` on it first."),
                ));
            }
        }
        Ok(side)
    }

    /// Opens the store to copy to, and migrates it where migrations are pending.
    pub(super) async fn destination(settings: &StoreSettings, clock: Arc<dyn Clock>) -> Result<Self> {
        let settings = patient(settings);
        if !matches!(settings.target, StoreTarget::Json(_)) {
            migrator(&settings, clock.clone())?.up(Run::Apply, |_| {}).await?;
        }
        Self::open(&settings, clock, &[OWNER]).await
    }

    async fn open(settings: &StoreSettings, clock: Arc<dyn Clock>, roles: &'static [&'static str]) -> Result<Self> {
        match &settings.target {
            StoreTarget::Memory => Err(refuse_memory()),
            StoreTarget::Json(_) => {
                Ok(Self { place: Place::Json(Box::new(json::load(settings, clock).await?)), roles })
            }
            StoreTarget::Sqlite(_) | StoreTarget::Postgres(_) => {
                Ok(Self { place: Place::Database(SqlStore::connect(settings).await?), roles })
            }
        }
    }

    fn store(&self) -> &SqlStore {
        match &self.place {
            Place::Database(store) => store,
            Place::Json(loaded) => &loaded.store,
        }
    }

    /// A transaction that reads one snapshot of everything.
    pub(super) async fn read(&self) -> Result<Everything> {
        let everything = Everything(self.store().read_sql(Scope::NONE).await?);
        self.become_able(&everything).await?;
        Ok(everything)
    }

    /// A transaction that may write everything.
    pub(super) async fn write(&self) -> Result<Everything> {
        let everything = Everything(self.store().begin_sql(Scope::NONE).await?);
        self.become_able(&everything).await?;
        Ok(everything)
    }

    /// Row-level security shows all rows to these roles only; they are nobody's own, so whoever signed in takes one on.
    async fn become_able(&self, everything: &Everything) -> Result<()> {
        let mut driver = everything.driver().await?;
        let Connection::Postgres(connection) = driver.rows()? else { return Ok(()) };
        let found: Vec<String> = sqlx::query_scalar(
            "SELECT rolname::text FROM pg_roles WHERE rolname = ANY($1) AND pg_has_role(current_user, oid, 'MEMBER')
             ORDER BY array_position($1, rolname::text)",
        )
        .bind(self.roles)
        .fetch_all(&mut *connection)
        .await
        .map_err(|error| sqlx_store_error(&error))?;
        let Some(role) = found.first() else {
            return Err(Error::new(
                ErrorKind::Invalid,
                "copy_role",
                format!(
                    "The database role that signs in may not become {}, so it would not see every organization's rows: give the \
                     address of the migrator (DATABASE_MIGRATION_URL).",
                    self.roles.join(" or ")
                ),
            ));
        };
        Connection::Postgres(connection)
            .run(&format!("SET LOCAL ROLE {role}"))
            .await
            .map_err(|error| sqlx_store_error(&error))
    }

    /// Whether it is in memory and becomes a file only at the end.
    pub(super) fn is_json(&self) -> bool {
        matches!(self.place, Place::Json(_))
    }

    pub(super) fn is_postgres(&self) -> bool {
        self.store().backend() == sea_orm::DbBackend::Postgres
    }

    /// Makes what was written last: writes the JSON file, and reads it back so that the file is what is verified.
    pub(super) async fn keep(self, settings: &StoreSettings, clock: Arc<dyn Clock>) -> Result<Self> {
        let Place::Json(loaded) = &self.place else { return Ok(self) };
        let mut connection = loaded.pool.acquire().await.map_err(|error| sqlx_store_error(&error))?;
        json::save(&loaded.paths, &mut connection, loaded.schema_version).await?;
        drop(connection);
        // The lock is free for a moment: whoever takes the file now is welcome to it, and this copy fails.
        let roles = self.roles;
        self.close().await?;
        Self::open(&patient(settings), clock, roles).await
    }

    pub(super) async fn close(self) -> Result<()> {
        self.store().close().await
    }
}

impl Everything {
    /// The connection.
    pub(super) async fn driver(&self) -> Result<Driver<'_>> {
        self.0.connection().driver().await
    }
    pub(super) async fn commit(self) -> Result<()> {
        self.0.commit_sql().await
    }
}

/// The same settings without the limits that protect a server: while one side works, the other one waits.
fn patient(settings: &StoreSettings) -> StoreSettings {
    let mut settings = settings.clone();
    settings.postgres.statement_timeout = Duration::ZERO;
    settings.postgres.idle_in_transaction_timeout = Duration::ZERO;
    settings.postgres.pool_size = 2;
    settings.postgres.pool_overflow = 0;
    settings.postgres.role = None;
    settings.sqlite_readers = 1;
    settings
}

fn migrator(settings: &StoreSettings, clock: Arc<dyn Clock>) -> Result<Migrator> {
    let target = match &settings.target {
        StoreTarget::Postgres(options) => {
            MigrationTarget::Postgres(Box::new(settings.postgres.for_migrations((**options).clone())?))
        }
        StoreTarget::Sqlite(path) => MigrationTarget::Sqlite(path.clone()),
        StoreTarget::Memory | StoreTarget::Json(_) => {
            return Err(Error::internal("a store in memory is migrated through its own connection"));
        }
    };
    Ok(Migrator::new(target, clock))
}

fn refuse(code: &'static str, message: String) -> Error {
    Error::new(ErrorKind::Invalid, code, message)
}

fn refuse_memory() -> Error {
    let why = "memory: keeps nothing, so there is nothing to copy from it and no use in copying to it.";
    refuse("copy_memory", why.to_owned())
}

/// Refuses to copy a store onto itself, and stores that keep nothing.
pub(super) fn refuse_pair(from: &StoreTarget, to: &StoreTarget) -> Result<()> {
    if matches!(from, StoreTarget::Memory) || matches!(to, StoreTarget::Memory) {
        return Err(refuse_memory());
    }
    let file = |path: &Path| std::fs::canonicalize(path).ok();
    let same = match (from, to) {
        (StoreTarget::Postgres(from), StoreTarget::Postgres(to)) => {
            (from.get_host(), from.get_port(), from.get_database()) == (to.get_host(), to.get_port(), to.get_database())
        }
        (StoreTarget::Sqlite(from), StoreTarget::Sqlite(to)) | (StoreTarget::Json(from), StoreTarget::Json(to)) => {
            from == to || file(from).is_some_and(|from| file(to) == Some(from))
        }
        _ => false,
    };
    if same { Err(refuse("copy_same", format!("Source and destination are the same: {from}."))) } else { Ok(()) }
}
