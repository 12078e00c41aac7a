//! Applies migrations, takes them back, and says where a database stands.

use super::{
    connection::{Connection, failed},
    list::{Engine, MIGRATIONS, Migration},
    state::{Applied, pending},
};
use crate::{
    roles::{self, RoleOptions},
    schema::OWNER,
};
use keystead_domain::{Clock, Error, ErrorKind, Result};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection as _, SqliteConnection, SqlitePool,
    postgres::PgConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};
use std::{
    borrow::Cow,
    fmt,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

/// How long a migration waits for another process that has the SQLite file.
const BUSY: Duration = Duration::from_secs(30);

/// Which database is migrated. Debug output never shows credentials.
#[derive(Clone)]
pub enum MigrationTarget {
    /// PostgreSQL: the address of a role that may become `keystead_owner`, not through a pooler in transaction mode.
    Postgres(Box<PgConnectOptions>),
    /// A SQLite file, which is made if it is missing, readable by its owner only.
    Sqlite(PathBuf),
    /// A store in memory, through the pool that holds it.
    Memory(SqlitePool),
}

impl fmt::Debug for MigrationTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Postgres(_) => f.write_str("Postgres(…)"),
            Self::Sqlite(path) => write!(f, "Sqlite({})", path.display()),
            Self::Memory(_) => f.write_str("Memory"),
        }
    }
}

/// Whether to do it or to say what would be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// Do it.
    Apply,
    /// Change nothing.
    Dry,
}

/// A migration that was applied or taken back, or, in a dry run, would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its folder, `NNNN_name`.
    pub folder: String,
    /// The statements.
    pub sql: String,
    /// How long it took; zero in a dry run.
    pub duration: Duration,
}

/// Tells how far a migration is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress<'a> {
    /// The migration of this folder begins.
    Begins(&'a str),
    /// It is done and durable.
    Done(&'a Step),
}

/// Where a database stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// What was applied, in order.
    pub applied: Vec<Applied>,
    /// The folders of what is pending, in order; none where `refusal` says why.
    pub pending: Vec<String>,
    /// Why nothing can be applied: an edited migration, a gap, a newer database.
    pub refusal: Option<String>,
}

/// Applies migrations to one database.
#[derive(Clone)]
pub struct Migrator {
    target: MigrationTarget,
    migrations: Cow<'static, [Migration]>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for Migrator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Migrator({:?}, {} migrations)", self.target, self.migrations.len())
    }
}

/// One migration in one transaction, in either direction.
#[derive(Clone, Copy)]
enum Direction {
    Up,
    Down,
}

impl Migrator {
    /// With the program's own migrations. `clock` says when they were applied.
    #[must_use]
    pub fn new(target: MigrationTarget, clock: Arc<dyn Clock>) -> Self {
        Self { target, migrations: Cow::Borrowed(MIGRATIONS), clock }
    }

    /// With other migrations: for tests, and for trying a new one out.
    #[must_use]
    pub fn with_migrations(mut self, migrations: Vec<Migration>) -> Self {
        self.migrations = Cow::Owned(migrations);
        self
    }

