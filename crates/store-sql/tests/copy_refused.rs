//! Copies that do not begin, and rows that did not arrive as they were.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test reports by panicking")]

mod generated;

use generated::{document, json, settings};
use keystead_domain::{Error, SystemClock};
use keystead_store_sql::{
    CopyOptions, StoreSettings, copy,
    migrate::{MigrationTarget, Migrator, Run},
};
use keystead_testkit::{postgres::shared, sqlite::TempDatabase};
use sqlx::{Connection, Executor, SqliteConnection};
use std::{fs, path::Path, sync::Arc};

async fn refused(from: &StoreSettings, to: &StoreSettings) -> Error {
    copy(from, to, &CopyOptions::default(), Arc::new(SystemClock), &mut ()).await.unwrap_err()
}

fn source(place: &Path) -> StoreSettings {
    let file = place.join("from.json");
    fs::write(&file, document(9)).unwrap();
    json(&file)
}

async fn migrated() -> TempDatabase {
    let database = TempDatabase::new();
    Migrator::new(MigrationTarget::Sqlite(database.path()), Arc::new(SystemClock))
        .up(Run::Apply, |_| {})
        .await
        .unwrap();
    database
}

#[tokio::test]
async fn stores_that_cannot_be_copied_are_refused() {
    let place = tempfile::tempdir().unwrap();
    let (from, other) = (source(place.path()), TempDatabase::new());
    let to = settings(&other.url());
    assert_eq!(refused(&settings("memory:"), &to).await.code, "copy_memory");
    assert_eq!(refused(&from, &settings("memory:")).await.code, "copy_memory");
    assert_eq!(refused(&from, &from).await.code, "copy_same");
    assert_eq!(refused(&to, &to).await.code, "copy_same");
    for missing in ["sqlite:/nowhere/x.db", "json:/nowhere/x.json"] {
        assert_eq!(refused(&settings(missing), &to).await.code, "copy_no_source");
    }
    // Looking at a source makes nothing.
    let empty = TempDatabase::new();
    fs::write(empty.path(), b"").unwrap();
    assert_eq!(refused(&settings(&empty.url()), &to).await.code, "copy_not_migrated");
}

#[tokio::test]
async fn a_destination_with_rows_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let to = migrated().await;
    let mut connection = SqliteConnection::connect(&to.url()).await.unwrap();
    connection
        .execute("INSERT INTO seeds_applied VALUES ('system', 'test', '2026-01-01T00:00:00+00:00')")
        .await
        .unwrap();
    connection.close().await.unwrap();
    let error = refused(&source(place.path()), &settings(&to.url())).await;
    assert_eq!(error.code, "copy_not_empty");
    assert!(error.message.contains("seeds_applied has 1 rows"), "{error}");

    let file = place.path().join("to.json");
    fs::write(&file, document(1)).unwrap();
    let error = refused(&source(place.path()), &json(&file)).await;
    assert!(error.message.contains("organizations has 1 rows"), "{error}");
    assert_eq!(fs::read_to_string(&file).unwrap(), document(1));
}

#[tokio::test]
async fn the_app_role_is_refused_because_it_would_see_nothing() {
    let place = tempfile::tempdir().unwrap();
    let database = shared().await.database().await;
    let admin = settings(&database.url());
    copy(&source(place.path()), &admin, &CopyOptions::default(), Arc::new(SystemClock), &mut ()).await.unwrap();
    let error = refused(&settings(&database.url_as("keystead_app", None)), &json(&place.path().join("to.json"))).await;
    assert_eq!(error.code, "copy_role", "{error:?}");
    assert!(error.message.contains("keystead_owner or keystead_backup"), "{error}");
}

#[tokio::test]
async fn a_row_that_the_destination_refuses_is_named() {
    let place = tempfile::tempdir().unwrap();
    let to = migrated().await;
    let mut connection = SqliteConnection::connect(&to.url()).await.unwrap();
    connection
        .execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON teams WHEN new.name LIKE '4%' BEGIN SELECT RAISE(ABORT, 'not this one'); END",
        )
        .await
        .unwrap();
    connection.close().await.unwrap();
    let error = refused(&source(place.path()), &settings(&to.url())).await;
    assert_eq!(error.code, "copy_refused");
    assert!(
        error.message.contains("the row of teams with id=\"") && error.message.ends_with("not this one"),
        "{error}"
    );
}

#[tokio::test]
async fn a_row_that_arrived_changed_is_found() {
    let place = tempfile::tempdir().unwrap();
    let to = migrated().await;
    let mut connection = SqliteConnection::connect(&to.url()).await.unwrap();
    let trigger = "CREATE TRIGGER spoil AFTER INSERT ON teams WHEN new.name LIKE '4%'
                   BEGIN UPDATE teams SET version = version + 1 WHERE id = new.id; END";
    connection.execute(trigger).await.unwrap();
    connection.close().await.unwrap();
    let error = refused(&source(place.path()), &settings(&to.url())).await;
    assert_eq!(error.code, "copy_differs");
    assert!(error.message.contains("the row of teams with id=\""), "{error}");
    assert!(error.message.contains("is not the same at the destination (version)"), "{error}");

    let database = shared().await.database().await;
    let admin = settings(&database.url());
    let target = MigrationTarget::Postgres(Box::new(database.url().parse().unwrap()));
    Migrator::new(target, Arc::new(SystemClock)).up(Run::Apply, |_| {}).await.unwrap();
    let mut connection = database.connect().await;
    let trigger = "CREATE FUNCTION keystead.spoil() RETURNS trigger LANGUAGE plpgsql AS
                   $$ BEGIN new.profile_data := '{\"a\": 1}'; RETURN new; END $$;
                   CREATE TRIGGER spoil BEFORE INSERT ON keystead.users FOR EACH ROW WHEN (new.username LIKE '4%')
                   EXECUTE FUNCTION keystead.spoil();
                   GRANT EXECUTE ON FUNCTION keystead.spoil() TO keystead_owner";
    sqlx::raw_sql(trigger).execute(&mut connection).await.unwrap();
    let error = refused(&source(place.path()), &admin).await;
    assert!(error.message.contains("the row of users with id=\""), "{error}");
    assert!(error.message.contains("(profile_data)"), "{error}");
}
