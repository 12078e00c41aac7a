//! More sign-ins at once than can be hashed: some are told to come back, and nobody else notices.

use crate::support::{Figures, Person, Server, StoreKind, TestStore};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

const FLOOD: usize = 80;
const QUEUE: usize = 4;
/// One hash of the settings below.
const BLOCK: f64 = 65_536.0 * 1024.0;

struct Answer {
    status: StatusCode,
    retry_after: Option<u32>,
    content_type: String,
    body: Value,
}

async fn sign_in(server: &Server) -> Answer {
    let login = json!({ "login": "ada", "password": "not the right password" });
    let answer = server.http.post(format!("{}/api/v1/sessions", server.base)).json(&login).send().await.unwrap();
    let header = |name| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    Answer {
        status: answer.status(),
        retry_after: header("retry-after").map(|seconds| seconds.parse().unwrap()),
        content_type: header("content-type").unwrap(),
        body: answer.json().await.unwrap(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_is_told_to_come_back_and_the_others_are_served() {
    // One thread whose hashes take long, and a short queue before it.
    let settings = [
        ("KEYSTEAD_PASSWORDS_WORKERS", "1"),
        ("KEYSTEAD_PASSWORDS_QUEUE", "4"),
        ("KEYSTEAD_PASSWORDS_ARGON2_MEMORY_KIB", "65536"),
        ("KEYSTEAD_PASSWORDS_ARGON2_PASSES", "8"),
        ("KEYSTEAD_LOCKOUT_NETWORK_ATTEMPTS", "1000"),
    ];
    let server = Arc::new(Server::start_on(Arc::new(TestStore::new(StoreKind::Sqlite).await), &settings).await);
    let ada = Person::new(&server, "ada").await;

    let hashed = Arc::new(AtomicUsize::new(0));
    let flood: Vec<_> = (0..FLOOD)
        .map(|_| {
            let (server, hashed) = (Arc::clone(&server), Arc::clone(&hashed));
            tokio::spawn(async move {
                let answer = sign_in(&server).await;
                if answer.status != StatusCode::SERVICE_UNAVAILABLE {
                    hashed.fetch_add(1, Ordering::SeqCst);
                }
                answer
            })
        })
        .collect();

    // Everybody else goes on while the thread is busy and the queue is full.
    let (mut looks, mut deepest) = (0, 0.0_f64);
    while looks < 10 {
        let figures = Figures::of(&server).await;
        deepest = deepest.max(figures.get("keystead_password_queue_depth"));
        assert!(figures.get("keystead_password_queue_depth") <= QUEUE as f64);
        assert!(figures.get("keystead_password_hashing_now") <= 1.0);
        assert!(figures.get("keystead_password_memory_bytes") <= BLOCK, "one block for one thread");
        if figures.get("keystead_password_queue_depth") < QUEUE as f64 {
            assert!(hashed.load(Ordering::SeqCst) < FLOOD, "the flood is over and the queue never was full");
            tokio::time::sleep(Duration::from_millis(1)).await;
            continue;
        }
        looks += 1;
        let before = hashed.load(Ordering::SeqCst);
        let (status, me) = ada.get(&server, "/api/v1/me").await;
        assert_eq!((status, me["username"].as_str()), (StatusCode::OK, Some("ada")));
        let live = server.http.get(format!("{}/health/live", server.base)).send().await.unwrap();
        assert_eq!(live.status(), StatusCode::OK);
        // Not one hash of those that waited before them was waited for, give or take the one that was running.
        assert!(hashed.load(Ordering::SeqCst) <= before + 1);
        if hashed.load(Ordering::SeqCst) > 0 {
            break;
        }
    }
    assert!(looks > 0 && deepest == QUEUE as f64);

    let (mut refused, mut served) = (0_u32, 0_u32);
    for task in flood {
        let answer = task.await.unwrap();
        assert!(answer.content_type.starts_with("application/problem+json"), "{}", answer.content_type);
        match answer.status {
            StatusCode::UNAUTHORIZED => served += 1,
            StatusCode::SERVICE_UNAVAILABLE => {
                refused += 1;
                assert!((1..=60).contains(&answer.retry_after.unwrap()));
                assert_eq!(answer.body["status"], 503);
                assert!(answer.body["code"].is_string() && answer.body["detail"].is_string(), "{}", answer.body);
            }
            other => panic!("{other}: {}", answer.body),
        }
    }
    // What is running and what waits is served, and whatever comes while that goes on.
    assert!(served as usize > QUEUE && refused > 0, "{served} served, {refused} refused");
    let figures = Figures::of(&server).await;
    assert_eq!(figures.get("keystead_password_refused_total"), f64::from(refused));
    assert_eq!(figures.get("keystead_password_queue_depth"), 0.0);
    assert_eq!(figures.sum("keystead_http_requests_total", "status=\"503\""), f64::from(refused));
}

/// Signs in as it comes through a trusted proxy.
async fn sign_in_from(server: &Server, address: &str, login: &str, password: &str) -> StatusCode {
    let request = server.http.post(format!("{}/api/v1/sessions", server.base)).header("X-Forwarded-For", address);
    request.json(&json!({ "login": login, "password": password })).send().await.unwrap().status()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_from_one_network_leaves_the_others_their_share() {
    let settings = [
        ("KEYSTEAD_HTTP_TRUSTED_PROXIES", "127.0.0.1"),
        ("KEYSTEAD_PASSWORDS_WORKERS", "1"),
        ("KEYSTEAD_PASSWORDS_QUEUE", "4"),
        ("KEYSTEAD_PASSWORDS_ARGON2_MEMORY_KIB", "65536"),
        ("KEYSTEAD_PASSWORDS_ARGON2_PASSES", "2"),
    ];
    let server = Arc::new(Server::start_on(Arc::new(TestStore::new(StoreKind::Sqlite).await), &settings).await);
    Person::new(&server, "ada").await;
    let over = Arc::new(AtomicUsize::new(0));
    let flood: Vec<_> = (0..16)
        .map(|client| {
            let (server, over) = (Arc::clone(&server), Arc::clone(&over));
            tokio::spawn(async move {
                let (address, mut refused) = (format!("203.0.113.{client}"), 0);
                while over.load(Ordering::SeqCst) == 0 {
                    let login = format!("nobody-{client}");
                    let answer = sign_in_from(&server, &address, &login, "not the right password").await;
                    refused += usize::from(answer == StatusCode::SERVICE_UNAVAILABLE);
                    // A client that is told to come back does not spin.
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                refused
            })
        })
        .collect();
    while Figures::of(&server).await.get("keystead_password_refused_total") < 20.0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    for number in 0..8 {
        let address = format!("198.51.{number}.7");
        assert_eq!(sign_in_from(&server, &address, "ada", "the long phrase of ada").await, StatusCode::OK);
    }
    over.store(1, Ordering::SeqCst);
    let mut refused = 0;
    for task in flood {
        refused += task.await.unwrap();
    }
    assert!(refused > 20, "{refused}");
}
