//! Policies over HTTP: what is wrong is refused with its place, and nothing of it is kept.

mod bad_input;
mod batches;
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
