//! The edge with a real server behind it: versions, sizes, other origins, time that runs out.

use crate::support::{ADMIN_PASSWORD, Person, Server, StoreKind, TestStore, send};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::{collections::BTreeSet, sync::Arc, time::Duration};

async fn with_version(
    server: &Server,
    person: &Person,
    method: &Method,
    path: &str,
    tag: Option<&str>,
    body: &Value,
) -> (StatusCode, Value) {
    let mut request = server.http.request(method.clone(), format!("{}{path}", server.base)).bearer_auth(&person.access);
    if let Some(tag) = tag {
        request = request.header("If-Match", tag);
    }
    if *method != Method::DELETE {
        request = request.json(body);
    }
    let answer = request.send().await.unwrap();
    let status = answer.status();
    (status, answer.json().await.unwrap_or_default())
}

/// What has a version, and a change of it: name of the operation, method, path, body.
async fn versioned(server: &Server, admin: &Person) -> Vec<(&'static str, Method, String, Value)> {
    let post = async |path: &str, body: Value| {
        let (status, made) = send(server, Method::POST, path, Some(&admin.access), Some(body)).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        format!("{path}/{}", made["id"].as_str().unwrap())
    };
    let me = admin.get(server, "/api/v1/me").await.1;
    let home = format!("/api/v1/organizations/{}", me["organization_id"].as_str().unwrap());
    let member = format!("{home}/members/{}", me["id"].as_str().unwrap());
    let team = post("/api/v1/teams", json!({ "name": "Analysts" })).await;
    let role = post("/api/v1/roles", json!({ "name": "analysts" })).await;
    let user = post("/api/v1/users", json!({ "username": "eve", "email": "eve@example.org" })).await;
    let organization = post("/api/v1/organizations", json!({ "name": "Engines" })).await;
    let invitation = post("/api/v1/invitations", json!({ "email": "bob@example.org" })).await;
    let rule = async |value: &str| {
        let rules = json!({ "rules": [{ "ptype": "p", "values": [value, "*", "document:*", "read"] }] });
        let (status, made) = send(server, Method::POST, "/api/v1/access/rules", Some(&admin.access), Some(rules)).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        format!("/api/v1/access/rules/{}", made["ids"][0].as_str().unwrap())
    };
    let (rule, entity) = (rule("eve").await, "/api/v1/access/entities/document/d1".to_owned());
    let entities = json!({ "entities": [{ "type": "document", "id": "d1" }] });
    let (status, made) =
        send(server, Method::PUT, "/api/v1/access/entities", Some(&admin.access), Some(entities)).await;
    assert_eq!(status, StatusCode::OK, "{made}");
    let (model, text) = ("/api/v1/access/model".to_owned(), admin.get(server, "/api/v1/access/model").await.1);
    let (patch, put, delete) = (Method::PATCH, Method::PUT, Method::DELETE);
    let mut cases = of_the_catalogue(server, admin).await;
    cases.extend(of_levels(server, admin).await);
    let account =
        post("/api/v1/service-accounts", json!({ "name": "robot", "scopes": ["teams:read:organization"] })).await;
    cases.push(("update_service_account", patch.clone(), account.clone(), json!({ "description": "It reads." })));
    cases.push(("delete_service_account", delete.clone(), account, Value::Null));
    cases.extend([
        ("update_me", patch.clone(), "/api/v1/me".to_owned(), json!({ "first_name": "Ada" })),
        ("update_user", patch.clone(), user, json!({ "first_name": "Eve" })),
        ("update_team", patch.clone(), team.clone(), json!({ "name": "Weavers" })),
        ("delete_team", delete.clone(), team, Value::Null),
        ("update_role", patch.clone(), role.clone(), json!({ "description": "They analyse." })),
        ("set_role_permissions", put.clone(), format!("{role}/permissions"), json!({ "permissions": [] })),
        ("delete_role", delete.clone(), role, Value::Null),
        ("update_organization", patch.clone(), organization.clone(), json!({ "name": "Looms" })),
        ("archive_organization", delete.clone(), organization, Value::Null),
        ("update_rule", patch.clone(), rule.clone(), json!({ "is_active": false })),
        ("delete_rule", delete.clone(), rule, Value::Null),
        ("delete_entity", delete.clone(), entity, Value::Null),
        ("put_policy_model", put.clone(), model.clone(), json!({ "text": text["text"] })),
        ("delete_policy_model", delete.clone(), model, Value::Null),
        ("update_member", patch, member.clone(), json!({ "status": "active" })),
        ("set_member_roles", put, format!("{member}/roles"), json!({ "roles": ["admin"] })),
        ("revoke_invitation", delete, invitation, Value::Null),
    ]);
    cases
}

