//! What a scenario remembers, and how it speaks to the server.

use crate::support::{ADMIN_PASSWORD, Server, StoreKind, TestStore};
use reqwest::Method;
use serde_json::{Value, json};
use std::{collections::HashMap, sync::Arc};

/// A person in a scenario.
#[derive(Debug, Default)]
pub struct Person {
    pub password: String,
    pub id: String,
    pub access: String,
    /// Every refresh token received in the current session, the newest last.
    pub refresh: Vec<String>,
    /// The access token of the device before.
    pub other_access: String,
    pub earlier_etag: String,
}

/// An answer of the server.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
    pub etag: String,
}

#[derive(cucumber::World, Debug)]
#[world(init = Self::new)]
pub struct World {
    pub kind: StoreKind,
    server: Option<Server>,
    people: HashMap<String, Person>,
    /// Identifiers of organizations, teams, roles, invitations, by name.
    pub ids: HashMap<String, String>,
    pub tokens: HashMap<String, String>,
    pub last: Answer,
    pub before: Answer,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Server({})", self.base)
    }
}

impl World {
    fn new() -> Self {
        Self {
            kind: StoreKind::Memory,
            server: None,
            people: HashMap::new(),
            ids: HashMap::new(),
            tokens: HashMap::new(),
            last: Answer::default(),
            before: Answer::default(),
        }
    }

    pub async fn server(&mut self) -> &mut Server {
        if self.server.is_none() {
            self.server = Some(Server::start(self.kind).await);
        }
        self.server.as_mut().unwrap()
    }

    /// Starts the server with these settings (variable and value) beside the usual ones.
    pub async fn start_with(&mut self, settings: &[(&str, &str)]) {
        let store = Arc::new(TestStore::new(self.kind).await);
        self.server = Some(Server::start_on(store, settings).await);
    }

    pub fn person(&mut self, name: &str) -> &mut Person {
        self.people.entry(name.to_owned()).or_default()
    }
    pub fn id_of(&self, name: &str) -> String {
        self.people[name].id.clone()
    }
    pub fn id(&self, name: &str) -> String {
        self.ids.get(name).unwrap_or_else(|| panic!("no {name} in this scenario")).clone()
    }

    /// Sends a request as `who` (nobody when empty) and remembers the answer.
    pub async fn send(
        &mut self,
        who: &str,
        method: Method,
        path: &str,
        body: Option<Value>,
        etag: Option<&str>,
    ) -> Answer {
        let access = if who.is_empty() { String::new() } else { self.person(who).access.clone() };
        let server = self.server().await;
        let mut request = server.http.request(method, format!("{}{path}", server.base));
        if !access.is_empty() {
            request = request.bearer_auth(access);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        if let Some(etag) = etag {
            request = request.header("If-Match", etag);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let etag = answer.headers().get("etag").map(|etag| etag.to_str().unwrap().to_owned()).unwrap_or_default();
        let text = answer.text().await.unwrap();
        let body = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() };
        self.before = std::mem::replace(&mut self.last, Answer { status, body, etag });
        self.last.clone()
    }
    pub async fn get(&mut self, who: &str, path: &str) -> Answer {
        self.send(who, Method::GET, path, None, None).await
    }
    pub async fn post(&mut self, who: &str, path: &str, body: Value) -> Answer {
        self.send(who, Method::POST, path, Some(body), None).await
    }
    pub async fn delete(&mut self, who: &str, path: &str) -> Answer {
        self.send(who, Method::DELETE, path, None, None).await
    }
    /// Changes what is at `path` for the version that is there now.
    pub async fn change(&mut self, who: &str, method: Method, path: &str, read: &str, body: Option<Value>) -> Answer {
        let etag = self.get(who, read).await.etag;
        self.send(who, method, path, body, Some(&etag)).await
    }

    pub async fn register(&mut self, name: &str, password: &str) -> Answer {
        let email = format!("{name}@example.org");
        let answer =
            self.post("", "/api/v1/accounts", json!({ "username": name, "email": email, "password": password })).await;
        if answer.status == 201 {
            let person = self.person(name);
            person.password = password.to_owned();
            person.id = answer.body["id"].as_str().unwrap().to_owned();
        }
        answer
    }
    pub async fn sign_in(&mut self, name: &str, password: &str) -> Answer {
        let answer = self.post("", "/api/v1/sessions", json!({ "login": name, "password": password })).await;
        if answer.status == 200 {
            self.keep_tokens(name, &answer, true);
        }
        answer
    }
    /// Keeps the tokens of an answer.
    pub fn keep_tokens(&mut self, name: &str, answer: &Answer, new_session: bool) {
        let text = |key: &str| answer.body[key].as_str().unwrap_or_default().to_owned();
        let person = self.person(name);
        if new_session {
            person.other_access = std::mem::take(&mut person.access);
            person.refresh.clear();
        }
        person.access = text("access_token");
        let refresh = text("refresh_token");
        if !refresh.is_empty() {
            person.refresh.push(refresh);
        }
    }
    /// The administrator, past the first password change.
    pub async fn administrator(&mut self) {
        if self.people.contains_key("admin") {
            return;
        }
        let answer = self.sign_in("admin", ADMIN_PASSWORD).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let password = "the administrator's second phrase";
        let body = json!({ "current_password": ADMIN_PASSWORD, "new_password": password });
        let answer = self.post("admin", "/api/v1/me/password", body).await;
        assert_eq!(answer.status, 204, "{answer:?}");
        let answer = self.sign_in("admin", password).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    pub async fn signed_in(&mut self, name: &str) {
        let password = format!("the long phrase of {name}");
        let answer = self.register(name, &password).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        let answer = self.sign_in(name, &password).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}
