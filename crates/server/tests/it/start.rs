//! What a server looks at before it serves, and what `keystead doctor` says of it.

use crate::{
    command::{Said, keystead},
    support::{Person, Server, StoreKind, TestStore},
};
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use std::sync::Arc;

const KEY: (&str, &str) = ("KEYSTEAD_MASTER_KEY", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=");
const OTHER_KEY: (&str, &str) = ("KEYSTEAD_MASTER_KEY", "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=");

async fn run(store: &TestStore, sql: &str) {
    let sql = AssertSqlSafe(sql.to_owned());
    match store.kind {
        StoreKind::Postgres => {
            let mut connection = PgConnection::connect(&store.url).await.unwrap();
            sqlx::raw_sql("SET search_path = keystead").execute(&mut connection).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut connection).await.map(drop).unwrap();
        }
        _ => {
            let mut connection = SqliteConnection::connect(&store.url).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut connection).await.map(drop).unwrap();
            connection.close().await.unwrap();
        }
    }
}

/// What doctor found in a check: `good`, `look` or `bad`, and what it says.
fn finding(said: &Said, check: &str) -> Option<(String, String)> {
    let findings: Vec<Value> = serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {said:?}"));
    let found = findings.iter().find(|finding| finding["check"] == check)?;
    let text = |key: &str| found[key].as_str().unwrap().to_owned();
    Some((text("state"), text("detail")))
}

fn doctor(store: &TestStore, settings: &[(&str, &str)]) -> Said {
    keystead(store, settings, &["doctor", "--json"])
}

