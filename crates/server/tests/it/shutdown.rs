//! The server ends in good order: what was begun is finished, what waited is written; a second signal ends it at once.

use crate::support::{Person, Server, StoreKind, TestStore};
use reqwest::StatusCode;
use serde_json::json;
use sqlx::Connection;
use std::{
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

/// Hashes take long, so that a sign-in is still running when the signal comes.
const SLOW: [(&str, &str); 3] = [
    ("KEYSTEAD_PASSWORDS_WORKERS", "1"),
    ("KEYSTEAD_PASSWORDS_ARGON2_MEMORY_KIB", "32768"),
    ("KEYSTEAD_PASSWORDS_ARGON2_PASSES", "20"),
];

fn signal(server: &Server) {
    assert!(Command::new("kill").arg(server.id().to_string()).status().unwrap().success());
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < Duration::from_secs(60), "waited too long until {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Begins a sign-in and waits until the server works on it.
async fn begin_sign_in(server: &Server) -> tokio::task::JoinHandle<reqwest::Result<StatusCode>> {
    let request = server.http.post(format!("{}/api/v1/sessions", server.base));
    let login = json!({ "login": "ada", "password": "the long phrase of ada" });
    let running = tokio::spawn(async move { request.json(&login).send().await.map(|answer| answer.status()) });
    until("the password is hashed", async || {
        crate::support::Figures::of(server).await.get("keystead_password_hashing_now") > 0.0
    })
    .await;
    running
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_begun_is_finished_and_nobody_new_is_let_in() {
    let mut server = Server::start_on(Arc::new(TestStore::new(StoreKind::Sqlite).await), &SLOW).await;
    Person::new(&server, "ada").await;
    let running = begin_sign_in(&server).await;
    signal(&server);
    until("nobody is let in", async || {
        tokio::net::TcpStream::connect(server.base.trim_start_matches("http://")).await.is_err()
    })
    .await;
    assert!(!running.is_finished());
    assert_eq!(running.await.unwrap().unwrap(), StatusCode::OK);
    assert_eq!(server.wait(), Some(0), "{}", server.log());
    assert!(server.log().contains("stopped"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_signal_ends_it_at_once() {
    let mut server = Server::start_on(Arc::new(TestStore::new(StoreKind::Sqlite).await), &SLOW).await;
    Person::new(&server, "ada").await;
    let running = begin_sign_in(&server).await;
    signal(&server);
    until("the first signal is heard", async || server.log().contains("a second signal ends at once")).await;
    signal(&server);
    assert_eq!(server.wait(), Some(130), "{}", server.log());
    assert!(server.log().contains("forced to end") && !server.log().contains("\"stopped\""), "{}", server.log());
    assert!(running.await.unwrap().is_err(), "the request was given up");
    // Forced or not, the file is whole.
    server.start_again().await;
    Person::sign_in(&server, "ada", "the long phrase of ada").await;
}

/// The last activity of the only session, as the file has it.
async fn last_activity(store: &TestStore, change: bool) -> String {
    let mut database = sqlx::SqliteConnection::connect(&store.url).await.unwrap();
    if change {
        let sql = "UPDATE sessions SET last_activity_at = '2026-01-01T00:00:00.000000+00:00'";
        sqlx::query(sql).execute(&mut database).await.unwrap();
    }
    sqlx::query_scalar("SELECT max(last_activity_at) FROM sessions").fetch_one(&mut database).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_activity_is_written_before_the_end() {
    let store = Arc::new(TestStore::new(StoreKind::Sqlite).await);
    let mut server = Server::start_on(Arc::clone(&store), &[]).await;
    let ada = Person::new(&server, "ada").await;
    let long_ago = last_activity(&store, true).await;
    assert_eq!(ada.get(&server, "/api/v1/me").await.0, StatusCode::OK);
    assert_eq!(server.stop(), Some(0), "{}", server.log());
    assert!(last_activity(&store, false).await > long_ago);
}
