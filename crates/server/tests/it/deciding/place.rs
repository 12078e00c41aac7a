//! An organization with members, and a program that asks about them.

use crate::support::{ADMIN_PASSWORD, Person, Server, send};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

pub(super) struct Place {
    /// The platform's administrator.
    pub(super) root: Person,
    /// The organization's administrator.
    pub(super) ada: Person,
    pub(super) organization: String,
    /// The other members, with their identifiers.
    pub(super) members: Vec<(Person, String)>,
    /// A service account's key, which may ask about everybody.
    pub(super) program: Person,
}

/// An answer: its status, the access version that it tells, and its body.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) version: Option<i64>,
    pub(super) media: String,
    pub(super) body: Value,
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

impl Place {
    pub(super) async fn new(server: &Server, members: &[&str]) -> Self {
        let first = Person::sign_in(server, "admin", ADMIN_PASSWORD).await;
        let password = "the administrator's own long phrase";
        let change = json!({ "current_password": ADMIN_PASSWORD, "new_password": password });
        done(server, &first, Method::POST, "/api/v1/me/password", change).await;
        let root = Person::sign_in(server, "admin", password).await;
        let ada = Person::new(server, "ada").await;
        let organization = text(&ada.get(server, "/api/v1/me").await.1["organization_id"]);
        let mut all = Vec::new();
        for name in members {
            let mut person = Person::new(server, name).await;
            let invitation = json!({ "email": format!("{name}@example.org"), "role": "user" });
            let invitation = done(server, &ada, Method::POST, "/api/v1/invitations", invitation).await;
            let token = json!({ "token": invitation["token"] });
            done(server, &person, Method::POST, "/api/v1/invitations/accept", token).await;
            let there = json!({ "organization_id": organization });
            let switched = done(server, &person, Method::POST, "/api/v1/sessions/current/organization", there).await;
            person.access = text(&switched["access_token"]);
            let id = text(&person.get(server, "/api/v1/me").await.1["id"]);
            all.push((person, id));
        }
        let program = json!({ "name": "shop", "scopes": ["access:evaluate", "access:search"] });
        let key = text(&done(server, &ada, Method::POST, "/api/v1/service-accounts", program).await["key"]);
        let program = Person { name: "shop".to_owned(), access: key };
        Self { root, ada, organization, members: all, program }
    }

    pub(super) fn member(&self, number: usize) -> &str {
        &self.members[number].1
    }
    /// Where the membership of a member is.
    pub(super) fn membership(&self, number: usize) -> String {
        format!("/api/v1/organizations/{}/members/{}", self.organization, self.member(number))
    }
}

/// Does what must succeed. Returns what was answered.
pub(super) async fn done(server: &Server, who: &Person, method: Method, path: &str, body: Value) -> Value {
    let body = Some(body).filter(|body| !body.is_null());
    let (status, answer) = send(server, method.clone(), path, Some(&who.access), body).await;
    assert!(status.is_success(), "{method} {path} by {}: {status} {answer}", who.name);
    answer
}

/// As [`done`]; returns the identifier of what was made.
pub(super) async fn made(server: &Server, who: &Person, path: &str, body: Value) -> String {
    text(&done(server, who, Method::POST, path, body).await["id"])
}

pub(super) fn request(server: &Server, who: &Person, method: Method, path: &str) -> RequestBuilder {
    server.http.request(method, format!("{}{path}", server.base)).bearer_auth(&who.access)
}

pub(super) async fn answered(request: RequestBuilder) -> Answer {
    let answer = request.send().await.unwrap();
    let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let (status, media) = (answer.status(), header("content-type").unwrap_or_default());
    let version = header("keystead-access-version").map(|version| version.parse().unwrap());
    let text = answer.text().await.unwrap();
    Answer { status, version, media, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
}

/// Changes what is at `path`; `of` is where the version stands for which it is changed, when it has one.
pub(super) async fn change(
    server: &Server,
    who: &Person,
    method: Method,
    path: &str,
    of: Option<&str>,
    body: &Value,
) -> Answer {
    let mut writing = request(server, who, method, path).json(body);
    if let Some(of) = of {
        let read = request(server, who, Method::GET, of).send().await.unwrap();
        match read.headers().get("etag") {
            Some(version) => writing = writing.header("if-match", version),
            None => {
                let status = read.status();
                let body = Value::String(read.text().await.unwrap());
                return Answer { status, version: None, media: String::new(), body };
            }
        }
    }
    answered(writing).await
}
