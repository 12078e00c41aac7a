//! Each write tells the version from which on decisions know of it.

use crate::support::{Person, Server, StoreKind};
use reqwest::Method;
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_tells_the_access_version_and_a_read_does_not() {
    let server = Server::start(StoreKind::Memory).await;
    let ada = Person::new(&server, "ada").await;
    let version = async |method: Method, path: &str, body| {
        let url = format!("{}{path}", server.base);
        let answer = server.http.request(method, url).bearer_auth(&ada.access).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        let version = answer.headers().get("keystead-access-version")?;
        Some(version.to_str().unwrap().parse::<i64>().unwrap())
    };
    let first = version(Method::POST, "/api/v1/teams", json!({ "name": "Blue" })).await.unwrap();
    let second = version(Method::POST, "/api/v1/teams", json!({ "name": "Green" })).await.unwrap();
    assert!(0 < first && first < second, "{first} {second}");
    assert_eq!(version(Method::GET, "/api/v1/teams", json!(null)).await, None);
    // What decides nothing raises nothing.
    let same = version(Method::DELETE, "/api/v1/sessions/others", json!(null)).await.unwrap();
    assert_eq!(same, second);
}

/// Whoever writes into another organization than their own is told of that one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_version_is_that_of_the_organization_that_was_written_in() {
    let server = Server::start(StoreKind::Memory).await;
    let (root, ada) = (Person::administrator(&server).await, Person::new(&server, "ada").await);
    let organization = ada.get(&server, "/api/v1/me").await.1["organization_id"].as_str().unwrap().to_owned();
    let told = async |person: &Person, method: Method, path: &str, body| {
        let request = server.http.request(method, format!("{}{path}", server.base)).bearer_auth(&person.access);
        let answer = request.header("If-Match", "\"0\"").json(&body).send().await.unwrap();
        let status = answer.status();
        let version =
            answer.headers().get("keystead-access-version").map(|version| version.to_str().unwrap().to_owned());
        (
            status.is_success(),
            version.and_then(|version| version.parse::<i64>().ok()),
            answer.json::<serde_json::Value>().await.unwrap_or_default(),
        )
    };
    let module = told(&root, Method::POST, "/api/v1/modules", json!({ "key": "m", "name": "M" })).await.2;
    let path = format!("/api/v1/organizations/{organization}/modules/{}", module["id"].as_str().unwrap());
    // The platform's version and the organization's are apart by now.
    for number in 0..40 {
        let path = format!("/api/v1/teams?{number}");
        assert!(told(&ada, Method::POST, "/api/v1/teams", json!({ "name": path })).await.0);
    }
    let before = told(&ada, Method::POST, "/api/v1/teams", json!({ "name": "Blue" })).await.1.unwrap();
    let (done, version, body) = told(&root, Method::PUT, &path, json!({})).await;
    assert!(done, "{body}");
    assert_eq!(version, Some(before + 1));
    // A level in an organization that the query names.
    let level = format!("/api/v1/user-levels?organization_id={organization}");
    let (done, version, body) = told(&root, Method::POST, &level, json!({ "name": "Clerk" })).await;
    assert!(done, "{body}");
    assert_eq!(version, Some(before + 2));
    // An organization that was founded has a first version of its own.
    let (done, version, body) = told(&ada, Method::POST, "/api/v1/organizations", json!({ "name": "New" })).await;
    assert!(done && version.is_some_and(|version| 0 < version && version < 10), "{version:?} {body}");
    // Who is refused is told nothing.
    let (done, version, refused) = told(&ada, Method::PUT, &path, json!({})).await;
    assert!(!done && version.is_none() && refused["code"].is_string(), "{version:?} {refused}");
}

/// A query that an operation does not read names nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_told_the_version_of_an_organization_that_is_not_theirs() {
    let server = Server::start(StoreKind::Memory).await;
    let (ada, bob) = (Person::new(&server, "ada").await, Person::new(&server, "bob").await);
    let organization = ada.get(&server, "/api/v1/me").await.1["organization_id"].as_str().unwrap().to_owned();
    let told = async |person: &Person, path: &str, name: &str| {
        let request = server.http.post(format!("{}{path}", server.base)).bearer_auth(&person.access);
        let answer = request.json(&json!({ "name": name })).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.headers()["keystead-access-version"].to_str().unwrap().parse::<i64>().unwrap()
    };
    for number in 0..20 {
        told(&ada, "/api/v1/teams", &number.to_string()).await;
    }
    let before = told(&bob, "/api/v1/teams", "Blue").await;
    let path = format!("/api/v1/teams?organization_id={organization}");
    assert_eq!(told(&bob, &path, "Green").await, before + 1);
}
