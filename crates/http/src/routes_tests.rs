//! What is answered before any use case begins.

use crate::{
    openapi_document,
    testing::{Health, get, json, send, state, state_with},
};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use uuid::Uuid;

/// Method and path (its values made up) of every operation that needs to be signed in.
fn protected() -> Vec<(String, String)> {
    let document = openapi_document();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if operation["security"].is_null() {
                let parts = path
                    .split('/')
                    .map(|part| if part.starts_with('{') { Uuid::from_u128(7).to_string() } else { part.to_owned() });
                found.push((method.to_uppercase(), parts.collect::<Vec<_>>().join("/")));
            }
        }
    }
    found
}

#[tokio::test]
async fn every_protected_operation_wants_credentials_before_anything_else() {
    let state = state().await;
    let operations = protected();
    assert!(operations.len() > 20);
    for (method, path) in operations {
        for (token, challenge) in [
            (None, r#"Bearer realm="keystead""#),
            (Some("nonsense"), r#"Bearer realm="keystead", error="invalid_token""#),
            (Some("ks_nonsense"), r#"Bearer realm="keystead", error="invalid_token""#),
        ] {
            let mut request = Request::builder().method(method.as_str()).uri(&path);
            if let Some(token) = token {
                request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
            }
            let answer = send(&state, request.body(Body::from("no JSON")).unwrap()).await;
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{method} {path}");
            assert_eq!(answer.headers()[header::WWW_AUTHENTICATE], challenge, "{method} {path}");
            assert_eq!(json(&answer)["code"], "unauthenticated", "{method} {path}");
        }
    }
}

#[tokio::test]
async fn what_needs_nobody_is_served() {
    let state = state().await;
    let pages = [
        ("/", "text/html; charset=utf-8", "Keystead"),
        ("/docs/", "text/html", "swagger"),
        ("/docs/swagger-initializer.js", "text/javascript", "/openapi.json"),
        ("/openapi.json", "application/json", "\"3.1.0\""),
        ("/.well-known/jwks.json", "application/json", "\"keys\""),
        ("/health/live", "application/json", "live"),
        ("/health/ready", "application/json", "ready"),
        ("/metrics", "text/plain; version=0.0.4; charset=utf-8", ""),
    ];
    for (path, content_type, part) in pages {
        let answer = get(&state, path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        assert_eq!(answer.headers()[header::CONTENT_TYPE], content_type, "{path}");
        assert!(answer.body().contains(part), "{path}");
        assert!(answer.headers().contains_key(header::CONTENT_SECURITY_POLICY), "{path}");
    }
    let keys = get(&state, "/.well-known/jwks.json").await;
    assert_eq!(keys.headers()[header::CACHE_CONTROL], "public, max-age=300, must-revalidate");
}

#[tokio::test]
async fn the_document_is_not_sent_twice() {
    let state = state().await;
    let tag = get(&state, "/openapi.json").await.headers()[header::ETAG].clone();
    let again = Request::get("/openapi.json").header(header::IF_NONE_MATCH, tag).body(Body::empty()).unwrap();
    assert_eq!(send(&state, again).await.status(), StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn readiness_says_why_not() {
    for (health, field) in [(Health::Down, "database"), (Health::Behind, "migrations")] {
        let answer = get(&state_with(health).await, "/health/ready").await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(json(&answer)["errors"][0]["field"], field);
        assert!(answer.headers().contains_key(header::RETRY_AFTER));
    }
    let state = state().await;
    state.drain();
    assert_eq!(json(&get(&state, "/health/ready").await)["errors"][0]["field"], "server");
    assert_eq!(get(&state, "/health/live").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn metrics_can_stand_apart() {
    let state = state().await;
    let router = crate::metrics_router(state);
    let request = Request::get("/metrics").body(Body::empty()).unwrap();
    let answer = tower::ServiceExt::oneshot(router, request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
}
