//! Policies over HTTP: what is wrong is refused with its place, and nothing of it is kept.

mod bad_input;
mod batches;
mod denials;
mod fuzz;
mod in_line;
mod nobody_gains;
mod races;

use crate::support::{Person, Server, send};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const RULES: &str = "/api/v1/access/rules";
const MODEL: &str = "/api/v1/access/model";
const ENTITIES: &str = "/api/v1/access/entities";

/// `p, a, b` as the API takes it.
fn rule(line: &str) -> Value {
    let (ptype, values) = line.split_once(", ").unwrap();
    json!({ "ptype": ptype, "values": values.split(", ").collect::<Vec<_>>() })
}

fn rules(lines: &[&str]) -> Value {
    json!({ "rules": lines.iter().map(|line| rule(line)).collect::<Vec<_>>() })
}

/// A model with this matcher, which stands in line 8 from column 5 on.
fn model(matcher: &str) -> String {
    format!(
        "[request_definition]\nr = sub, obj, act\n[policy_definition]\np = sub, obj, act\n\
         [policy_effect]\ne = some(where (p.eft == allow))\n[matchers]\nm = {matcher}\n"
    )
}

async fn post(server: &Server, person: &Person, path: &str, body: Value) -> (StatusCode, Value) {
    send(server, Method::POST, path, Some(&person.access), Some(body)).await
}

async fn put(server: &Server, person: &Person, path: &str, body: Value) -> (StatusCode, Value) {
    send(server, Method::PUT, path, Some(&person.access), Some(body)).await
}

async fn put_model(server: &Server, person: &Person, text: &str) -> (StatusCode, Value) {
    let url = format!("{}{MODEL}", server.base);
    let read = server.http.get(&url).bearer_auth(&person.access).send().await.unwrap();
    let version = read.headers()["etag"].to_str().unwrap().to_owned();
    let request = server.http.put(&url).bearer_auth(&person.access).header("If-Match", version);
    let answer = request.json(&json!({ "text": text })).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

async fn csv(server: &Server, person: &Person, method: Method, text: &str) -> (StatusCode, Value) {
    let request = server.http.request(method, format!("{}{RULES}.csv", server.base)).bearer_auth(&person.access);
    let answer = request.header("Content-Type", "text/csv").body(text.to_owned()).send().await.unwrap();
    let status = answer.status();
    (status, answer.json().await.unwrap())
}

async fn export(server: &Server, person: &Person) -> String {
    let request = server.http.get(format!("{}{RULES}.csv", server.base)).bearer_auth(&person.access);
    request.send().await.unwrap().text().await.unwrap()
}

/// The first broken rule: status, code, field, message.
fn refusal((status, body): &(StatusCode, Value)) -> (u16, String, String, String) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let error = &body["errors"][0];
    (status.as_u16(), text(&body["code"]), text(&error["field"]), text(&error["message"]))
}

/// Identifiers of the person and of the organization that they work in.
async fn id_of(server: &Server, person: &Person) -> (String, String) {
    let me = person.get(server, "/api/v1/me").await.1;
    let text = |name: &str| me[name].as_str().unwrap().to_owned();
    (text("id"), text("organization_id"))
}

/// A person with this role in the organization of `administrator`, who works there.
async fn join(server: &Server, administrator: &Person, name: &str, role: &str) -> Person {
    let organization = id_of(server, administrator).await.1;
    let person = Person::new(server, name).await;
    let invitation = json!({ "email": format!("{name}@example.org"), "role": role });
    let (status, invitation) = post(server, administrator, "/api/v1/invitations", invitation).await;
    assert_eq!(status, StatusCode::CREATED, "{invitation}");
    let token = json!({ "token": invitation["token"] });
    assert_eq!(post(server, &person, "/api/v1/invitations/accept", token).await.0, StatusCode::OK);
    let there = json!({ "organization_id": organization });
    let (status, switched) = post(server, &person, "/api/v1/sessions/current/organization", there).await;
    assert_eq!(status, StatusCode::OK, "{switched}");
    Person { access: switched["access_token"].as_str().unwrap().to_owned(), ..person }
}
