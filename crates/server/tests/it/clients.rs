//! Independent clients: Python, with httpx and PyJWT, on every store.

use crate::support::{StoreKind, TestStore};
use keystead_testkit::python;
use std::process::Command;

async fn journey(kind: StoreKind) {
    let store = TestStore::new(kind).await;
    let output = Command::new(python::interpreter())
        .arg(python::clients().join("journey.py"))
        .arg(store.folder.path())
        .env("PYTHONPATH", python::packages())
        .env("KEYSTEAD_TEST_BINARY", env!("CARGO_BIN_EXE_keystead"))
        .env("KEYSTEAD_TEST_DATABASE_URL", &store.url)
        .output()
        .unwrap();
    let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}\n{}", shown(&output.stdout), shown(&output.stderr));
}

#[tokio::test]
async fn python_journey_in_memory() {
    journey(StoreKind::Memory).await;
}

#[tokio::test]
async fn python_journey_on_json() {
    journey(StoreKind::Json).await;
}

#[tokio::test]
async fn python_journey_on_sqlite() {
    journey(StoreKind::Sqlite).await;
}

#[tokio::test]
async fn python_journey_on_postgres() {
    journey(StoreKind::Postgres).await;
}
