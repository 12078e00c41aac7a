//! Everything goes from one mode to the next and comes back the same.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test reports by panicking")]

mod generated;

use generated::{document, json, settings};
use keystead_domain::SystemClock;
use keystead_store_sql::{
    CopyOptions, CopyProgress, CopyReport, CopyStage, StoreSettings, TableTotal, copy, schema::TABLES,
};
use keystead_testkit::{postgres::shared, sqlite::TempDatabase};
use std::{collections::HashMap, fs, sync::Arc};

const ROWS: usize = 23;

async fn copied(from: &StoreSettings, to: &StoreSettings) -> CopyReport {
    let options = CopyOptions { batch_rows: 5 };
    copy(from, to, &options, Arc::new(SystemClock), &mut ()).await.unwrap()
}

#[tokio::test]
async fn json_to_postgres_to_sqlite_to_json_is_the_same_file() {
    let place = tempfile::tempdir().unwrap();
    let file = |name: &str| place.path().join(name);
    fs::write(file("written.json"), document(ROWS)).unwrap();
    let first = copied(&json(&file("written.json")), &json(&file("first.json"))).await;
    assert_eq!(first.rows(), (ROWS * TABLES.len()) as u64);

    let database = shared().await.database().await;
    let postgres = settings(&database.url());
    let sqlite = TempDatabase::new();
    let mut reports = vec![first];
    reports.push(copied(&json(&file("first.json")), &postgres).await);
    reports.push(copied(&postgres, &settings(&sqlite.url())).await);
    reports.push(copied(&settings(&sqlite.url()), &json(&file("second.json"))).await);
    // And straight from one file to the next, which loads and saves it.
    reports.push(copied(&json(&file("second.json")), &json(&file("third.json"))).await);

    for report in &reports {
        assert_eq!(report.tables, reports[0].tables);
        assert!(!report.resumed);
        assert!(report.notes[0].contains("same master key"), "{:?}", report.notes);
    }
    let bytes = |name: &str| fs::read(file(name)).unwrap();
    assert!(bytes("first.json") == bytes("second.json"));
    assert!(bytes("first.json") == bytes("third.json"));
}

#[tokio::test]
async fn the_migrator_sees_every_organization_and_the_backup_role_may_read() {
    let place = tempfile::tempdir().unwrap();
    let from = place.path().join("from.json");
    fs::write(&from, document(ROWS)).unwrap();
    let database = shared().await.database().await;
    keystead_store_sql::roles::apply_roles(&database.url().parse().unwrap(), &Default::default()).await.unwrap();
    let migrator = settings(&database.url_as("keystead_migrator", None));
    let there = copied(&json(&from), &migrator).await;
    for (role, file) in [("keystead_migrator", "a.json"), ("keystead_backup", "b.json")] {
        let back = place.path().join(file);
        // The backup role may not look at the applied migrations' table of another owner, but at everything else.
        let report = copied(&settings(&database.url_as(role, None)), &json(&back)).await;
        assert_eq!(report.tables, there.tables, "{role}");
    }
    // Old months have partitions of their own.
    let mut connection = database.connect().await;
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM keystead.audit_logs_default")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(left, 0);
    let marker: bool = sqlx::query_scalar("SELECT to_regclass('keystead.store_copy_progress') IS NULL")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert!(marker);
}

#[derive(Default)]
struct Watcher {
    totals: HashMap<String, u64>,
    reached: HashMap<(String, &'static str), u64>,
}

impl CopyProgress for Watcher {
    fn planned(&mut self, tables: &[TableTotal]) {
        self.totals = tables.iter().map(|table| (table.table.clone(), table.rows)).collect();
    }
    fn step(&mut self, stage: CopyStage, table: &str, rows: u64) {
        let before = self.reached.insert((table.to_owned(), stage.as_str()), rows);
        assert!(before.is_none_or(|before| before <= rows), "{table} goes backwards");
    }
}

#[tokio::test]
async fn progress_reaches_the_totals() {
    let place = tempfile::tempdir().unwrap();
    let from = place.path().join("from.json");
    fs::write(&from, document(ROWS)).unwrap();
    let sqlite = TempDatabase::new();
    let mut watcher = Watcher::default();
    let options = CopyOptions { batch_rows: 4 };
    copy(&json(&from), &settings(&sqlite.url()), &options, Arc::new(SystemClock), &mut watcher).await.unwrap();
    assert_eq!(watcher.totals.len(), TABLES.len());
    for (table, total) in &watcher.totals {
        assert_eq!(*total, ROWS as u64);
        for stage in ["copy", "verify"] {
            assert_eq!(watcher.reached[&(table.clone(), stage)], *total, "{table} {stage}");
        }
    }
}
