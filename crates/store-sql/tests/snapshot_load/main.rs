//! Everything that decides in an organization is read in a fixed number of statements, however much it is, and what has changed
//! in a few.
//!
//! `KEYSTEAD_TEST_RULES` says how many rules there are; with `--nocapture` it says how long it took.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "how long it took is read by who asks")]

#[path = "../query_plans/capture.rs"]
#[allow(dead_code, reason = "plans are not looked at here")]
mod capture;
#[path = "../harness/mod.rs"]
mod harness;

use harness::{Postgres, Sqlite};
use keystead_domain::{
    Ids, OrganizationId, PLATFORM, Scope, SeededRandom, SystemClock, Timestamp,
    access::{PolicyRule, SnapshotChange},
    organizations::{Isolation, Organization, OrganizationKind, OrganizationStatus},
};
use keystead_store::{Store, contracts::Harness};
use keystead_store_sql::{SqlStore, schema::APP};
use std::{sync::Arc, time::Instant};

/// The tests share what is captured, so they run one after the other.
static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

fn now() -> Timestamp {
    Timestamp::parse("2026-11-21T12:00:00Z").unwrap()
}

fn organization(id: OrganizationId, kind: OrganizationKind) -> Organization {
    Organization {
        id,
        name: "Name".to_owned(),
        kind,
        isolation: Isolation::Shared,
        status: OrganizationStatus::Active,
        metadata: serde_json::json!({}),
        created_at: now(),
        updated_at: now(),
        version: 1,
    }
}

fn rule(ids: &Ids, organization_id: OrganizationId, number: u32) -> PolicyRule {
    let value = |text: String| Some(text);
    PolicyRule {
        id: ids.next(),
        organization_id,
        ptype: "p".to_owned(),
        values: [
            value(format!("role-{}", number % 10_000)),
            value("organization".to_owned()),
            value(format!("resource-{number}")),
            value("read".to_owned()),
            value("allow".to_owned()),
            None,
        ],
        priority: None,
        not_before: None,
        expires_at: None,
        is_active: true,
        created_by: None,
        updated_by: None,
        created_at: now(),
        updated_at: now(),
        version: 1,
    }
}

/// The statements of a snapshot, and of what one rule has changed of it.
async fn statements(store: &SqlStore, one: OrganizationId) -> (usize, usize) {
    let count = || capture::statements().iter().filter(|sql| sql.trim_start().starts_with("SELECT")).count();
    let scope = Scope::organization(one);
    let ids = Ids::new(Arc::new(SystemClock), Arc::new(SeededRandom::new(5)));
    let unit = store.read(scope).await.unwrap();
    capture::start();
    let begun = Instant::now();
    let mut snapshot = unit.access_snapshots().load(one, None).await.unwrap();
    let loading = (count(), begun.elapsed());
    drop(unit);
    let unit = store.begin(scope).await.unwrap();
    unit.rules().insert(one, &[rule(&ids, one, 7)]).await.unwrap();
    unit.commit().await.unwrap();
    capture::start();
    let begun = Instant::now();
    let unit = store.read(scope).await.unwrap();
    let changed = unit.access_snapshots().changed(one, snapshot.versions, 100).await.unwrap();
    let changing = (count(), begun.elapsed());
    let SnapshotChange::Delta(delta) = changed else { panic!("{changed:?}") };
    let before = snapshot.policy.rules.len();
    assert!(snapshot.apply(*delta));
    assert_eq!(snapshot.policy.rules.len(), before + 1);
    println!("{:?}: {before} rules in {:?}, one more in {:?}", store.mode(), loading.1, changing.1);
    (loading.0, changing.0)
}

async fn check(store: &SqlStore) {
    let rules: u32 = std::env::var("KEYSTEAD_TEST_RULES").map_or(5_000, |text| text.parse().unwrap());
    let ids = Ids::new(Arc::new(SystemClock), Arc::new(SeededRandom::new(3)));
    let (one, other): (OrganizationId, OrganizationId) = (ids.next(), ids.next());
    for (id, kind) in
        [(PLATFORM, OrganizationKind::Platform), (one, OrganizationKind::Shared), (other, OrganizationKind::Shared)]
    {
        let unit = store.begin(Scope::organization(id)).await.unwrap();
        unit.organizations().insert(&organization(id, kind)).await.unwrap();
        unit.commit().await.unwrap();
    }
    let unit = store.begin(Scope::organization(one)).await.unwrap();
    let all: Vec<_> = (0..rules).map(|number| rule(&ids, one, number)).collect();
    let begun = Instant::now();
    unit.rules().insert(one, &all).await.unwrap();
    unit.commit().await.unwrap();
    println!("{:?}: {rules} rules written in {:?}", store.mode(), begun.elapsed());
    // One statement for each table, and four for a rule: the version, the changes, the platform's version, the rule.
    assert_eq!(statements(store, one).await, (31, 4));
    assert_eq!(statements(store, other).await, (31, 4));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite() {
    let _turn = ONE_AT_A_TIME.lock().await;
    let harness = Sqlite::new();
    harness.store().await.close().await.unwrap();
    let mut settings = harness::settings(&harness.0.url());
    settings.log_statements = true;
    check(&SqlStore::connect(&settings).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres() {
    let _turn = ONE_AT_A_TIME.lock().await;
    let harness = Postgres::new().await;
    let mut settings = harness::settings(&harness.0.url_as(APP, None));
    settings.log_statements = true;
    check(&SqlStore::connect(&settings).await.unwrap()).await;
}
