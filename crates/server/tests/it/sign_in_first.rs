//! The first administrator must change the password before anything else, whatever is asked for.

use crate::support::{ADMIN_PASSWORD, Person, Server, StoreKind, send};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// What is allowed before: to see oneself, to change the password, to sign out.
const ALLOWED: [&str; 3] = ["get_me", "change_password", "sign_out"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_else_is_allowed_before_the_first_password_is_changed() {
    let server = Server::start(StoreKind::Sqlite).await;
    let admin = Person::sign_in(&server, "admin", ADMIN_PASSWORD).await;
    let document: Value =
        server.http.get(format!("{}/openapi.json", server.base)).send().await.unwrap().json().await.unwrap();
    let mut asked = 0;
    for (template, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap();
            // Those that say something of security need nobody to be signed in.
            if !operation["security"].is_null() || ALLOWED.contains(&name) {
                continue;
            }
            let path: String = template
                .split('/')
                .map(|part| if part.starts_with('{') { "00000000-0000-7000-8000-000000000001" } else { part })
                .collect::<Vec<_>>()
                .join("/");
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let (status, problem) = send(&server, method, &path, Some(&admin.access), None).await;
            assert_eq!(
                (status, problem["code"].as_str()),
                (StatusCode::FORBIDDEN, Some("password_change_required")),
                "{name}"
            );
            assert!(problem["detail"].as_str().unwrap().contains("/api/v1/me/password"), "{name}: {problem}");
            asked += 1;
        }
    }
    assert!(asked > 50, "only {asked} operations were asked for");

    let (status, me) = admin.get(&server, "/api/v1/me").await;
    assert_eq!((status, &me["must_change_password"]), (StatusCode::OK, &true.into()));
    let change = json!({ "current_password": ADMIN_PASSWORD, "new_password": "the administrator's second phrase" });
    let (status, body) = send(&server, Method::POST, "/api/v1/me/password", Some(&admin.access), Some(change)).await;
    assert_eq!(status, StatusCode::NO_CONTENT, "{body}");
    let admin = Person::sign_in(&server, "admin", "the administrator's second phrase").await;
    assert_eq!(admin.get(&server, "/api/v1/users").await.0, StatusCode::OK);
}
