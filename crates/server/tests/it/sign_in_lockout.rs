//! Wrong passwords lock out the network they come from. Nobody can lock another out of their account.

use crate::support::{Person, Server, StoreKind, TestStore};
use reqwest::StatusCode;
use serde_json::json;
use std::sync::Arc;

/// As it comes through a trusted proxy.
async fn sign_in_from(server: &Server, address: &str, password: &str) -> StatusCode {
    let request = server
        .http
        .post(format!("{}/api/v1/sessions", server.base))
        .header("X-Forwarded-For", address)
        .json(&json!({ "login": "ada", "password": password }));
    request.send().await.unwrap().status()
}

const RIGHT: &str = "the long phrase of ada";
const WRONG: &str = "not the right password";

async fn nobody_locks_another_out(kind: StoreKind) {
    let settings = [
        ("KEYSTEAD_HTTP_TRUSTED_PROXIES", "127.0.0.1"),
        ("KEYSTEAD_LOCKOUT_NETWORK_ATTEMPTS", "3"),
        ("KEYSTEAD_LOCKOUT_ACCOUNT_ATTEMPTS", "12"),
        ("KEYSTEAD_LOCKOUT_SECONDS", "900"),
    ];
    let server = Server::start_on(Arc::new(TestStore::new(kind).await), &settings).await;
    Person::new(&server, "ada").await;
    let (home, attacker, elsewhere) = ("198.51.100.7", "203.0.113.66", "192.0.2.9");
    assert_eq!(sign_in_from(&server, home, RIGHT).await, StatusCode::OK);

    // One network guesses: it alone is locked out, even with the right password.
    for _ in 0..3 {
        assert_eq!(sign_in_from(&server, attacker, WRONG).await, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(sign_in_from(&server, attacker, RIGHT).await, StatusCode::UNAUTHORIZED);
    assert_eq!(sign_in_from(&server, home, RIGHT).await, StatusCode::OK);
    assert_eq!(sign_in_from(&server, elsewhere, RIGHT).await, StatusCode::OK);

    // Many networks guess: the account is closed to networks that it does not know, never to its owner's.
    for number in 1..=12 {
        sign_in_from(&server, &format!("203.0.{number}.1"), WRONG).await;
    }
    assert_eq!(sign_in_from(&server, "203.0.99.1", RIGHT).await, StatusCode::UNAUTHORIZED);
    assert_eq!(sign_in_from(&server, home, RIGHT).await, StatusCode::OK);

    // A client cannot choose its network: what stands left of the proxy's own entry counts for nothing.
    assert_eq!(sign_in_from(&server, &format!("{home}, {attacker}"), RIGHT).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_locks_another_out_on_sqlite() {
    nobody_locks_another_out(StoreKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_locks_another_out_on_postgres() {
    nobody_locks_another_out(StoreKind::Postgres).await;
}
