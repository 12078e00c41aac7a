//! Where things live and which store it is, as the configuration says.

use crate::{config::Config, logging, secrets};
use keystead_crypto::sealing::MasterKey;
use keystead_domain::{Error, ErrorKind, Random, Result};
use keystead_store_sql::{PostgresSettings, SqliteSynchronous, StoreSettings, StoreTarget};
use std::{path::PathBuf, time::Duration};

/// The data directory.
///
/// # Errors
/// `Invalid` when the platform names none and the configuration neither.
pub(crate) fn data_dir(config: &Config) -> Result<PathBuf> {
    if let Some(path) = config.optional("data_dir") {
        return Ok(PathBuf::from(path));
    }
    directories::ProjectDirs::from("", "", "keystead").map(|dirs| dirs.data_dir().to_owned()).ok_or_else(|| {
        Error::new(ErrorKind::Invalid, "data_dir", "This user has no home directory: set KEYSTEAD_DATA_DIR.")
    })
}

/// Which store.
///
/// # Errors
/// `Invalid` for an address that is none; it is never repeated.
pub(crate) fn target(config: &Config) -> Result<StoreTarget> {
    if !config.flag("use_database") {
        return Ok(StoreTarget::Memory);
    }
    match config.optional("database_url") {
        Some(url) => url.parse(),
        None => Ok(StoreTarget::Sqlite(data_dir(config)?.join("keystead.db"))),
    }
}

/// The store's settings for `target`.
///
#[must_use]
pub(crate) fn store_settings(config: &Config, target: StoreTarget) -> StoreSettings {
    let seconds = |key| Duration::from_secs(config.number(key));
    let millis = |key| Duration::from_millis(config.number(key));
    let count = |key| u32::try_from(config.number(key)).unwrap_or(u32::MAX);
    let path = |key| config.optional(key).map(PathBuf::from);
    StoreSettings {
        postgres: PostgresSettings {
            pool_size: count("postgres.pool_size"),
            pool_overflow: count("postgres.pool_overflow"),
            pool_wait: seconds("postgres.pool_wait_seconds"),
            pool_recycle: seconds("postgres.pool_recycle_seconds"),
            pool_idle: seconds("postgres.pool_idle_seconds"),
            statement_timeout: millis("postgres.statement_timeout_ms"),
            lock_timeout: millis("postgres.lock_timeout_ms"),
            idle_in_transaction_timeout: millis("postgres.idle_timeout_ms"),
            pooler: config.flag("postgres.pooler"),
            role: None,
            ssl_mode: config.optional("postgres.ssl_mode").map(str::to_owned),
            ssl_root_cert: path("postgres.ssl_root_cert"),
            ssl_client_cert: path("postgres.ssl_client_cert"),
            ssl_client_key: path("postgres.ssl_client_key"),
        },
        sqlite_readers: count("sqlite.readers"),
        sqlite_synchronous: if config.text("sqlite.synchronous") == "normal" {
            SqliteSynchronous::Normal
        } else {
            SqliteSynchronous::Full
        },
        slow_statement: millis("store.slow_statement_ms"),
        log_statements: logging::logs_statements(config),
        ..StoreSettings::new(target)
    }
}

/// The master key: from the environment, or from its file, or, where nothing is kept, a fresh one.
///
/// # Errors
/// When it cannot be read or made.
pub(crate) fn master_key(config: &Config, target: &StoreTarget, random: &dyn Random) -> Result<MasterKey> {
    if let Some(text) = config.optional("master_key") {
        return MasterKey::parse(text).map_err(|error| Error::invalid("KEYSTEAD_MASTER_KEY", error.to_string()));
    }
    if matches!(target, StoreTarget::Memory) {
        return MasterKey::generate(random).map_err(|error| Error::internal(error.to_string()));
    }
    secrets::master_key_file(&data_dir(config)?.join("master.key"), random)
}
