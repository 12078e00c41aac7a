//! Whoever listens is told of each access version when it is committed, and of none that is not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod harness;

use harness::Postgres;
use keystead_domain::{
    OrganizationId, PLATFORM, Scope, Timestamp,
    organizations::{Isolation, Organization, OrganizationKind, OrganizationStatus},
};
use keystead_store::contracts::Harness;
use sqlx::postgres::PgListener;
use std::time::Duration;
use uuid::Uuid;

fn organization(id: OrganizationId) -> Organization {
    let now = Timestamp::parse("2026-11-21T12:00:00Z").unwrap();
    Organization {
        id,
        name: "Name".to_owned(),
        kind: OrganizationKind::Shared,
        isolation: Isolation::Shared,
        status: OrganizationStatus::Active,
        metadata: serde_json::json!({}),
        created_at: now,
        updated_at: now,
        version: 1,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_committed_version_is_told() {
    let harness = Postgres::new().await;
    let store = harness.store().await;
    let mut listener = PgListener::connect(&harness.0.url()).await.unwrap();
    listener.listen("keystead_access").await.unwrap();
    let one = OrganizationId::from_uuid(Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0007));
    let scope = Scope::organization(one);

    let unit = store.begin(scope).await.unwrap();
    unit.organizations().insert(&organization(one)).await.unwrap();
    drop(unit);
    for version in 1..=2 {
        let unit = store.begin(scope).await.unwrap();
        if version == 1 {
            unit.organizations().insert(&organization(one)).await.unwrap();
        } else {
            unit.organizations().update(one, &organization(one)).await.unwrap();
        }
        unit.commit().await.unwrap();
        let told = tokio::time::timeout(Duration::from_secs(10), listener.recv()).await.unwrap().unwrap();
        assert_eq!(told.payload(), format!("{one} {version}"));
    }
    let platform = Scope::organization(PLATFORM);
    let unit = store.begin(platform).await.unwrap();
    let kind = OrganizationKind::Platform;
    unit.organizations().insert(&Organization { kind, ..organization(PLATFORM) }).await.unwrap();
    unit.commit().await.unwrap();
    let told = tokio::time::timeout(Duration::from_secs(10), listener.recv()).await.unwrap().unwrap();
    assert_eq!(told.payload(), format!("{PLATFORM} 1"));
}
