//! The life of a session, seen by its client: what a lost reply costs, when it ends, and that no token outlives it.

use crate::support::{Person, Server, StoreKind, TestStore, send};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};

async fn sign_in(server: &Server, name: &str) -> Value {
    let login = json!({ "login": name, "password": format!("the long phrase of {name}") });
    let (status, body) = send(server, Method::POST, "/api/v1/sessions", None, Some(login)).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    body
}

async fn refresh(server: &Server, token: &Value) -> (StatusCode, Value) {
    let body = json!({ "refresh_token": token });
    send(server, Method::POST, "/api/v1/sessions/refresh", None, Some(body)).await
}

async fn me(server: &Server, token: &Value) -> StatusCode {
    send(server, Method::GET, "/api/v1/me", token.as_str(), None).await.0
}

/// The claims of an access token, without looking at its signature.
fn claims(token: &Value) -> Value {
    let payload = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

async fn no_token_outlives_its_session(kind: StoreKind) {
    let settings = [("KEYSTEAD_SESSIONS_ABSOLUTE_SECONDS", "60"), ("KEYSTEAD_SESSIONS_IDLE_SECONDS", "60")];
    let server = Server::start_on(Arc::new(TestStore::new(kind).await), &settings).await;
    Person::new(&server, "ada").await;
    let signed_in = sign_in(&server, "ada").await;
    let first = claims(&signed_in["access_token"]);
    let end = first["iat"].as_i64().unwrap() + 60;
    assert!((59..=60).contains(&signed_in["expires_in"].as_i64().unwrap()), "{signed_in}");
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    let (status, refreshed) = refresh(&server, &signed_in["refresh_token"]).await;
    assert_eq!(status, StatusCode::OK, "{refreshed}");
    let place = json!({ "organization_id": first["org"] });
    let token = refreshed["access_token"].as_str();
    let (status, switched) =
        send(&server, Method::POST, "/api/v1/sessions/current/organization", token, Some(place)).await;
    assert_eq!(status, StatusCode::OK, "{switched}");
    for later in [&refreshed, &switched] {
        let claims = claims(&later["access_token"]);
        assert!(claims["exp"].as_i64().unwrap() <= end, "{claims} ends after {end}");
        assert!(later["expires_in"].as_i64().unwrap() <= 58, "{later}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_token_outlives_its_session_on_sqlite() {
    no_token_outlives_its_session(StoreKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_token_outlives_its_session_on_postgres() {
    no_token_outlives_its_session(StoreKind::Postgres).await;
}

async fn grace_is_short_and_audited(kind: StoreKind) {
    let settings = [("KEYSTEAD_TOKENS_REFRESH_GRACE_SECONDS", "2")];
    let server = Server::start_on(Arc::new(TestStore::new(kind).await), &settings).await;
    let ada = Person::new(&server, "ada").await;
    let told = async |kind: &str| ada.all(&server, &format!("/api/v1/audit-events?event_type={kind}")).await;

    // Within the grace the immediate predecessor gets the same successor, and that is recorded.
    let first = sign_in(&server, "ada").await;
    let second = refresh(&server, &first["refresh_token"]).await.1;
    let (status, again) = refresh(&server, &first["refresh_token"]).await;
    assert_eq!((status, &again["refresh_token"]), (StatusCode::OK, &second["refresh_token"]));
    assert_eq!(me(&server, &again["access_token"]).await, StatusCode::OK);
    assert_eq!(told("session.refresh_repeated").await.len(), 1);
    // Once the successor is used, the predecessor is old, however little time has passed: the session ends at once.
    let third = refresh(&server, &second["refresh_token"]).await.1;
    let (status, problem) = refresh(&server, &first["refresh_token"]).await;
    assert_eq!((status, problem["code"].as_str()), (StatusCode::UNAUTHORIZED, Some("refresh_token_replayed")));
    for token in [&second, &third] {
        assert_eq!(me(&server, &token["access_token"]).await, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(refresh(&server, &third["refresh_token"]).await.0, StatusCode::UNAUTHORIZED);

    // A token of the ended session is nothing any more; that it was shown is recorded.
    let refused = told("session.refresh_refused").await;
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert_eq!(
        (&refused[0]["event_data"]["reason"], &refused[0]["severity"]),
        (&json!("refresh_token_replayed"), &json!("warning"))
    );

    // After the grace it is a replay, too.
    let first = sign_in(&server, "ada").await;
    let second = refresh(&server, &first["refresh_token"]).await.1;
    tokio::time::sleep(Duration::from_millis(2_300)).await;
    let (status, problem) = refresh(&server, &first["refresh_token"]).await;
    assert_eq!((status, problem["code"].as_str()), (StatusCode::UNAUTHORIZED, Some("refresh_token_replayed")));
    assert_eq!(me(&server, &second["access_token"]).await, StatusCode::UNAUTHORIZED);
    let replays = told("session.refresh_replayed").await;
    assert_eq!(replays.len(), 2);
    assert!(replays.iter().all(|event| event["severity"] == "critical" && event["outcome"] == "denied"), "{replays:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn grace_is_short_and_audited_on_sqlite() {
    grace_is_short_and_audited(StoreKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn grace_is_short_and_audited_on_postgres() {
    grace_is_short_and_audited(StoreKind::Postgres).await;
}

async fn sessions_of(server: &Server, token: &Value) -> Vec<String> {
    let (status, page) = send(server, Method::GET, "/api/v1/sessions", token.as_str(), None).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    page["items"].as_array().unwrap().iter().map(|session| session["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_are_listed_and_ended_one_by_one_or_all_others() {
    let server = Server::start(StoreKind::Sqlite).await;
    Person::new(&server, "ada").await;
    let grace = Person::new(&server, "grace").await;
    let mut devices = Vec::new();
    for _ in 0..3 {
        devices.push(sign_in(&server, "ada").await);
    }
    let [here, there, away] = devices.as_slice() else { unreachable!() };
    let token = &here["access_token"];
    assert_eq!(sessions_of(&server, token).await.len(), 4, "with that of the registration's sign-in");

    let one = format!("/api/v1/sessions/{}", there["session"]["id"].as_str().unwrap());
    // Nobody ends another person's session, and learns nothing of it.
    assert_eq!(send(&server, Method::DELETE, &one, Some(&grace.access), None).await.0, StatusCode::NOT_FOUND);
    assert_eq!(me(&server, &there["access_token"]).await, StatusCode::OK);
    assert_eq!(send(&server, Method::DELETE, &one, token.as_str(), None).await.0, StatusCode::NO_CONTENT);
    assert_eq!(me(&server, &there["access_token"]).await, StatusCode::UNAUTHORIZED);
    assert_eq!(refresh(&server, &there["refresh_token"]).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(me(&server, &away["access_token"]).await, StatusCode::OK);

    assert_eq!(
        send(&server, Method::DELETE, "/api/v1/sessions/others", token.as_str(), None).await.0,
        StatusCode::NO_CONTENT
    );
    assert_eq!(me(&server, &away["access_token"]).await, StatusCode::UNAUTHORIZED);
    assert_eq!(sessions_of(&server, token).await, [here["session"]["id"].as_str().unwrap()]);
    assert_eq!(
        send(&server, Method::DELETE, "/api/v1/sessions/current", token.as_str(), None).await.0,
        StatusCode::NO_CONTENT
    );
    assert_eq!(me(&server, token).await, StatusCode::UNAUTHORIZED);
}