/// Makes a thing with this body; its path.
async fn made(server: &Server, admin: &Person, path: &str, body: Value) -> String {
    let (status, made) = send(server, Method::POST, path, Some(&admin.access), Some(body)).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    format!("{path}/{}", made["id"].as_str().unwrap())
}

async fn of_the_catalogue(server: &Server, admin: &Person) -> Vec<(&'static str, Method, String, Value)> {
    let item =
        async |kind: &str| made(server, admin, &format!("/api/v1/{kind}"), json!({ "key": "k", "name": "K" })).await;
    let (view, module, feature, menu) =
        (item("views").await, item("modules").await, item("features").await, item("menu-items").await);
    let under = json!({ "key": "k", "name": "K", "menu_item_id": menu.rsplit('/').next() });
    let sub_menu = made(server, admin, "/api/v1/sub-menu-items", under).await;
    let (patch, put, delete, off) = (Method::PATCH, Method::PUT, Method::DELETE, json!({ "is_active": false }));
    let (no_views, no_features) = (json!({ "views": [] }), json!({ "features": [] }));
    vec![
        ("set_module_views", put.clone(), format!("{module}/views"), no_views.clone()),
        ("set_module_features", put.clone(), format!("{module}/features"), no_features),
        ("set_feature_views", put, format!("{feature}/views"), no_views),
        ("update_view", patch.clone(), view.clone(), off.clone()),
        ("delete_view", delete.clone(), view, Value::Null),
        ("update_module", patch.clone(), module.clone(), off.clone()),
        ("delete_module", delete.clone(), module, Value::Null),
        ("update_feature", patch.clone(), feature.clone(), off.clone()),
        ("delete_feature", delete.clone(), feature, Value::Null),
        ("update_sub_menu_item", patch.clone(), sub_menu.clone(), off.clone()),
        ("delete_sub_menu_item", delete.clone(), sub_menu, Value::Null),
        ("update_menu_item", patch, menu.clone(), off),
        ("delete_menu_item", delete, menu, Value::Null),
    ]
}

async fn of_levels(server: &Server, admin: &Person) -> Vec<(&'static str, Method, String, Value)> {
    let item = async |kind: &str| {
        let path = made(server, admin, &format!("/api/v1/{kind}"), json!({ "key": "l", "name": "L" })).await;
        path.rsplit('/').next().unwrap().to_owned()
    };
    let level = made(server, admin, "/api/v1/user-levels", json!({ "name": "Clerks" })).await;
    let on_view = json!({ "view_id": item("views").await, "value": "allow" });
    let on_feature =
        json!({ "feature_id": item("features").await, "action": "read", "value": "allow", "scope": "organization" });
    // They are written again after they were removed, so that there is something to change.
    let [all_views, all_features] = [&on_view, &on_feature].map(|one| json!({ "permissions": [one] }));
    let mut permissions = Vec::new();
    for (kind, permission) in [("view", on_view), ("feature", on_feature)] {
        let list = format!("{level}/{kind}-permissions");
        let body = json!({ "permissions": [permission] });
        let (status, written) = send(server, Method::PUT, &list, Some(&admin.access), Some(body)).await;
        assert!(status.is_success(), "{written}");
        let id = admin.get(server, &list).await.1["items"][0]["id"].as_str().unwrap().to_owned();
        permissions.push(format!("{list}/{id}"));
    }
    let (feature, view) = (permissions.pop().unwrap(), permissions.pop().unwrap());
    let (patch, put, delete) = (Method::PATCH, Method::PUT, Method::DELETE);
    vec![
        ("update_view_permission", patch.clone(), view.clone(), json!({ "value": "deny" })),
        ("delete_view_permission", delete.clone(), view, Value::Null),
        ("update_feature_permission", patch.clone(), feature.clone(), json!({ "scope": "own" })),
        ("delete_feature_permission", delete.clone(), feature, Value::Null),
        ("replace_view_permissions", put.clone(), format!("{level}/view-permissions/all"), all_views),
        ("replace_feature_permissions", put, format!("{level}/feature-permissions/all"), all_features),
        ("update_user_level", patch, level.clone(), json!({ "description": "They write." })),
        ("delete_user_level", delete, level, Value::Null),
    ]
}

