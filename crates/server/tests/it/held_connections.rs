//! Connections that do nothing are closed, and nobody holds them all.

use crate::support::{Server, StoreKind, TestStore};
use reqwest::StatusCode;
use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

const HTTP2: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
/// Far beyond the second that the tests set, far below what would hold without it.
const SOON: Duration = Duration::from_secs(8);

async fn server_with(settings: &[(&str, &str)]) -> Server {
    Server::start_on(Arc::new(TestStore::new(StoreKind::Memory).await), settings).await
}

/// A connection from this address of the loopback network.
async fn connect_from(server: &Server, address: [u8; 4]) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from((address, 0))).unwrap();
    socket.connect(server.base.trim_start_matches("http://").parse().unwrap()).await.unwrap()
}

/// Whether the server closes it soon. What it says before that is thrown away.
async fn is_closed(client: &mut TcpStream, within: Duration) -> bool {
    let mut said = [0; 4096];
    let closed = async { while client.read(&mut said).await.is_ok_and(|read| read > 0) {} };
    tokio::time::timeout(within, closed).await.is_ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_without_a_request_are_closed() {
    let server = server_with(&[("KEYSTEAD_HTTP_IDLE_SECONDS", "1")]).await;
    let kinds: [(&str, &[u8]); 6] = [
        ("nothing", b""),
        ("a part of HTTP/2's preface", b"PRI * HTTP/2"),
        ("HTTP/2 without a stream", HTTP2),
        ("half a head", b"GET / HTTP/1.1\r\nHo"),
        ("one request", b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("a request and half a head", b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHo"),
    ];
    let mut held = Vec::new();
    for (kind, first) in kinds {
        let mut client = connect_from(&server, [127, 0, 0, 1]).await;
        client.write_all(first).await.unwrap();
        held.push((kind, client));
    }
    let begun = Instant::now();
    for (kind, mut client) in held {
        assert!(is_closed(&mut client, SOON.saturating_sub(begun.elapsed())).await, "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_comes_byte_by_byte_wins_no_time() {
    let server = server_with(&[("KEYSTEAD_HTTP_IDLE_SECONDS", "1")]).await;
    // HTTP/2's pings are answered, and win no time either.
    let ping = [&[0, 0, 8, 6, 0, 0, 0, 0, 0][..], &[7; 8]].concat();
    for (first, again) in [(&b"GET / HTTP/1.1\r\nX: "[..], b"x".to_vec()), (HTTP2, ping)] {
        let mut client = connect_from(&server, [127, 0, 0, 1]).await;
        client.write_all(first).await.unwrap();
        let (mut said, mut tell) = client.into_split();
        let telling = tokio::spawn(async move {
            while tell.write_all(&again).await.is_ok() {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        });
        let mut answers = [0; 4096];
        let closed = async { while said.read(&mut answers).await.is_ok_and(|read| read > 0) {} };
        assert!(tokio::time::timeout(SOON, closed).await.is_ok());
        telling.abort();
    }
}

/// The limit is for those who do nothing: work and bodies may take longer, and answers begin the time anew.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_under_way_keep_their_connection() {
    let server = server_with(&[("KEYSTEAD_HTTP_IDLE_SECONDS", "1")]).await;
    let mut client = connect_from(&server, [127, 0, 0, 1]).await;
    let begun = Instant::now();
    for round in 0..3 {
        let body = r#"{"login":"nobody","password":"a phrase of some length"}"#;
        let head = format!(
            "POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let (early, late) = body.split_at(10);
        client.write_all(format!("{head}{early}").as_bytes()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(1500)).await;
        client.write_all(late.as_bytes()).await.unwrap();
        let mut answer = [0; 4096];
        let read = client.read(&mut answer).await.unwrap();
        assert!(answer.starts_with(b"HTTP/1.1 401"), "{round}: {}", String::from_utf8_lossy(&answer[..read]));
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    assert!(begun.elapsed() > Duration::from_secs(5));
    assert!(is_closed(&mut client, SOON).await);
}

async fn is_served(server: &Server, address: [u8; 4]) -> bool {
    let http =
        reqwest::Client::builder().local_address(Some(address.into())).timeout(Duration::from_secs(2)).build().unwrap();
    let answer = http.get(format!("{}/health/live", server.base)).send().await;
    answer.is_ok_and(|answer| answer.status() == StatusCode::OK)
}

fn count(server: &Server, words: &str) -> usize {
    server.log().lines().filter(|line| line.contains(words)).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_does_not_take_every_place() {
    // The places that the test's own waiting for the server took are given back soon.
    let settings = [
        ("KEYSTEAD_HTTP_MAX_CONNECTIONS", "12"),
        ("KEYSTEAD_HTTP_MAX_CONNECTIONS_PER_ADDRESS", "4"),
        ("KEYSTEAD_HTTP_IDLE_SECONDS", "60"),
    ];
    let server = server_with(&settings).await;
    let (one, two, three, four) = ([127, 0, 0, 2], [127, 0, 0, 3], [127, 0, 0, 4], [127, 0, 0, 5]);
    let hold = async |address| {
        let mut held = Vec::new();
        for _ in 0..4 {
            held.push(connect_from(&server, address).await);
        }
        for client in &mut held {
            assert!(!is_closed(client, Duration::from_millis(50)).await);
        }
        held
    };
    let mut first = hold(one).await;
    for _ in 0..20 {
        let mut more = connect_from(&server, one).await;
        assert!(is_closed(&mut more, SOON).await, "one address has its share");
    }
    assert!(!is_served(&server, one).await);
    assert!(is_served(&server, [127, 0, 0, 6]).await && is_served(&server, [127, 0, 0, 7]).await);
    assert_eq!(count(&server, "127.0.0.2"), 1, "{}", server.log());

    // With the test's own connection, eleven more than one address may have are there: the next ones wait.
    let _second = hold(two).await;
    let mut third = connect_from(&server, three).await;
    let mut rest = Vec::new();
    for _ in 0..3 {
        rest.push(connect_from(&server, three).await);
    }
    assert!(!is_closed(&mut third, Duration::from_millis(100)).await);
    assert!(!is_served(&server, four).await, "{}", server.log());
    assert_eq!(count(&server, "every place"), 1, "{}", server.log());
    // Who leaves makes room.
    drop(rest);
    first.pop();
    assert!(is_served(&server, four).await, "{}", server.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trusted_proxies_have_all_places() {
    let settings = [
        ("KEYSTEAD_HTTP_MAX_CONNECTIONS", "16"),
        ("KEYSTEAD_HTTP_TRUSTED_PROXIES", "127.0.0.9"),
        ("KEYSTEAD_HTTP_IDLE_SECONDS", "60"),
    ];
    let server = server_with(&settings).await;
    let mut held = Vec::new();
    for _ in 0..12 {
        held.push(connect_from(&server, [127, 0, 0, 9]).await);
    }
    for client in &mut held {
        assert!(!is_closed(client, Duration::from_millis(20)).await);
    }
    assert!(is_served(&server, [127, 0, 0, 2]).await);
}