    /// Applies what is pending. On PostgreSQL, a superuser or a role that can make roles makes the database roles first, where they are
    /// missing.
    ///
    /// # Errors
    /// `Conflict` with code `migration_edited`, `migration_gap`, `database_newer` or `migration_failed`. What went before the
    /// failed migration stays applied; of the failed one nothing is left.
    pub async fn up(&self, run: Run, mut progress: impl FnMut(Progress<'_>) + Send) -> Result<Vec<Step>> {
        let mut connection = self.open(run).await?;
        let engine = connection.engine();
        if run == Run::Dry {
            let applied = connection.applied().await?;
            let pending = pending(&self.migrations, &applied, engine)?;
            return Ok(pending.iter().map(|one| step(one, Direction::Up, engine, Duration::ZERO)).collect());
        }
        let mut steps = Vec::new();
        loop {
            connection.begin().await?;
            let done = self.next_up(&mut connection, &mut progress).await;
            match finish(&mut connection, done).await? {
                Some(step) => {
                    progress(Progress::Done(&step));
                    steps.push(step);
                }
                None => return Ok(steps),
            }
        }
    }

    /// Takes back the last `count` migrations, the last one first.
    ///
    /// # Errors
    /// As [`Migrator::up`].
    pub async fn down(
        &self,
        count: usize,
        run: Run,
        mut progress: impl FnMut(Progress<'_>) + Send,
    ) -> Result<Vec<Step>> {
        let mut connection = self.open(run).await?;
        let engine = connection.engine();
        if run == Run::Dry {
            let applied = connection.applied().await?;
            pending(&self.migrations, &applied, engine)?;
            let last = self.migrations.iter().take(applied.len()).rev().take(count);
            return Ok(last.map(|one| step(one, Direction::Down, engine, Duration::ZERO)).collect());
        }
        let mut steps = Vec::new();
        while steps.len() < count {
            connection.begin().await?;
            let done = self.last_down(&mut connection, &mut progress).await;
            match finish(&mut connection, done).await? {
                Some(step) => {
                    progress(Progress::Done(&step));
                    steps.push(step);
                }
                None => break,
            }
        }
        Ok(steps)
    }

    /// Where the database stands.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn status(&self) -> Result<Status> {
        let mut connection = self.open(Run::Dry).await?;
        let applied = connection.applied().await?;
        let (pending, refusal) = match pending(&self.migrations, &applied, connection.engine()) {
            Ok(pending) => (pending.iter().map(|one| one.folder.clone().into_owned()).collect(), None),
            Err(refusal) => (Vec::new(), Some(refusal.message)),
        };
        Ok(Status { applied, pending, refusal })
    }

    /// What was applied and when, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn history(&self) -> Result<Vec<Applied>> {
        self.open(Run::Dry).await?.applied().await
    }

    /// How many migrations wait to be applied.
    ///
    /// # Errors
    /// `Conflict` with code `migration_edited`, `migration_gap` or `database_newer`; or when the database cannot be read.
    pub async fn pending(&self) -> Result<usize> {
        let mut connection = self.open(Run::Dry).await?;
        let applied = connection.applied().await?;
        Ok(pending(&self.migrations, &applied, connection.engine())?.len())
    }

    /// Opens a connection that changes nothing.
    pub(super) async fn open_to_look(&self) -> Result<Connection> {
        self.open(Run::Dry).await
    }

    /// Opens a connection, and on PostgreSQL makes sure that it can work as the owner.
    async fn open(&self, run: Run) -> Result<Connection> {
        match &self.target {
            MigrationTarget::Postgres(address) => {
                let address = (**address).clone().application_name("keystead migrate").disable_statement_logging();
                let mut connection =
                    sqlx::PgConnection::connect_with(&address).await.map_err(|error| failed("connecting", &error))?;
                match run {
                    Run::Apply => become_able(&mut connection).await?,
                    Run::Dry => become_reader(&mut connection).await?,
                }
                Ok(Connection::Postgres(connection))
            }
            MigrationTarget::Sqlite(path) => Ok(Connection::Sqlite(open_file(path, run).await?)),
            MigrationTarget::Memory(pool) => {
                Ok(Connection::Pooled(pool.acquire().await.map_err(|error| failed("opening the store", &error))?))
            }
        }
    }

