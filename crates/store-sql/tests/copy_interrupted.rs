//! An interrupted copy goes on, and notices what changed in between.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test reports by panicking")]

mod generated;

use generated::{document, json, settings};
use keystead_domain::{Result, SystemClock};
use keystead_store_sql::{CopyOptions, CopyProgress, CopyReport, CopyStage, StoreSettings, TableTotal, copy};
use keystead_testkit::{postgres::shared, sqlite::TempDatabase};
use sqlx::{Connection, SqliteConnection};
use std::{fs, path::Path, sync::Arc};
use tokio::sync::Notify;

const ROWS: usize = 40;
const OPTIONS: CopyOptions = CopyOptions { batch_rows: 7 };

/// Rings when so many rows of a table are copied.
struct Alarm {
    table: &'static str,
    rows: u64,
    bell: Arc<Notify>,
    /// Where each table's copy began.
    began: Vec<(String, u64)>,
}

impl Alarm {
    fn at(table: &'static str, rows: u64) -> Self {
        Self { table, rows, bell: Arc::default(), began: Vec::new() }
    }
}

impl CopyProgress for Alarm {
    fn planned(&mut self, _tables: &[TableTotal]) {}
    fn step(&mut self, stage: CopyStage, table: &str, rows: u64) {
        if stage == CopyStage::Copy {
            if self.began.last().is_none_or(|(last, _)| last != table) {
                self.began.push((table.to_owned(), rows));
            }
            if table == self.table && rows >= self.rows {
                self.bell.notify_one();
            }
        }
    }
}

async fn run(from: &StoreSettings, to: &StoreSettings, progress: &mut dyn CopyProgress) -> Result<CopyReport> {
    copy(from, to, &OPTIONS, Arc::new(SystemClock), progress).await
}

/// Copies until so many rows of a table are there, and drops the future there and then.
async fn interrupted(from: &StoreSettings, to: &StoreSettings, table: &'static str, rows: u64) {
    let mut alarm = Alarm::at(table, rows);
    let bell = alarm.bell.clone();
    tokio::select! {
        biased;
        () = bell.notified() => {}
        report = run(from, to, &mut alarm) => panic!("not interrupted: {report:?}"),
    }
}

fn source(place: &Path) -> StoreSettings {
    let file = place.join("from.json");
    fs::write(&file, document(ROWS)).unwrap();
    json(&file)
}

async fn goes_on(from: &StoreSettings, to: &StoreSettings) {
    interrupted(from, to, "users", 14).await;
    interrupted(from, to, "audit_logs", 21).await;
    let mut progress = Alarm::at("none", 0);
    let report = run(from, to, &mut progress).await.unwrap();
    assert!(report.resumed);
    assert!(report.tables.iter().all(|table| table.rows == ROWS as u64));
    let began = |table: &str| progress.began.iter().find(|(name, _)| name == table).map(|(_, rows)| *rows).unwrap();
    assert_eq!(began("users"), ROWS as u64, "was there already");
    assert!((21..=ROWS as u64).contains(&began("audit_logs")), "goes on where it stopped");
    assert_eq!(began("jobs"), 7, "was not begun");
    // A finished copy is not one to go on with.
    let error = run(from, to, &mut ()).await.unwrap_err();
    assert_eq!(error.code, "copy_not_empty", "{error}");
}

#[tokio::test]
async fn an_interrupted_copy_to_sqlite_goes_on() {
    let place = tempfile::tempdir().unwrap();
    let to = TempDatabase::new();
    goes_on(&source(place.path()), &settings(&to.url())).await;
}

#[tokio::test]
async fn an_interrupted_copy_to_postgres_goes_on() {
    let place = tempfile::tempdir().unwrap();
    let database = shared().await.database().await;
    goes_on(&source(place.path()), &settings(&database.url())).await;
}

#[tokio::test]
async fn a_file_is_there_when_its_copy_is_done_and_not_before() {
    let place = tempfile::tempdir().unwrap();
    let (from, to) = (source(place.path()), place.path().join("to.json"));
    interrupted(&from, &json(&to), "jobs", 7).await;
    assert!(!to.exists());
    assert!(!run(&from, &json(&to), &mut ()).await.unwrap().resumed);
}

#[tokio::test]
async fn what_changed_in_between_is_found() {
    let place = tempfile::tempdir().unwrap();
    let from = source(place.path());
    for (change, expected) in [
        (
            "UPDATE users SET last_name = 'changed' WHERE username_key LIKE '5%'",
            "is not the same at the destination (last_name)",
        ),
        ("DELETE FROM seeds_applied", "is missing at the destination"),
        ("UPDATE seeds_applied SET name = name || 'x' WHERE rowid = 3", "the row of seeds_applied with name="),
    ] {
        let to = TempDatabase::new();
        interrupted(&from, &settings(&to.url()), "seeds_applied", 21).await;
        let mut connection = SqliteConnection::connect(&to.url()).await.unwrap();
        assert!(sqlx::raw_sql(change).execute(&mut connection).await.unwrap().rows_affected() > 0);
        connection.close().await.unwrap();
        let error = run(&from, &settings(&to.url()), &mut ()).await.unwrap_err();
        assert_eq!(error.code, "copy_differs");
        assert!(error.message.contains(expected), "{error}");
        assert!(error.message.contains("interrupted copy"), "{error}");
    }
}
