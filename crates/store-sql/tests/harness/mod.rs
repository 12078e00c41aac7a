//! Freshly migrated stores in every mode, gone when the test ends.
#![allow(dead_code, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, reason = "a test reports by panicking")]

use keystead_domain::{Clock, FixedClock, Timestamp};
use keystead_store::{SharedStore, contracts::Harness};
use keystead_store_sql::{
    SqlStore, StoreSettings,
    migrate::{Engine, MIGRATIONS, MigrationTarget, Migrator, Run},
    open_json,
    schema::APP,
};
use keystead_testkit::{
    postgres::{Database, shared},
    sqlite::TempDatabase,
};
use sha2::{Digest, Sha256};
use std::{fmt::Write, sync::Arc};

pub(crate) fn clock() -> Arc<dyn Clock> {
    Arc::new(FixedClock::at(Timestamp::parse("2026-11-21T01:02:03.123456Z").unwrap()))
}

pub(crate) async fn migrate(target: MigrationTarget) {
    Migrator::new(target, clock()).up(Run::Apply, |_| {}).await.unwrap();
}

/// The settings of the store at `url`.
pub(crate) fn settings(url: &str) -> StoreSettings {
    StoreSettings::new(url.parse().unwrap())
}

/// A database with every migration applied, copied from one that the first test of a run has migrated.
pub(crate) async fn migrated_postgres() -> Database {
    let mut digest = Sha256::new();
    for migration in MIGRATIONS {
        digest.update(migration.checksums(Engine::Postgres).0);
    }
    let mut name = "migrated_".to_owned();
    for byte in &digest.finalize()[..12] {
        write!(name, "{byte:02x}").unwrap();
    }
    let migrate = async |database: &Database| {
        migrate(MigrationTarget::Postgres(Box::new(database.url().parse().unwrap()))).await;
    };
    shared().await.database_from(&name, migrate).await
}

/// A PostgreSQL store that works as the server's role.
pub(crate) struct Postgres(pub(crate) Database);

impl Postgres {
    pub(crate) async fn new() -> Self {
        Self(migrated_postgres().await)
    }
}

impl Harness for Postgres {
    async fn store(&self) -> SharedStore {
        Arc::new(SqlStore::connect(&settings(&self.0.url_as(APP, None))).await.unwrap())
    }
    fn is_kept_by_the_database_alone(&self) -> bool {
        cfg!(feature = "rls-only")
    }
}

/// A SQLite file.
pub(crate) struct Sqlite(pub(crate) TempDatabase);

impl Sqlite {
    pub(crate) fn new() -> Self {
        Self(TempDatabase::new())
    }
}

impl Harness for Sqlite {
    async fn store(&self) -> SharedStore {
        migrate(MigrationTarget::Sqlite(self.0.path())).await;
        Arc::new(SqlStore::connect(&settings(&self.0.url())).await.unwrap())
    }
}

/// Nothing but memory.
pub(crate) struct Memory;

impl Harness for Memory {
    async fn store(&self) -> SharedStore {
        let store = SqlStore::connect(&settings("memory:")).await.unwrap();
        migrate(store.migration_target().unwrap()).await;
        Arc::new(store)
    }
}

/// A JSON file.
pub(crate) struct Json(pub(crate) TempDatabase);

impl Json {
    pub(crate) fn new() -> Self {
        Self(TempDatabase::new())
    }
}

impl Harness for Json {
    async fn store(&self) -> SharedStore {
        let file = self.0.directory().join("store.json");
        Arc::new(open_json(&settings(&format!("json:{}", file.display())), clock()).await.unwrap())
    }
}
