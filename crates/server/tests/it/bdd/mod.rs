//! The features, in words, on every store. Each scenario has a server and a store of its own.

mod access;
mod accounts;
mod catalogue;
mod explain;
mod navigation;
mod organizations;
mod policy;
mod preview;
mod service_accounts;
mod sessions;
mod user_levels;
mod world;

use crate::support::StoreKind;
use cucumber::{World as _, writer::Stats as _};
use world::World;

async fn features(kind: StoreKind) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/features");
    let outcome = World::cucumber()
        // The test runner's own arguments are not cucumber's.
        .with_default_cli()
        .max_concurrent_scenarios(2)
        .fail_on_skipped()
        .before(move |_, _, _, world| Box::pin(async move { world.kind = kind }))
        .filter_run(folder, move |_, _, scenario| {
            let feature_is_for_kept_rows = scenario.tags.iter().any(|tag| tag == "kept");
            kind.keeps_rows() || !feature_is_for_kept_rows
        })
        .await;
    assert!(!outcome.execution_has_failed(), "a scenario failed on {kind:?}");
    assert!(outcome.passed_steps() > 100, "the features were not found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn features_in_memory() {
    features(StoreKind::Memory).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn features_on_json() {
    features(StoreKind::Json).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn features_on_sqlite() {
    features(StoreKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn features_on_postgres() {
    features(StoreKind::Postgres).await;
}
