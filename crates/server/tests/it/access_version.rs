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
