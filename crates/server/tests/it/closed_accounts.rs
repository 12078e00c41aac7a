//! Nobody whose account is not active is allowed anything, from the moment on that it is shut, whoever asks.

use crate::support::{Person, Server, StoreKind, TestStore, send};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::sync::Arc;

/// Ada, who administers an organization, a key of it, and the platform's administrator, who can shut her account.
struct Scene {
    root: Person,
    key: String,
    question: Value,
    ada: String,
}

impl Scene {
    async fn new(server: &Server) -> Self {
        let (root, ada) = (Person::administrator(server).await, Person::new(server, "ada").await);
        let account =
            json!({ "name": "Robot", "scopes": ["access:evaluate:organization", "access:search:organization"] });
        let (status, body) =
            send(server, Method::POST, "/api/v1/service-accounts", Some(&ada.access), Some(account)).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        let key = body["key"].as_str().unwrap().to_owned();
        let me = ada.get(server, "/api/v1/me").await.1;
        let (id, organization) = (me["id"].as_str().unwrap(), me["organization_id"].as_str().unwrap());
        let question = json!({
            "subject": { "type": "user", "id": id }, "action": { "name": "update" },
            "resource": { "type": "organizations", "id": organization },
        });
        Self { root, key, ada: id.to_owned(), question }
    }

    /// What the decision is, and why.
    async fn ask(&self, server: &Server) -> (bool, String) {
        let question = Some(self.question.clone());
        let (status, answer) = send(server, Method::POST, "/access/v1/evaluation", Some(&self.key), question).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        (answer["decision"].as_bool().unwrap(), answer["context"]["reason"].as_str().unwrap().to_owned())
    }

    /// Whether she is among those who may.
    async fn is_found(&self, server: &Server) -> bool {
        let mut wanted = self.question.clone();
        wanted["subject"].as_object_mut().unwrap().remove("id");
        let (status, found) =
            send(server, Method::POST, "/access/v1/search/subject", Some(&self.key), Some(wanted)).await;
        assert_eq!(status, StatusCode::OK, "{found}");
        found["results"].as_array().unwrap().iter().any(|one| one["id"] == json!(self.ada))
    }

    async fn set(&self, server: &Server, what: &str) {
        let path = format!("/api/v1/users/{}/{what}", self.ada);
        let (status, body) = send(server, Method::POST, &path, Some(&self.root.access), None).await;
        assert!(status.is_success(), "{body}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_disabled_is_denied_at_once_on_every_store() {
    for kind in [StoreKind::Memory, StoreKind::Json, StoreKind::Sqlite, StoreKind::Postgres] {
        let server = Server::start(kind).await;
        let scene = Scene::new(&server).await;
        for _ in 0..3 {
            assert_eq!(scene.ask(&server).await, (true, "role".to_owned()), "{kind:?}");
            assert!(scene.is_found(&server).await);
            scene.set(&server, "disable").await;
            assert_eq!(scene.ask(&server).await, (false, "account_not_active".to_owned()), "{kind:?}");
            assert!(!scene.is_found(&server).await);
            scene.set(&server, "enable").await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_node_denies_at_once_too() {
    let store = Arc::new(TestStore::new(StoreKind::Postgres).await);
    let key = [("KEYSTEAD_MASTER_KEY", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")];
    let (one, other) = (Server::start_on(Arc::clone(&store), &key).await, Server::start_on(store, &key).await);
    let scene = Scene::new(&one).await;
    for _ in 0..5 {
        assert!(scene.ask(&other).await.0);
        scene.set(&one, "disable").await;
        assert_eq!(scene.ask(&other).await, (false, "account_not_active".to_owned()));
        scene.set(&one, "enable").await;
    }
}
