//! Reads of sensitive values are recorded where the operator wants that: in batches, and none is lost when the server stops.

use crate::support::{Person, Server, StoreKind, TestStore};
use reqwest::StatusCode;
use serde_json::Value;
use std::{process::Command, sync::Arc, time::Duration};

const ON: (&str, &str) = ("KEYSTEAD_AUDIT_RECORD_READS", "true");

async fn reads(server: &Server, person: &Person, kind: &str) -> Vec<Value> {
    person.all(server, &format!("/api/v1/audit-events?event_type={kind}")).await
}

async fn id_of(server: &Server, person: &Person) -> String {
    person.get(server, "/api/v1/me").await.1["id"].as_str().unwrap().to_owned()
}

async fn reads_are_recorded(kind: StoreKind) {
    let store = Arc::new(TestStore::new(kind).await);
    let mut server = Server::start_on(Arc::clone(&store), &[ON]).await;
    let ada = Person::new(&server, "ada").await;
    let me = id_of(&server, &ada).await;
    // Within a second or so, without anything else being done.
    let mut found = Vec::new();
    for _ in 0..100 {
        found = reads(&server, &ada, "user.read").await;
        if !found.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let [event] = found.as_slice() else { panic!("{found:?}") };
    for (field, expected) in [("user_id", &me), ("subject_user_id", &me), ("resource_id", &me)] {
        assert_eq!(event[field].as_str(), Some(expected.as_str()), "{field} of {event}");
    }
    assert_eq!((event["outcome"].as_str(), event["source"].as_str()), (Some("success"), Some("http")), "{event}");
    assert!(event["correlation_id"].as_str().is_some_and(|id| !id.is_empty()), "{event}");

    // What still waits when the server is asked to stop is written first: 100 reads, then the signal.
    for _ in 0..100 {
        assert_eq!(ada.get(&server, "/api/v1/me").await.0, StatusCode::OK);
    }
    assert_eq!(server.stop(), Some(0), "{}", server.log());
    server.start_again_with(ON.0, "false").await;
    assert_eq!(reads(&server, &ada, "user.read").await.len(), 101);

    // Off, nothing is recorded.
    ada.get(&server, "/api/v1/me").await;
    assert_eq!(server.stop(), Some(0), "{}", server.log());
    server.start_again().await;
    assert_eq!(reads(&server, &ada, "user.read").await.len(), 101);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reads_are_recorded_on_sqlite() {
    reads_are_recorded(StoreKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reads_are_recorded_on_postgres() {
    reads_are_recorded(StoreKind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reading_audit_events_and_other_people_is_recorded_too() {
    let store = Arc::new(TestStore::new(StoreKind::Sqlite).await);
    let mut server = Server::start_on(Arc::clone(&store), &[ON]).await;
    let ada = Person::new(&server, "ada").await;
    let me = ada.get(&server, "/api/v1/me").await.1;
    let members = format!("/api/v1/organizations/{}/members", me["organization_id"].as_str().unwrap());
    assert_eq!(ada.get(&server, &members).await.0, StatusCode::OK);
    assert_eq!(ada.get(&server, "/api/v1/audit-events").await.0, StatusCode::OK);
    // The operator reads, too.
    let shown = Command::new(env!("CARGO_BIN_EXE_keystead"))
        .env_clear()
        .env("DATABASE_URL", &store.url)
        .env("KEYSTEAD_DATA_DIR", store.folder.path())
        .envs([ON])
        .args(["user", "show", "ada", "--json"])
        .output()
        .unwrap();
    assert!(shown.status.success(), "{}", String::from_utf8_lossy(&shown.stderr));
    let administrator_reads = async |server: &Server| {
        let mut database = <sqlx::SqliteConnection as sqlx::Connection>::connect(&server.store.url).await.unwrap();
        let sql = "SELECT source, event_type, count(*) FROM audit_logs WHERE event_type LIKE '%.read' GROUP BY 1, 2 ORDER BY 1, 2";
        sqlx::query_as::<_, (String, String, i64)>(sql).fetch_all(&mut database).await.unwrap()
    };
    assert_eq!(server.stop(), Some(0), "{}", server.log());
    let found = administrator_reads(&server).await;
    let has = |source: &str, kind: &str| found.iter().any(|(a, b, count)| a == source && b == kind && *count > 0);
    assert!(has("http", "user.read") && has("http", "audit_event.read") && has("cli", "user.read"), "{found:?}");
}
