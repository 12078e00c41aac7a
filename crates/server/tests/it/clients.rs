//! Independent clients: Python, with httpx and PyJWT, on every store; and PyPI casbin beside the engine.

use crate::support::{StoreKind, TestStore, times};
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

/// Generated models, rules and requests. In a soak the child's progress is to be seen.
#[tokio::test]
async fn rules_say_what_pypi_casbin_says() {
    let store = TestStore::new(StoreKind::Memory).await;
    let home = python::clients().join("casbin");
    let packages = python::install(&home.join("requirements.txt"), "casbin");
    let packages = std::env::join_paths([python::packages(), packages, python::clients()]).unwrap();
    let status = Command::new(python::interpreter())
        .arg(home.join("differential.py"))
        .arg(store.folder.path())
        .args([times(50, 5_000).to_string(), "1".to_owned()])
        .env("PYTHONPATH", packages)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("KEYSTEAD_TEST_BINARY", env!("CARGO_BIN_EXE_keystead"))
        .env("KEYSTEAD_TEST_DATABASE_URL", &store.url)
        .status()
        .unwrap();
    assert!(status.success(), "see above");
}
