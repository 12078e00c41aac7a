//! Bodies that do not arrive keep nobody else waiting.

use crate::support::{Server, StoreKind, TestStore};
use reqwest::StatusCode;
use std::{sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const HEAD: &str =
    "POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_bodies_take_nobody_s_place() {
    let settings = [("KEYSTEAD_HTTP_MAX_REQUESTS", "4"), ("KEYSTEAD_HTTP_REQUEST_TIMEOUT_SECONDS", "5")];
    let server = Server::start_on(Arc::new(TestStore::new(StoreKind::Sqlite).await), &settings).await;
    let mut slow = Vec::new();
    for _ in 0..20 {
        let mut client = TcpStream::connect(server.base.trim_start_matches("http://")).await.unwrap();
        client.write_all(HEAD.as_bytes()).await.unwrap();
        slow.push(client);
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    for path in ["/health/live", "/health/ready", "/metrics", "/.well-known/jwks.json", "/api/v1/me"] {
        let answer = server.http.get(format!("{}{path}", server.base)).send().await.unwrap();
        assert_ne!(answer.status(), StatusCode::SERVICE_UNAVAILABLE, "{path}");
    }
    let login = serde_json::json!({ "login": "nobody", "password": "a phrase of some length" });
    let answer = server.http.post(format!("{}/api/v1/sessions", server.base)).json(&login).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    // They are told that their time is over, though the server has taken on other work meanwhile.
    for mut client in slow {
        let mut answer = [0; 12];
        client.read_exact(&mut answer).await.unwrap();
        assert_eq!(answer, *b"HTTP/1.1 408");
    }
}
