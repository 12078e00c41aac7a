//! Two servers on one PostgreSQL.

use crate::support::{ADMIN_PASSWORD, Person, Server, StoreKind, TestStore, send};
use reqwest::{Method, StatusCode};
use serde_json::json;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_start_at_once_on_an_empty_database() {
    let store = Arc::new(TestStore::new(StoreKind::Postgres).await);
    // Two nodes of one installation share its master key.
    let key = [("KEYSTEAD_MASTER_KEY", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")];
    let (first, second) =
        tokio::join!(Server::start_on(Arc::clone(&store), &key), Server::start_on(Arc::clone(&store), &key));

    // One administrator, whichever server is asked.
    for server in [&first, &second] {
        let login = json!({ "login": "admin", "password": ADMIN_PASSWORD });
        let (status, body) = send(server, Method::POST, "/api/v1/sessions", None, Some(login)).await;
        assert_eq!(status, StatusCode::OK, "{body}");
    }
    // A session of one is a session of the other, and so is its end.
    let ada = Person::new(&first, "ada").await;
    assert_eq!(ada.get(&second, "/api/v1/me").await.0, StatusCode::OK);
    let (status, _) = send(&first, Method::DELETE, "/api/v1/sessions/current", Some(&ada.access), None).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let ended = Instant::now();
    while ada.get(&second, "/api/v1/me").await.0 != StatusCode::UNAUTHORIZED {
        assert!(ended.elapsed() < Duration::from_secs(1), "the other server still accepts the token");
    }
}
