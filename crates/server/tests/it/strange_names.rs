//! Names and addresses whose letters change when they are mapped: they are refused, or read back as they were kept.

use crate::support::{ADMIN_PASSWORD, Person, Server, StoreKind, send};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const PASSWORD: &str = "a phrase with odd letters beside it";

async fn register(server: &Server, username: &str, email: &str) -> (StatusCode, Value) {
    let account = json!({ "username": username, "email": email, "password": PASSWORD });
    send(server, Method::POST, "/api/v1/accounts", None, Some(account)).await
}

async fn no_list_becomes_unreadable(kind: StoreKind) {
    let server = Server::start(kind).await;
    let grown = format!("grown@{}.example", "\u{23a}".repeat(31));
    for (username, email) in
        [("dotted", "x@\u{130}.example"), ("grown", grown.as_str()), ("wide", "ｗide@ｅxample。org")]
    {
        let (status, body) = register(&server, username, email).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        // Each is found by what was typed and by what was kept.
        for login in [email, body["user"]["email"].as_str().or(body["email"].as_str()).unwrap(), username] {
            Person::sign_in(&server, login, PASSWORD).await;
        }
    }
    let (status, body) = register(&server, "other", "WIDE@example.org").await;
    assert_eq!((status, body["code"].as_str()), (StatusCode::CONFLICT, Some("email_taken")));
    for username in ["\u{391}\u{345}", "p\u{430}ypal"] {
        let (status, body) = register(&server, username, "refused@example.org").await;
        assert_eq!(
            (status, body["errors"][0]["field"].as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, Some("username")),
            "{body}"
        );
    }

    let admin = Person::sign_in(&server, "admin", ADMIN_PASSWORD).await;
    let change = json!({ "current_password": ADMIN_PASSWORD, "new_password": PASSWORD });
    let (status, body) = send(&server, Method::POST, "/api/v1/me/password", Some(&admin.access), Some(change)).await;
    assert!(status.is_success(), "{body}");
    let admin = Person::sign_in(&server, "admin", PASSWORD).await;
    for email in ["x@\u{130}.example", &grown] {
        let invitation = json!({ "email": email, "role": "user" });
        let (status, body) =
            send(&server, Method::POST, "/api/v1/invitations", Some(&admin.access), Some(invitation)).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
    }
    assert_eq!(admin.all(&server, "/api/v1/users").await.len(), 4);
    assert_eq!(admin.all(&server, "/api/v1/invitations").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_list_becomes_unreadable_on_sqlite() {
    no_list_becomes_unreadable(StoreKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_list_becomes_unreadable_on_postgres() {
    no_list_becomes_unreadable(StoreKind::Postgres).await;
}
