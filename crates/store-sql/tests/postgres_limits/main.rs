//! The limits that protect a server on PostgreSQL: time limits of statements, locks and idle transactions, and the pool's.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test reports by panicking")]

#[path = "../harness/mod.rs"]
mod harness;
mod logged;
mod pool;
mod timeouts;

use keystead_domain::{Error, OrganizationId, PageRequest, Scope};
use keystead_store::{Store, UnitOfWork};
use keystead_store_sql::{PostgresSettings, SqlStore, StoreSettings, schema::APP};
use keystead_testkit::postgres::Database;
use sqlx::PgConnection;
use std::time::Duration;

const SHORT: Duration = Duration::from_millis(300);
const LONG: Duration = Duration::from_secs(20);

/// A database with a store on it that works as the server's role.
struct Place {
    database: Database,
    store: SqlStore,
}

impl Place {
    async fn new(postgres: PostgresSettings) -> Self {
        Self::with(|settings| settings.postgres = postgres).await
    }

    async fn with(change: impl FnOnce(&mut StoreSettings)) -> Self {
        let database = harness::migrated_postgres().await;
        let mut settings = harness::settings(&database.url_as(APP, None));
        change(&mut settings);
        Self { store: SqlStore::connect(&settings).await.unwrap(), database }
    }

    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, Error> {
        self.store.begin(scope()).await
    }

    /// A transaction of somebody else, before which every statement on teams waits.
    async fn lock_teams(&self) -> PgConnection {
        let mut other = self.database.connect().await;
        sqlx::raw_sql("BEGIN; LOCK TABLE keystead.teams IN ACCESS EXCLUSIVE MODE").execute(&mut other).await.unwrap();
        other
    }

    /// The server's processes for this store: number and when each was started.
    async fn backends(&self) -> Vec<i32> {
        sqlx::query_scalar(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'keystead' ORDER BY pid",
        )
        .fetch_all(&mut self.database.connect().await)
        .await
        .unwrap()
    }
}

fn place() -> OrganizationId {
    "018f0000-0000-7000-8000-00000000000a".parse::<uuid::Uuid>().map(OrganizationId::from).unwrap()
}

fn scope() -> Scope {
    Scope::organization(place())
}

/// Any statement on teams.
async fn read_teams(unit: &dyn UnitOfWork) -> Result<usize, Error> {
    Ok(unit.teams().list(place(), &PageRequest::first(10)).await?.items.len())
}
