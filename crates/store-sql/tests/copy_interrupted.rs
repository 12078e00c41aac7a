//! An interrupted copy goes on, and notices what changed in between.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test reports by panicking")]

mod generated;

use generated::{document, json, settings};
use keystead_domain::{Result, SystemClock};
use keystead_store_sql::{CopyOptions, CopyProgress, CopyReport, CopyStage, SqlStore, StoreSettings, TableTotal, copy};
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

/// A second copy is refused while the first one runs, and changes nothing.
async fn one_at_a_time(to: &StoreSettings) {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (first_source, second_source) = (source(one.path()), source(other.path()));
    let mut alarm = Alarm::at("users", 14);
    let bell = alarm.bell.clone();
    {
        let mut first = std::pin::pin!(run(&first_source, to, &mut alarm));
        tokio::select! {
            biased;
            () = bell.notified() => {}
            report = &mut first => panic!("not in the middle: {report:?}"),
        }
        let error = run(&second_source, to, &mut ()).await.unwrap_err();
        assert_eq!(error.code, "copy_in_progress", "{error:?}");
        let report = first.await.unwrap();
        assert!(!report.resumed && report.tables.iter().all(|table| table.rows == ROWS as u64));
    }
    assert_eq!(run(&second_source, to, &mut ()).await.unwrap_err().code, "copy_not_empty");
}

#[tokio::test]
async fn one_copy_at_a_time_goes_to_sqlite() {
    let to = TempDatabase::new();
    one_at_a_time(&settings(&to.url())).await;
    let names = fs::read_dir(to.directory()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(!names.into_iter().any(|name| name.ends_with(".copying")), "nothing is left beside it");
}

#[tokio::test]
async fn one_copy_at_a_time_goes_to_postgres() {
    let database = shared().await.database().await;
    one_at_a_time(&settings(&database.url())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_copies_at_the_same_moment_one_is_made() {
    let (database, file) = (shared().await.database().await, TempDatabase::new());
    for to in [settings(&database.url()), settings(&file.url())] {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (one, other) = (source(one.path()), source(other.path()));
        let (mut here, mut there) = ((), ());
        let (left, right) = tokio::join!(run(&one, &to, &mut here), run(&other, &to, &mut there));
        let (done, refused) = if left.is_ok() { (left, right) } else { (right, left) };
        assert!(done.unwrap().tables.iter().all(|table| table.rows == ROWS as u64));
        let refused = refused.unwrap_err();
        assert!(["copy_in_progress", "copy_not_empty"].contains(&refused.code), "{refused:?}");
    }
}

#[tokio::test]
async fn an_interrupted_copy_is_told_until_it_is_done() {
    let place = tempfile::tempdir().unwrap();
    let (from, database, file) = (source(place.path()), shared().await.database().await, TempDatabase::new());
    for to in [settings(&database.url()), settings(&file.url())] {
        interrupted(&from, &to, "users", 14).await;
        assert!(SqlStore::connect(&to).await.unwrap().has_unfinished_copy().await.unwrap());
        run(&from, &to, &mut ()).await.unwrap();
        assert!(!SqlStore::connect(&to).await.unwrap().has_unfinished_copy().await.unwrap());
    }
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
