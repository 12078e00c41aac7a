//! Hashing takes time, and what was true before it need not be true after it: a lock, a password, a session, a role. Each of these
//! tests lets something happen while a password waits for its hash.

use crate::support::{ADMIN_PASSWORD, Figures, Person, Server, StoreKind, TestStore, send};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use tokio::task::JoinHandle;

/// More than lock a network, by far.
const GUESSES: usize = 16;
const WRONG: &str = "not the right password";

/// One thread whose hashes take long, and a queue with room for all.
async fn slow(kind: StoreKind) -> Arc<Server> {
    let settings = [
        ("KEYSTEAD_PASSWORDS_WORKERS", "1"),
        ("KEYSTEAD_PASSWORDS_ARGON2_MEMORY_KIB", "65536"),
        ("KEYSTEAD_PASSWORDS_ARGON2_PASSES", "4"),
    ];
    Arc::new(Server::start_on(Arc::new(TestStore::new(kind).await), &settings).await)
}

/// Sends a request beside this test.
fn beside(
    server: &Arc<Server>,
    method: Method,
    path: &str,
    access: Option<&str>,
    body: Value,
) -> JoinHandle<(StatusCode, Value)> {
    let (server, path, access) = (Arc::clone(server), path.to_owned(), access.map(str::to_owned));
    tokio::spawn(async move { send(&server, method, &path, access.as_deref(), Some(body)).await })
}