    async fn next_up(
        &self,
        connection: &mut Connection,
        progress: &mut (impl FnMut(Progress<'_>) + Send),
    ) -> Result<Option<Step>> {
        connection.ensure_table().await?;
        let applied = connection.applied().await?;
        let Some(migration) = pending(&self.migrations, &applied, connection.engine())?.first() else {
            return Ok(None);
        };
        progress(Progress::Begins(&migration.folder));
        let took = run_migration(connection, migration, Direction::Up).await?;
        connection.note(migration, self.clock.now(), took).await?;
        Ok(Some(step(migration, Direction::Up, connection.engine(), took)))
    }

    async fn last_down(
        &self,
        connection: &mut Connection,
        progress: &mut (impl FnMut(Progress<'_>) + Send),
    ) -> Result<Option<Step>> {
        let applied = connection.applied().await?;
        pending(&self.migrations, &applied, connection.engine())?;
        let Some(migration) = applied.len().checked_sub(1).and_then(|last| self.migrations.get(last)) else {
            return Ok(None);
        };
        progress(Progress::Begins(&migration.folder));
        let took = run_migration(connection, migration, Direction::Down).await?;
        connection.forget(migration).await?;
        Ok(Some(step(migration, Direction::Down, connection.engine(), took)))
    }
}

fn step(migration: &Migration, direction: Direction, engine: Engine, duration: Duration) -> Step {
    Step {
        folder: migration.folder.clone().into_owned(),
        sql: statements(migration, direction, engine).to_owned(),
        duration,
    }
}

fn statements(migration: &Migration, direction: Direction, engine: Engine) -> &str {
    match direction {
        Direction::Up => migration.up.of(engine),
        Direction::Down => migration.down.of(engine),
    }
}

async fn run_migration(connection: &mut Connection, migration: &Migration, direction: Direction) -> Result<Duration> {
    let started = Instant::now();
    let sql = statements(migration, direction, connection.engine());
    connection.run(&format!("Migration {} failed, and nothing of it is left", migration.folder), sql).await?;
    Ok(started.elapsed())
}

/// Commits where something was done, else rolls back.
async fn finish(connection: &mut Connection, done: Result<Option<Step>>) -> Result<Option<Step>> {
    let committed = match done {
        Ok(Some(step)) => connection.commit().await.map(|()| Some(step)),
        Ok(None) => {
            // The table of applied migrations may be new.
            return connection.commit().await.map(|()| None);
        }
        Err(error) => Err(error),
    };
    if committed.is_err() {
        // The first error says what happened; the connection goes away with whatever it still holds.
        let _ = connection.roll_back().await;
    }
    committed
}

/// Makes the roles where they are missing and this role can, and refuses a role that cannot become the owner.
async fn become_able(connection: &mut sqlx::PgConnection) -> Result<()> {
    let made = roles::are_made(connection).await?;
    let user = roles::who_am_i(connection).await?;
    if !made && (user.superuser || user.can_create_role) {
        return roles::apply(connection, &RoleOptions::default()).await;
    }
    if made && (user.superuser || user.member_of_owner) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Invalid,
        "database_roles",
        format!(
            "The database role {} cannot migrate: it must be a member of keystead_owner, and the schema keystead must exist. \
             Run the output of `keystead database roles` as superuser, and set DATABASE_MIGRATION_URL.",
            user.name
        ),
    ))
}

/// Takes on the owner where that is possible: a migrator by itself may not even look into the schema.
async fn become_reader(connection: &mut sqlx::PgConnection) -> Result<()> {
    if !roles::who_am_i(connection).await?.member_of_owner {
        return Ok(());
    }
    let done = sqlx::raw_sql(AssertSqlSafe(format!("SET ROLE {OWNER}"))).execute(connection).await;
    done.map(drop).map_err(|error| failed("becoming the owner", &error))
}

/// Opens the file. To look at one that is not there, an empty database in memory does.
async fn open_file(path: &std::path::Path, run: Run) -> Result<SqliteConnection> {
    let mut options =
        SqliteConnectOptions::new().filename(path).foreign_keys(false).busy_timeout(BUSY).disable_statement_logging();
    match run {
        Run::Apply => {
            make_private(path)?;
            options = options.journal_mode(SqliteJournalMode::Wal);
        }
        Run::Dry if !path.exists() => options = options.in_memory(true),
        Run::Dry => {}
    }
    let started = Instant::now();
    loop {
        match SqliteConnection::connect_with(&options).await {
            Ok(connection) => return Ok(connection),
            // Turning a new file to WAL does not wait for another process that does the same.
            Err(error) if is_busy(&error) && started.elapsed() < BUSY => {
                tokio::time::sleep(Duration::from_millis(20)).await
            }
            Err(error) => {
                return Err(Error::new(
                    ErrorKind::Invalid,
                    "store_file",
                    format!("The store file {} cannot be opened: {error}. It was left as it is.", path.display()),
                ));
            }
        }
    }
}

fn is_busy(error: &sqlx::Error) -> bool {
    // The low byte of SQLITE_BUSY and its extended codes.
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
    code.is_some_and(|code| code & 0xff == 5)
}

/// Makes the file with mode 0600 before SQLite would make it with the process's mask.
fn make_private(path: &std::path::Path) -> Result<()> {
    let refuse = |error: std::io::Error| {
        Error::new(
            ErrorKind::Invalid,
            "store_file",
            format!("The store file {} cannot be opened: {error}. Check the path and its permissions.", path.display()),
        )
    };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(refuse)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(refuse)
}
