//! Opens the store the configuration names: signs in as the right role, migrates, connects.

use crate::{config::Config, data};
use keystead_domain::{Clock, Error, ErrorKind, Result, Timestamp};
use keystead_service::jobs::PARTITION_MONTHS_AHEAD;
use keystead_store::{SharedStore, Store};
use keystead_store_sql::{
    SqlStore, StoreSettings, StoreTarget,
    migrate::{MigrationTarget, Migrator, Progress, Run},
    open_json,
    roles::{self, DatabaseUser},
    schema::APP,
};
use sqlx::{ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use std::sync::Arc;

/// Opens the store, and migrates it where the configuration says so.
///
/// # Errors
/// When it cannot be reached, may not be used like this, or has another schema than the program; with what to do next.
pub(crate) async fn open(config: &Config, clock: Arc<dyn Clock>) -> Result<SharedStore> {
    let target = data::target(config)?;
    let mut settings = data::store_settings(config, target.clone());
    match &target {
        StoreTarget::Postgres(address) => {
            settings.postgres.role = serving_role(config, &settings, address).await?;
            prepare_postgres(config, &settings, address, clock.clone()).await?;
            let store = whole(SqlStore::connect(&settings).await?).await?;
            ensure_partitions(&store, &*clock).await;
            Ok(Arc::new(store))
        }
        StoreTarget::Sqlite(path) => {
            let migrator = Migrator::new(MigrationTarget::Sqlite(path.clone()), clock);
            migrate_or_check(config, &migrator).await?;
            Ok(Arc::new(whole(SqlStore::connect(&settings).await?).await?))
        }
        StoreTarget::Memory => {
            let store = SqlStore::connect(&settings).await?;
            let migrator = Migrator::new(store.migration_target()?, clock);
            migrator.up(Run::Apply, |_| {}).await?;
            Ok(Arc::new(store))
        }
        StoreTarget::Json(_) => Ok(Arc::new(open_json(&settings, clock).await?)),
    }
}

/// The store, unless a copy into it has not come to its end: half of the rows would look like all of them.
async fn whole(store: SqlStore) -> Result<SqlStore> {
    if !store.has_unfinished_copy().await? {
        return Ok(store);
    }
    store.close().await?;
    Err(copy_unfinished())
}

/// Why a half-copied store is not served.
pub(crate) fn copy_unfinished() -> Error {
    Error::conflict(
        "copy_unfinished",
        "A `keystead store copy` into this store has not come to its end. Run the same command again, it goes on where it \
         stopped; or begin anew with an empty database.",
    )
}

/// Makes the months ahead now: where the server was off for long, or runs no jobs, none may be there.
async fn ensure_partitions(store: &SqlStore, clock: &dyn Clock) {
    match store.ensure_partitions(clock.now(), PARTITION_MONTHS_AHEAD).await {
        Ok(0) => {}
        Ok(made) => tracing::info!(made, "made audit partitions"),
        // Events go to the default partition until the job succeeds.
        Err(error) => tracing::warn!(error = ?error, "audit partitions could not be made; the job tries again"),
    }
}

/// The role the server takes on, where the one it signs in as is too strong for row-level security.
async fn serving_role(config: &Config, settings: &StoreSettings, address: &PgConnectOptions) -> Result<Option<String>> {
    let user = who(settings, address).await?;
    if !user.is_too_strong() {
        return Ok(None);
    }
    if config.in_production() {
        return Err(Error::new(
            ErrorKind::Invalid,
            "database_role_too_strong",
            format!(
                "DATABASE_URL signs in as {}, whom row-level security does not bind. In production the server signs in as {APP}: \
                 `keystead database roles` prints the SQL that makes it; put the stronger address into DATABASE_MIGRATION_URL.",
                user.name
            ),
        ));
    }
    tracing::warn!(
        role = user.name,
        "the database role is too strong; the server works as {APP} instead. In production it would refuse to start"
    );
    Ok(Some(APP.to_owned()))
}

/// Whom the address signs in as.
///
/// # Errors
/// When the database cannot be reached.
pub(crate) async fn who(settings: &StoreSettings, address: &PgConnectOptions) -> Result<DatabaseUser> {
    let mut connection = connect(settings, address).await?;
    let user = roles::who_am_i(&mut connection).await;
    let _ = connection.close().await;
    user
}

/// How many seconds the database's clock is ahead of this machine's, as closely as the network lets see.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn clock_difference(
    settings: &StoreSettings,
    address: &PgConnectOptions,
    clock: &dyn Clock,
) -> Result<f64> {
    let mut connection = connect(settings, address).await?;
    let before = clock.now();
    let there: f64 = sqlx::query_scalar("SELECT extract(epoch FROM clock_timestamp())::float8")
        .persistent(false)
        .fetch_one(&mut connection)
        .await
        .map_err(|error| Error::internal(error.to_string()))?;
    let after = clock.now();
    let _ = connection.close().await;
    let seconds = |time: Timestamp| time.unix_millis() as f64 / 1e3;
    Ok(there - f64::midpoint(seconds(before), seconds(after)))
}

async fn connect(settings: &StoreSettings, address: &PgConnectOptions) -> Result<PgConnection> {
    let options = settings.postgres.apply(address.clone())?.disable_statement_logging();
    PgConnection::connect_with(&options).await.map_err(|error| {
        Error::new(
            ErrorKind::Busy,
            "database_unreachable",
            "The database cannot be reached: check DATABASE_URL, the network, and that it runs. `keystead doctor` looks closer.",
        )
        .with_internal(error.to_string())
    })
}

async fn prepare_postgres(
    config: &Config,
    settings: &StoreSettings,
    address: &PgConnectOptions,
    clock: Arc<dyn Clock>,
) -> Result<()> {
    let migrator = Migrator::new(postgres_migration_target(config, settings, address)?, clock);
    migrate_or_check(config, &migrator).await
}

/// What a migrator of this configuration's PostgreSQL works on: `DATABASE_MIGRATION_URL`, else the server's own address.
///
/// # Errors
/// `Invalid` for an address that is none.
pub(crate) fn postgres_migration_target(
    config: &Config,
    settings: &StoreSettings,
    address: &PgConnectOptions,
) -> Result<MigrationTarget> {
    let address = match config.optional("database_migration_url") {
        Some(url) => match url.parse() {
            Ok(StoreTarget::Postgres(address)) => *address,
            _ => {
                return Err(Error::invalid(
                    "DATABASE_MIGRATION_URL",
                    "must be a PostgreSQL address, as DATABASE_URL is",
                ));
            }
        },
        None => address.clone(),
    };
    Ok(MigrationTarget::Postgres(Box::new(settings.postgres.for_migrations(address)?)))
}

async fn migrate_or_check(config: &Config, migrator: &Migrator) -> Result<()> {
    let status = migrator.status().await?;
    if let Some(refusal) = status.refusal {
        return Err(Error::new(ErrorKind::Conflict, "migrations", refusal));
    }
    if status.pending.is_empty() {
        return Ok(());
    }
    if !config.flag("migrate_on_start") {
        return Err(Error::new(
            ErrorKind::Conflict,
            "migrations_pending",
            format!(
                "The database waits for {} migrations, and migrate_on_start is off. Run `keystead migrate up`.",
                status.pending.len()
            ),
        ));
    }
    migrator
        .up(Run::Apply, |progress| {
            if let Progress::Done(step) = progress {
                let millis = u64::try_from(step.duration.as_millis()).unwrap_or(u64::MAX);
                tracing::info!(migration = step.folder, millis, "migrated");
            }
        })
        .await
        .map(drop)
}
