//! Who the client is when something stands between: believed where a trusted proxy says it, told to the operator where none is named.

use crate::{
    command::keystead,
    support::{Server, StoreKind, TestStore},
};
use serde_json::Value;
use std::sync::Arc;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Asks with these header lines, which need not be text, and gives the client's address as the log has it.
async fn client_of(server: &Server, id: &str, lines: &[&[u8]]) -> String {
    let mut client = TcpStream::connect(server.base.trim_start_matches("http://")).await.unwrap();
    let mut request =
        format!("GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Request-ID: {id}\r\n").into_bytes();
    for line in lines {
        request.extend_from_slice(line);
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    client.write_all(&request).await.unwrap();
    let mut answer = Vec::new();
    client.read_to_end(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 404"), "{}", String::from_utf8_lossy(&answer));
    for _ in 0..500 {
        if let Some(line) = server.log().lines().find(|line| line.contains(&format!("\"request_id\":\"{id}\""))) {
            let line: Value = serde_json::from_str(line).unwrap();
            return line["span"]["client_ip"].as_str().unwrap().to_owned();
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("nothing of {id}:\n{}", server.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_read_lets_nobody_choose_an_address() {
    let settings = [("KEYSTEAD_HTTP_TRUSTED_PROXIES", "127.0.0.1,10.0.0.0/8"), ("KEYSTEAD_LOG", "debug")];
    let server = Server::start_on(Arc::new(TestStore::new(StoreKind::Sqlite).await), &settings).await;
    let cases: [(&str, &[&[u8]], &str); 5] = [
        ("plain", &[b"X-Forwarded-For: 6.6.6.6, 7.7.7.7"], "7.7.7.7"),
        // The proxy adds to the client's own line.
        ("same-line", &[b"X-Forwarded-For: \xe9, 7.7.7.7"], "7.7.7.7"),
        // The proxy adds a line of its own.
        ("own-line", &[b"X-Forwarded-For: \xe9", b"X-Forwarded-For: 7.7.7.7"], "7.7.7.7"),
        // What a trusted hop wrote last cannot be read: what stands left of it was not written by that hop.
        ("unreadable", &[b"X-Forwarded-For: 6.6.6.6", b"X-Forwarded-For: \xe9"], "127.0.0.1"),
        ("inner-hop", &[b"X-Forwarded-For: 6.6.6.6, \xff, 10.0.0.2"], "10.0.0.2"),
    ];
    for (id, lines, client) in cases {
        assert_eq!(client_of(&server, id, lines).await, client, "{id}");
    }
    assert!(!server.log().contains("http.trusted_proxies"), "a trusted proxy is nothing to be warned of");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_that_is_not_named_is_told_once() {
    for header in [&b"X-Forwarded-For: 7.7.7.7"[..], b"Forwarded: for=7.7.7.7"] {
        let server =
            Server::start_on(Arc::new(TestStore::new(StoreKind::Memory).await), &[("KEYSTEAD_LOG", "debug")]).await;
        client_of(&server, "first", &[]).await;
        assert!(!server.log().contains("http.trusted_proxies"));
        for id in ["second", "third"] {
            assert_eq!(client_of(&server, id, &[header]).await, "127.0.0.1");
        }
        let told: Vec<_> =
            server.log().lines().filter(|line| line.contains("http.trusted_proxies")).map(str::to_owned).collect();
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("WARN") && told[0].contains("127.0.0.1"), "{told:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn doctor_asks_for_the_proxies() {
    let store = TestStore::new(StoreKind::Sqlite).await;
    let finding = |settings: &[(&str, &str)]| {
        let said = keystead(&store, settings, &["doctor", "--json"]);
        let findings: Vec<Value> = serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {said:?}"));
        let found = findings.iter().find(|finding| finding["check"] == "proxies").unwrap().clone();
        (found["state"].as_str().unwrap().to_owned(), found["detail"].as_str().unwrap().to_owned())
    };
    let tls = ("KEYSTEAD_PUBLIC_URL", "https://id.example.org");
    let (state, detail) = finding(&[tls]);
    assert!(state == "look" && detail.contains("KEYSTEAD_HTTP_TRUSTED_PROXIES"), "{detail}");
    assert_eq!(finding(&[]).0, "good");
    assert_eq!(finding(&[tls, ("KEYSTEAD_HTTP_TRUSTED_PROXIES", "10.0.0.0/8")]).0, "good");
    for everybody in ["0.0.0.0/0", "10.0.0.0/8,::/0"] {
        let (state, detail) = finding(&[tls, ("KEYSTEAD_HTTP_TRUSTED_PROXIES", everybody)]);
        assert!(state == "bad" && detail.contains("everybody"), "{detail}");
    }
}
