//! A person who has signed in, for tests that speak to the server in numbers.

use super::{ADMIN_PASSWORD, Server};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// A person with an account, an organization of their own and a session.
#[derive(Clone, Debug)]
pub struct Person {
    pub name: String,
    pub access: String,
}

impl Person {
    /// Registers and signs in.
    pub async fn new(server: &Server, name: &str) -> Self {
        let password = format!("the long phrase of {name}");
        let account = json!({ "username": name, "email": format!("{name}@example.org"), "password": password });
        let (status, body) = send(server, Method::POST, "/api/v1/accounts", None, Some(account)).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        Self::sign_in(server, name, &password).await
    }

    /// Signs in once more.
    pub async fn sign_in(server: &Server, name: &str, password: &str) -> Self {
        let login = json!({ "login": name, "password": password });
        let (status, body) = send(server, Method::POST, "/api/v1/sessions", None, Some(login)).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        Self { name: name.to_owned(), access: body["access_token"].as_str().unwrap().to_owned() }
    }

    /// The platform's administrator of a fresh server, with a password of their own.
    pub async fn administrator(server: &Server) -> Self {
        let (first, changed) =
            (Self::sign_in(server, "admin", ADMIN_PASSWORD).await, "the administrator's own long phrase");
        let change = json!({ "current_password": ADMIN_PASSWORD, "new_password": changed });
        let (status, body) = send(server, Method::POST, "/api/v1/me/password", Some(&first.access), Some(change)).await;
        assert!(status.is_success(), "{body}");
        Self::sign_in(server, "admin", changed).await
    }

    pub async fn get(&self, server: &Server, path: &str) -> (StatusCode, Value) {
        send(server, Method::GET, path, Some(&self.access), None).await
    }

    /// Makes a team. None when no answer came: it may be there or not.
    pub async fn make_team(&self, server: &Server, name: &str) -> Option<StatusCode> {
        let request = server
            .http
            .post(format!("{}/api/v1/teams", server.base))
            .bearer_auth(&self.access)
            .json(&json!({ "name": name }));
        Some(request.send().await.ok()?.status())
    }

    /// Every item of a list, through all its pages.
    pub async fn all(&self, server: &Server, path: &str) -> Vec<Value> {
        let (mut items, mut cursor) = (Vec::new(), String::new());
        let mark = if path.contains('?') { '&' } else { '?' };
        loop {
            let page = if cursor.is_empty() { String::new() } else { format!("&cursor={cursor}") };
            let (status, body) = self.get(server, &format!("{path}{mark}limit=200{page}")).await;
            assert_eq!(status, StatusCode::OK, "{body}");
            items.extend(body["items"].as_array().unwrap().iter().cloned());
            match body["next_cursor"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => return items,
            }
        }
    }
}

/// Sends a request and reads its answer.
pub async fn send(
    server: &Server,
    method: Method,
    path: &str,
    access: Option<&str>,
    body: Option<Value>,
) -> (StatusCode, Value) {
    let mut request = server.http.request(method, format!("{}{path}", server.base));
    if let Some(access) = access {
        request = request.bearer_auth(access);
    }
    if let Some(body) = body {
        request = request.json(&body);
    }
    let answer = request.send().await.unwrap();
    let status = answer.status();
    let text = answer.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}