async fn half_copied_stores_are_not_served(kind: StoreKind) {
    let store = TestStore::new(kind).await;
    assert!(keystead(&store, &[], &["migrate", "up"]).succeeded);
    run(&store, "CREATE TABLE store_copy_progress (table_name text PRIMARY KEY, copied bigint NOT NULL, last_key text NOT NULL)").await;
    for arguments in [&["serve"][..], &["user", "list"], &["seed", "system"]] {
        let said = keystead(&store, &[], arguments);
        assert!(!said.succeeded && said.err.contains("keystead store copy"), "{arguments:?} {said:?}");
        assert!(said.err.contains("goes on where it stopped"), "{said:?}");
    }
    let (state, detail) = finding(&doctor(&store, &[]), "copy").unwrap();
    assert!(state == "bad" && detail.contains("has not come to its end"), "{detail}");
    run(&store, "DROP TABLE store_copy_progress").await;
    let server = Server::start_on(Arc::new(store), &[]).await;
    Person::new(&server, "ada").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_copy_in_sqlite_is_not_served() {
    half_copied_stores_are_not_served(StoreKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_copy_in_postgres_is_not_served() {
    half_copied_stores_are_not_served(StoreKind::Postgres).await;
}

async fn another_master_key_is_told(kind: StoreKind) {
    let store = Arc::new(TestStore::new(kind).await);
    let fresh = doctor(&store, &[KEY]);
    assert!(finding(&fresh, "sealed keys").is_none_or(|(state, _)| state == "look"), "{fresh:?}");
    let mut server = Server::start_on(store.clone(), &[KEY]).await;
    let ada = Person::new(&server, "ada").await;
    assert_eq!(finding(&doctor(&store, &[KEY]), "sealed keys").unwrap().0, "good");
    // A replica with another key, and one that would make a key of its own.
    for settings in [&[OTHER_KEY][..], &[]] {
        let said = keystead(&store, settings, &["serve"]);
        assert!(!said.succeeded, "{said:?}");
        assert!(said.err.contains("not the one that sealed this store's keys"), "{said:?}");
        let said = doctor(&store, settings);
        let (state, detail) = finding(&said, "sealed keys").unwrap();
        assert!(!said.succeeded && state == "bad" && detail.contains("KEYSTEAD_MASTER_KEY"), "{detail}");
    }
    // Nothing was changed by that.
    assert_eq!(ada.get(&server, "/api/v1/me").await.0.as_u16(), 200);
    server.stop();
    server.start_again().await;
    assert_eq!(ada.get(&server, "/api/v1/me").await.0.as_u16(), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_master_key_is_told_on_sqlite() {
    another_master_key_is_told(StoreKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_master_key_is_told_on_postgres() {
    another_master_key_is_told(StoreKind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn doctor_compares_the_clocks() {
    let store = TestStore::new(StoreKind::Postgres).await;
    assert!(keystead(&store, &[], &["migrate", "up"]).succeeded);
    let (state, detail) = finding(&doctor(&store, &[]), "clock").unwrap();
    assert!(state == "good" && detail.contains("the database's clock is 0."), "{detail}");
}

/// What cannot be reached is one thing to mend, and what is in it cannot be looked at.
#[tokio::test]
async fn doctor_tells_once_of_a_database_that_does_not_answer() {
    let mut store = TestStore::new(StoreKind::Sqlite).await;
    store.url = "postgres://keystead_app@127.0.0.1:1/keystead".to_owned();
    let said = doctor(&store, &[KEY]);
    assert!(!said.succeeded, "{said:?}");
    let (state, detail) = finding(&said, "database").unwrap();
    assert!(state == "bad" && detail.contains("refused"), "{detail}");
    let findings: Vec<Value> = serde_json::from_str(&said.out).unwrap();
    let bad: Vec<_> = findings.iter().filter(|finding| finding["state"] == "bad").collect();
    assert_eq!(bad.len(), 1, "{bad:?}");
    assert_eq!(finding(&said, "schema"), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn partitions_are_made_at_the_start_without_jobs() {
    let store = Arc::new(TestStore::new(StoreKind::Postgres).await);
    assert!(keystead(&store, &[], &["migrate", "up"]).succeeded);
    // As if the server had been off for long: no month is left but those of the past.
    run(
        &store,
        "DO $$ DECLARE name text; BEGIN FOR name IN SELECT inhrelid::regclass::text FROM pg_inherits
            WHERE inhparent = 'audit_logs'::regclass AND pg_get_expr((SELECT relpartbound FROM pg_class WHERE oid = inhrelid), inhrelid) <> 'DEFAULT'
         LOOP EXECUTE 'DROP TABLE ' || name; END LOOP; END $$",
    )
    .await;
    let server = Server::start_on(store.clone(), &[("KEYSTEAD_JOBS_WORKERS", "0")]).await;
    Person::new(&server, "ada").await;
    let mut connection = PgConnection::connect(&store.url).await.unwrap();
    let in_default: i64 =
        sqlx::query_scalar("SELECT count(*) FROM keystead.audit_logs WHERE tableoid::regclass::text LIKE '%default%'")
            .fetch_one(&mut connection)
            .await
            .unwrap();
    assert_eq!(in_default, 0);
    let months: i64 =
        sqlx::query_scalar("SELECT count(*) FROM pg_inherits WHERE inhparent = 'keystead.audit_logs'::regclass")
            .fetch_one(&mut connection)
            .await
            .unwrap();
    assert_eq!(months, 5, "this month, three ahead, and the default");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_origin_is_no_origin() {
    let store = TestStore::new(StoreKind::Sqlite).await;
    let every = [("KEYSTEAD_HTTP_ALLOWED_ORIGINS", "*")];
    let said = keystead(&store, &every, &["serve"]);
    assert!(!said.succeeded && said.err.contains("http.allowed_origins") && !said.err.contains("panicked"), "{said:?}");
    let (state, detail) = finding(&doctor(&store, &every), "configuration").unwrap();
    assert!(state == "bad" && detail.contains("name each origin"), "{detail}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_others_could_exchange_is_not_used() {
    use std::os::unix::fs::PermissionsExt;
    let store = TestStore::new(StoreKind::Sqlite).await;
    std::fs::set_permissions(store.folder.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
    let said = keystead(&store, &[], &["serve"]);
    assert!(!said.succeeded && said.err.contains("chmod go-w"), "{said:?}");
    let (state, detail) = finding(&doctor(&store, &[]), "master key").unwrap();
    assert!(state == "bad" && detail.contains("chmod go-w"), "{detail}");
    assert_eq!(finding(&doctor(&store, &[KEY]), "master key").unwrap().0, "good");
}
