//! An unknown login, a wrong password and an account that is locked or disabled look the same: the answer to the byte, and the work.

use crate::support::{ADMIN_PASSWORD, Figures, Person, Server, StoreKind, TestStore, send};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc};

const NEW_ADMIN_PASSWORD: &str = "the administrator's second phrase";

/// What a client can see of an answer, except when it came.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    status: StatusCode,
    headers: BTreeMap<String, Vec<u8>>,
    body: Vec<u8>,
}

async fn refused(server: &Server, login: &str, password: &str) -> Seen {
    let request = server
        .http
        .post(format!("{}/api/v1/sessions", server.base))
        .header("X-Request-ID", "the-same")
        .json(&json!({ "login": login, "password": password }));
    let answer = request.send().await.unwrap();
    let headers = answer.headers().iter().filter(|(name, _)| name.as_str() != "date");
    let headers = headers.map(|(name, value)| (name.to_string(), value.as_bytes().to_vec())).collect();
    Seen { status: answer.status(), headers, body: answer.bytes().await.unwrap().to_vec() }
}

/// How many hashes and how many statements a refusal takes: the least of a few tries, since the server has work of its own, too.
async fn work(server: &Server, login: &str, password: &str) -> (u64, u64) {
    let mut least = (u64::MAX, u64::MAX);
    for _ in 0..4 {
        let before = Figures::of(server).await;
        assert_eq!(refused(server, login, password).await.status, StatusCode::UNAUTHORIZED);
        let after = Figures::of(server).await;
        let done = |name| (after.get(name) - before.get(name)) as u64;
        let hashes = done("keystead_password_hash_seconds_count");
        least = (least.0.min(hashes), least.1.min(done("keystead_store_statement_seconds_count")));
    }
    least
}

async fn administrator(server: &Server) -> Person {
    let admin = Person::sign_in(server, "admin", ADMIN_PASSWORD).await;
    let change = json!({ "current_password": ADMIN_PASSWORD, "new_password": NEW_ADMIN_PASSWORD });
    let (status, body) = send(server, Method::POST, "/api/v1/me/password", Some(&admin.access), Some(change)).await;
    assert_eq!(status, StatusCode::NO_CONTENT, "{body}");
    Person::sign_in(server, "admin", NEW_ADMIN_PASSWORD).await
}

async fn id_of(server: &Server, person: &Person) -> String {
    person.get(server, "/api/v1/me").await.1["id"].as_str().unwrap().to_owned()
}

async fn failures_look_the_same(kind: StoreKind) {
    // No job runs beside, and each account is locked at its sixth wrong password.
    let settings = [("KEYSTEAD_JOBS_WORKERS", "0"), ("KEYSTEAD_LOCKOUT_NETWORK_ATTEMPTS", "6")];
    let server = Server::start_on(Arc::new(TestStore::new(kind).await), &settings).await;
    let admin = administrator(&server).await;
    for name in ["ada", "eve", "grace"] {
        Person::new(&server, name).await;
    }
    let (ada, grace) = (
        Person::sign_in(&server, "ada", "the long phrase of ada").await,
        Person::sign_in(&server, "grace", "the long phrase of grace").await,
    );
    for _ in 0..6 {
        refused(&server, "eve", "not the right password").await;
    }
    let disable = format!("/api/v1/users/{}/disable", id_of(&server, &grace).await);
    assert_eq!(send(&server, Method::POST, &disable, Some(&admin.access), None).await.0, StatusCode::OK);

    let cases = [
        ("unknown", "nobody", "not the right password"),
        ("wrong password", "ada", "not the right password"),
        ("locked, right password", "eve", "the long phrase of eve"),
        ("locked, wrong password", "eve", "not the right password"),
        ("disabled, right password", "grace", "the long phrase of grace"),
    ];
    let expected = refused(&server, cases[0].1, cases[0].2).await;
    assert_eq!(expected.status, StatusCode::UNAUTHORIZED);
    assert_eq!(serde_json::from_slice::<Value>(&expected.body).unwrap()["code"], "wrong_credentials");
    for (case, login, password) in cases {
        assert_eq!(refused(&server, login, password).await, expected, "{case}");
    }
    // Fewer tries than lock ada.
    let expected = work(&server, cases[0].1, cases[0].2).await;
    assert_eq!(expected.0, 1, "one hash for somebody who does not exist");
    for (case, login, password) in cases {
        assert_eq!(work(&server, login, password).await, expected, "hashes and statements: {case}");
    }
    who_sees_them(&server, &admin, &ada).await;
}

/// The person sees what was tried with their account. What was tried with none, only the platform sees.
async fn who_sees_them(server: &Server, admin: &Person, ada: &Person) {
    let refusals = async |person: &Person| person.all(server, "/api/v1/audit-events?event_type=session.refused").await;
    let reasons = |events: &[Value]| {
        let mut reasons: Vec<_> =
            events.iter().map(|event| event["event_data"]["reason"].as_str().unwrap().to_owned()).collect();
        reasons.sort();
        reasons.dedup();
        reasons
    };
    let (hers, platforms) = (refusals(ada).await, refusals(admin).await);
    assert_eq!(reasons(&hers), ["wrong_password"], "{hers:?}");
    assert!(reasons(&platforms).contains(&"unknown_login".to_owned()), "{platforms:?}");
    let me = id_of(server, ada).await;
    assert!(hers.iter().all(|event| event["subject_user_id"] == me && event["outcome"] == "failure"), "{hers:?}");
    // Neither has the password or the login that was tried.
    let told = serde_json::to_string(&(hers, platforms)).unwrap();
    assert!(!told.contains("not the right password") && !told.contains("nobody"), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sign_in_failures_look_the_same_on_sqlite() {
    failures_look_the_same(StoreKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sign_in_failures_look_the_same_on_postgres() {
    failures_look_the_same(StoreKind::Postgres).await;
}