async fn wait_for(server: &Server, figure: &str, at_least: f64) {
    while Figures::of(server).await.get(figure) < at_least {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Gives the only thread work for a second or so, which comes before whatever is asked next.
async fn occupy(server: &Arc<Server>) -> Vec<JoinHandle<(StatusCode, Value)>> {
    let tries = (0..6).map(|number| {
        let login = json!({ "login": format!("nobody-{number}"), "password": WRONG });
        beside(server, Method::POST, "/api/v1/sessions", None, login)
    });
    let tries = tries.collect();
    wait_for(server, "keystead_password_queue_depth", 4.0).await;
    tries
}

/// Wrong ones first, all at once, and the right one when they wait for their hashes. Gives the answers, the right one's last.
async fn guess(
    server: &Arc<Server>,
    path: &str,
    access: Option<&str>,
    body: impl Fn(usize) -> Value,
) -> Vec<(StatusCode, Value)> {
    let mut guesses: Vec<_> =
        (0..GUESSES).map(|number| beside(server, Method::POST, path, access, body(number))).collect();
    wait_for(server, "keystead_password_queue_depth", (GUESSES / 2) as f64).await;
    guesses.push(beside(server, Method::POST, path, access, body(GUESSES)));
    let mut answers = Vec::new();
    for guess in guesses {
        answers.push(guess.await.unwrap());
    }
    answers
}

fn phrase(number: usize) -> &'static str {
    if number == GUESSES { "the long phrase of ada" } else { WRONG }
}

async fn a_burst_of_guesses_is_a_few_guesses(kind: StoreKind) {
    let server = slow(kind).await;
    let ada = Person::new(&server, "ada").await;
    let answers =
        guess(&server, "/api/v1/sessions", None, |number| json!({ "login": "ada", "password": phrase(number) })).await;
    assert!(answers.iter().all(|(status, _)| *status == StatusCode::UNAUTHORIZED), "{answers:?}");
    // Neither did the right one lift the lock.
    let login = json!({ "login": "ada", "password": phrase(GUESSES) });
    let (status, body) = send(&server, Method::POST, "/api/v1/sessions", None, Some(login)).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "{body}");
    let told = ada.all(&server, "/api/v1/audit-events?event_type=session.refused").await;
    assert_eq!(told.len(), GUESSES + 2, "{told:?}");
    let locked = told.iter().filter(|event| event["event_data"]["reason"] == "locked").count();
    assert!(locked >= GUESSES - 5, "{locked} of {}: {told:?}", told.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_of_guesses_is_a_few_guesses_on_sqlite() {
    a_burst_of_guesses_is_a_few_guesses(StoreKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_of_guesses_is_a_few_guesses_on_postgres() {
    a_burst_of_guesses_is_a_few_guesses(StoreKind::Postgres).await;
}

async fn a_thief_guesses_no_better_at_once(kind: StoreKind) {
    let server = slow(kind).await;
    let ada = Person::new(&server, "ada").await;
    let chosen = "the thief has chosen this";
    let answers = guess(
        &server,
        "/api/v1/me/password",
        Some(&ada.access),
        |number| json!({ "current_password": phrase(number), "new_password": chosen }),
    )
    .await;
    let (status, body) = &answers[GUESSES];
    assert_eq!((*status, body["code"].as_str()), (StatusCode::FORBIDDEN, Some("locked")), "{answers:?}");
    let wrong = answers.iter().filter(|(_, body)| body["code"] != "locked").count();
    assert!(wrong <= 6, "{wrong} guesses were judged: {answers:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thief_guesses_no_better_at_once_on_sqlite() {
    a_thief_guesses_no_better_at_once(StoreKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thief_guesses_no_better_at_once_on_postgres() {
    a_thief_guesses_no_better_at_once(StoreKind::Postgres).await;
}

/// An administrator of the platform who may do what is wanted.
async fn administrator(server: &Server) -> Person {
    let (admin, second) = (Person::sign_in(server, "admin", ADMIN_PASSWORD).await, "the administrator's second phrase");
    let change = json!({ "current_password": ADMIN_PASSWORD, "new_password": second });
    let (status, body) = send(server, Method::POST, "/api/v1/me/password", Some(&admin.access), Some(change)).await;
    assert_eq!(status, StatusCode::NO_CONTENT, "{body}");
    admin
}

async fn me(server: &Server, person: &Person) -> Value {
    person.get(server, "/api/v1/me").await.1
}

async fn a_reset_comes_out_on_top(kind: StoreKind) {
    let server = slow(kind).await;
    let (admin, ada) = (administrator(&server).await, Person::new(&server, "ada").await);
    let id = me(&server, &ada).await["id"].as_str().unwrap().to_owned();
    let busy = occupy(&server).await;
    let change = json!({ "current_password": "the long phrase of ada", "new_password": "the thief has chosen this" });
    let change = beside(&server, Method::POST, "/api/v1/me/password", Some(&ada.access), change);
    wait_for(&server, "keystead_password_queue_depth", 5.0).await;
    // It has asked for its first hash; the reset's comes before its second.
    let given = "the administrator's choice for her";
    let path = format!("/api/v1/users/{id}/password-reset");
    let reset = send(&server, Method::POST, &path, Some(&admin.access), Some(json!({ "password": given }))).await;
    assert_eq!((reset.0, &reset.1["ended_sessions"]), (StatusCode::OK, &json!(1)), "{}", reset.1);
    let (status, body) = change.await.unwrap();
    assert_eq!(status, StatusCode::UNAUTHORIZED, "{body}");
    let login = json!({ "login": "ada", "password": given });
    let (status, body) = send(&server, Method::POST, "/api/v1/sessions", None, Some(login)).await;
    assert_eq!((status, &body["user"]["must_change_password"]), (StatusCode::OK, &json!(true)), "{body}");
    for task in busy {
        task.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reset_comes_out_on_top_on_sqlite() {
    a_reset_comes_out_on_top(StoreKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reset_comes_out_on_top_on_postgres() {
    a_reset_comes_out_on_top(StoreKind::Postgres).await;
}

/// Somebody else who administers the platform.
async fn colleague(server: &Server, admin: &Person) -> Person {
    let mallory = Person::new(server, "mallory").await;
    let invitation = json!({ "email": "mallory@example.org", "role": "admin" });
    let (status, invited) =
        send(server, Method::POST, "/api/v1/invitations", Some(&admin.access), Some(invitation)).await;
    assert_eq!(status, StatusCode::CREATED, "{invited}");
    let token = json!({ "token": invited["token"] });
    let accepted = send(server, Method::POST, "/api/v1/invitations/accept", Some(&mallory.access), Some(token)).await;
    assert_eq!(accepted.0, StatusCode::OK, "{}", accepted.1);
    let place = json!({ "organization_id": me(server, admin).await["organization_id"] });
    let (status, switched) =
        send(server, Method::POST, "/api/v1/sessions/current/organization", Some(&mallory.access), Some(place)).await;
    assert_eq!(status, StatusCode::OK, "{switched}");
    Person { access: switched["access_token"].as_str().unwrap().to_owned(), ..mallory }
}

async fn who_was_removed_does_nothing_afterwards(kind: StoreKind) {
    let server = slow(kind).await;
    let admin = administrator(&server).await;
    let mallory = colleague(&server, &admin).await;
    Person::new(&server, "ada").await;
    let ada = Person::sign_in(&server, "ada", "the long phrase of ada").await;
    let (ada, platform) = (me(&server, &ada).await, me(&server, &admin).await["organization_id"].clone());
    let mallorys = me(&server, &mallory).await["id"].as_str().unwrap().to_owned();

    let busy = occupy(&server).await;
    let chosen = "mallory has chosen this one";
    let path = format!("/api/v1/users/{}/password-reset", ada["id"].as_str().unwrap());
    let reset = beside(&server, Method::POST, &path, Some(&mallory.access), json!({ "password": chosen }));
    let account = json!({ "username": "back-door", "email": "back-door@example.org", "password": chosen });
    let create = beside(&server, Method::POST, "/api/v1/users", Some(&mallory.access), account);
    wait_for(&server, "keystead_password_queue_depth", 5.0).await;
    let gone = format!("/api/v1/organizations/{}/members/{mallorys}", platform.as_str().unwrap());
    let removed = send(&server, Method::DELETE, &gone, Some(&admin.access), None).await;
    assert_eq!(removed.0, StatusCode::NO_CONTENT, "{}", removed.1);

    for answer in [reset, create] {
        let (status, body) = answer.await.unwrap();
        assert!(matches!(status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN), "{status}: {body}");
    }
    for task in busy {
        task.await.unwrap();
    }
    Person::sign_in(&server, "ada", "the long phrase of ada").await;
    assert!(admin.all(&server, "/api/v1/users?search=back-door").await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_removed_does_nothing_afterwards_on_sqlite() {
    who_was_removed_does_nothing_afterwards(StoreKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_removed_does_nothing_afterwards_on_postgres() {
    who_was_removed_does_nothing_afterwards(StoreKind::Postgres).await;
}
