//! Through PgBouncer in transaction mode, with `pooler = true`: every contract, and many at once on few connections.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test reports by panicking")]

#[path = "../harness/mod.rs"]
mod harness;
mod traffic;

use keystead_store::{SharedStore, contracts::Harness};
use keystead_store_sql::{SqlStore, StoreSettings, schema::APP};
use keystead_testkit::postgres::{Database, PgBouncer};
use std::sync::Arc;

/// Far fewer than the store's own pool may open, so that transactions of one connection meet many of the server.
const CONNECTIONS: u32 = 4;

/// A database behind a pooler of its own.
struct Pooled {
    /// Ends before the database does.
    pooler: PgBouncer,
    database: Database,
}

impl Pooled {
    async fn new() -> Self {
        let database = harness::migrated_postgres().await;
        Self { pooler: PgBouncer::start(database.server(), CONNECTIONS, &[APP]), database }
    }

    fn settings(&self) -> StoreSettings {
        let mut settings = harness::settings(&self.pooler.url(&self.database.url_as(APP, None)));
        settings.postgres.pooler = true;
        settings
    }
}

impl Harness for Pooled {
    async fn store(&self) -> SharedStore {
        Arc::new(SqlStore::connect(&self.settings()).await.unwrap())
    }
    fn is_kept_by_the_database_alone(&self) -> bool {
        cfg!(feature = "rls-only")
    }
}

async fn pooled() -> Pooled {
    Pooled::new().await
}

keystead_store::contract_suite!(pooled);
