//! A fresh store of each kind.

use keystead_testkit::postgres::{Database, shared};
use std::path::Path;

/// Which store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreKind {
    Memory,
    Json,
    Sqlite,
    Postgres,
}

impl StoreKind {
    /// Whether its rows outlive the server.
    pub fn keeps_rows(self) -> bool {
        self != Self::Memory
    }
}

/// A store that goes when it is dropped.
pub struct TestStore {
    pub kind: StoreKind,
    pub url: String,
    pub folder: tempfile::TempDir,
    /// Kept, so that it is dropped with the store.
    _database: Option<Database>,
}

impl TestStore {
    /// A store in this database.
    pub fn in_database(database: Database) -> Self {
        let (url, folder) = (database.url(), tempfile::tempdir().unwrap());
        Self { kind: StoreKind::Postgres, url, folder, _database: Some(database) }
    }
    pub async fn new(kind: StoreKind) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| Path::join(folder.path(), name).display().to_string();
        let database = match kind {
            StoreKind::Postgres => Some(shared().await.database().await),
            _ => None,
        };
        let url = match (kind, &database) {
            (StoreKind::Memory, _) => "memory:".to_owned(),
            (StoreKind::Json, _) => format!("json:{}", path("keystead.json")),
            (StoreKind::Sqlite, _) => format!("sqlite:{}", path("keystead.db")),
            (StoreKind::Postgres, database) => database.as_ref().unwrap().url(),
        };
        Self { kind, url, folder, _database: database }
    }
}