async fn administrator(server: &Server) -> Person {
    let admin = Person::sign_in(server, "admin", ADMIN_PASSWORD).await;
    let change = json!({ "current_password": ADMIN_PASSWORD, "new_password": "the administrator's second phrase" });
    let (status, _) = send(server, Method::POST, "/api/v1/me/password", Some(&admin.access), Some(change)).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    Person::sign_in(server, "admin", "the administrator's second phrase").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_has_a_version_is_changed_for_that_version_only() {
    let server = Server::start(StoreKind::Sqlite).await;
    let admin = administrator(&server).await;
    let document: Value =
        server.http.get(format!("{}/openapi.json", server.base)).send().await.unwrap().json().await.unwrap();
    let described: BTreeSet<_> = document["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|item| item.as_object().unwrap().values())
        .filter(|operation| {
            operation["parameters"].as_array().is_some_and(|all| all.iter().any(|one| one["name"] == "If-Match"))
        })
        .map(|operation| operation["operationId"].as_str().unwrap().to_owned())
        .collect();
    let cases = versioned(&server, &admin).await;
    assert_eq!(described, cases.iter().map(|(name, ..)| (*name).to_owned()).collect(), "operations with If-Match");
    for (name, method, path, body) in &cases {
        for tag in [None, Some("*")] {
            let (status, problem) = with_version(&server, &admin, method, path, tag, body).await;
            let code = problem["code"].as_str();
            assert_eq!(
                (status, code),
                (StatusCode::PRECONDITION_REQUIRED, Some("version_required")),
                "{name} with {tag:?}"
            );
        }
        for tag in ["\"999\"", "\"nonsense\"", "W/\"1\""] {
            let (status, problem) = with_version(&server, &admin, method, path, Some(tag), body).await;
            assert_eq!(status, StatusCode::PRECONDITION_FAILED, "{name} with {tag}: {problem}");
        }
    }
    // With the version that was read each of them succeeds, and the version is another one afterwards.
    for (name, method, path, body) in &cases {
        let read = match *name {
            "set_member_roles" => path.trim_end_matches("/roles"),
            "replace_view_permissions" => path.trim_end_matches("/view-permissions/all"),
            "replace_feature_permissions" => path.trim_end_matches("/feature-permissions/all"),
            _ => path,
        };
        let tag = async || {
            let answer =
                server.http.get(format!("{}{read}", server.base)).bearer_auth(&admin.access).send().await.unwrap();
            answer.headers().get("etag").map(|tag| tag.to_str().unwrap().to_owned())
        };
        let before = tag().await.unwrap();
        let (status, problem) = with_version(&server, &admin, method, path, Some(&before), body).await;
        assert!(status.is_success(), "{name}: {status} {problem}");
        let (status, _) = with_version(&server, &admin, method, path, Some(&before), body).await;
        assert!(status.is_client_error(), "{name} twice for one version: {status}");
        assert_ne!(tag().await.as_ref(), Some(&before), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_makes_a_repetition_harmless() {
    let server = Server::start(StoreKind::Sqlite).await;
    let (ada, grace) = (Person::new(&server, "ada").await, Person::new(&server, "grace").await);
    let make = async |person: &Person, path: &str, key: &str, body: Value| {
        let request = server.http.post(format!("{}{path}", server.base)).bearer_auth(&person.access);
        let answer = request.header("Idempotency-Key", key).json(&body).send().await.unwrap();
        let status = answer.status();
        (status, answer.json::<Value>().await.unwrap())
    };
    let team = json!({ "name": "Analysts" });
    let (status, first) = make(&ada, "/api/v1/teams", "key", team.clone()).await;
    assert_eq!(status, StatusCode::CREATED);
    let (status, again) = make(&ada, "/api/v1/teams", "key", team.clone()).await;
    assert_eq!((status, &again), (StatusCode::CREATED, &first));
    // Bound to the body, to the route and to the caller.
    assert_eq!(make(&ada, "/api/v1/teams", "key", json!({ "name": "Weavers" })).await.0, StatusCode::CONFLICT);
    assert_eq!(make(&ada, "/api/v1/roles", "key", json!({ "name": "analysts" })).await.0, StatusCode::CREATED);
    let (status, hers) = make(&grace, "/api/v1/teams", "key", team).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_ne!(hers["id"], first["id"]);
    assert_eq!(ada.all(&server, "/api/v1/teams").await.len(), 1);
    // An answer with a secret in it is not kept: the repetition does not act, and does not tell.
    let guest = json!({ "email": "bob@example.org" });
    assert_eq!(make(&ada, "/api/v1/invitations", "other", guest.clone()).await.0, StatusCode::CREATED);
    let (status, refused) = make(&ada, "/api/v1/invitations", "other", guest).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(refused["token"].is_null());
    assert_eq!(ada.all(&server, "/api/v1/invitations").await.len(), 1);
}

/// Sends `count` pieces of 8 KiB without saying how many they are. Returns how the answer begins.
async fn chunked(server: &Server, count: usize) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(server.base.trim_start_matches("http://")).await.unwrap();
    let head = "POST /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    for _ in 0..count {
        // The server may have answered and hung up already.
        let piece = format!("2000\r\n{}\r\n", " ".repeat(8192));
        if stream.write_all(piece.as_bytes()).await.is_err() {
            break;
        }
    }
    let mut answer = vec![0; 4096];
    let length = stream.read(&mut answer).await.unwrap_or(0);
    String::from_utf8_lossy(&answer[..length]).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_bodies_and_other_origins_are_refused() {
    let server = Server::start(StoreKind::Memory).await;
    let large = json!({ "login": "ada", "password": "x".repeat(70_000) });
    let (status, problem) = send(&server, Method::POST, "/api/v1/sessions", None, Some(large.clone())).await;
    assert_eq!((status, problem["code"].as_str()), (StatusCode::PAYLOAD_TOO_LARGE, Some("too_large")), "{problem}");
    // Nor is one of unknown length read further than the limit.
    let answer = chunked(&server, 20).await;
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("application/problem+json"), "{answer}");

    // CORS is off unless origins are named.
    for method in [Method::OPTIONS, Method::GET, Method::POST] {
        let request = server.http.request(method, format!("{}/api/v1/sessions", server.base));
        let request =
            request.header("Origin", "https://app.example.org").header("Access-Control-Request-Method", "POST");
        let answer = request.send().await.unwrap();
        assert!(!answer.headers().keys().any(|name| name.as_str().starts_with("access-control")), "{answer:?}");
    }
    let named = [("KEYSTEAD_HTTP_ALLOWED_ORIGINS", "https://app.example.org")];
    let server = Server::start_on(Arc::new(TestStore::new(StoreKind::Memory).await), &named).await;
    for (origin, allowed) in [("https://app.example.org", true), ("https://evil.example.org", false)] {
        let request = server.http.request(Method::OPTIONS, format!("{}/api/v1/sessions", server.base));
        let request = request.header("Origin", origin).header("Access-Control-Request-Method", "POST");
        let answer = request.send().await.unwrap();
        let answered = answer.headers().get("access-control-allow-origin");
        assert_eq!(answered.is_some_and(|value| value == origin), allowed, "{origin}: {answered:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn time_that_runs_out_cuts_no_change_in_half() {
    // Everything takes longer than a request may: its password is hashed for as long as settings allow, after two others.
    let settings = [
        ("KEYSTEAD_HTTP_REQUEST_TIMEOUT_SECONDS", "1"),
        ("KEYSTEAD_PASSWORDS_WORKERS", "1"),
        ("KEYSTEAD_PASSWORDS_ARGON2_MEMORY_KIB", "209715"),
        ("KEYSTEAD_PASSWORDS_ARGON2_PASSES", "20"),
    ];
    let server = Server::start_on(Arc::new(TestStore::new(StoreKind::Sqlite).await), &settings).await;
    let account = json!({ "username": "ada", "email": "ada@example.org", "password": "the long phrase of ada" });
    let (status, problem) = after_others(&server, "/api/v1/accounts", account).await;
    assert_eq!((status, problem["code"].as_str()), (StatusCode::GATEWAY_TIMEOUT, Some("timeout")), "{problem}");
    // What was begun is finished: the account is there as a whole, with its organization.
    wait_for(&server.store, (1, 1, 1, 0)).await;
    let login = json!({ "login": "ada", "password": "the long phrase of ada" });
    let (status, _) = after_others(&server, "/api/v1/sessions", login).await;
    assert_eq!(status, StatusCode::GATEWAY_TIMEOUT);
    wait_for(&server.store, (1, 1, 1, 1)).await;
}

/// The answer to a request that comes when two passwords are being hashed already.
async fn after_others(server: &Server, path: &str, body: Value) -> (StatusCode, Value) {
    let nobody = || {
        let login = json!({ "login": "nobody", "password": "the long phrase of nobody" });
        send(server, Method::POST, "/api/v1/sessions", None, Some(login))
    };
    let then = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        send(server, Method::POST, path, None, Some(body)).await
    };
    tokio::join!(nobody(), nobody(), then).2
}

/// Waits until there are so many accounts of ada, memberships, events of her registration, and sessions.
async fn wait_for(store: &TestStore, expected: (i64, i64, i64, i64)) {
    let mut rows = (0, 0, 0, 0);
    for _ in 0..600 {
        rows = counts(store).await;
        if rows == expected {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{rows:?}, not {expected:?}");
}

/// Ada's account, her memberships, the event that tells of her coming, and her sessions.
async fn counts(store: &TestStore) -> (i64, i64, i64, i64) {
    use sqlx::Connection;
    let mut database = sqlx::SqliteConnection::connect(&store.url).await.unwrap();
    let sql = "SELECT (SELECT count(*) FROM users WHERE username_key = 'ada'),
        (SELECT count(*) FROM memberships WHERE user_id = (SELECT id FROM users WHERE username_key = 'ada')),
        (SELECT count(*) FROM audit_logs WHERE event_type = 'user.registered'),
        (SELECT count(*) FROM sessions)";
    sqlx::query_as(sql).fetch_one(&mut database).await.unwrap()
}
