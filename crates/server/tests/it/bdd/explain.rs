//! Steps about explanations.

use super::world::World;
use cucumber::{then, when};
use serde_json::{Value, json};

const EXPLAIN: &str = "/api/v1/access/explain";

async fn ask(world: &mut World, name: &str, other: &str, action: &str, kind: &str, id: &str) {
    let subject = json!({ "type": "user", "id": world.id_of(other) });
    let resource = json!({ "type": kind, "id": id });
    let question = json!({ "subject": subject, "action": { "name": action }, "resource": resource });
    world.post(name, EXPLAIN, question).await;
}

#[when(regex = r#"^(ada|grace) asks why (ada|grace) may "(\w+)" the (document|team) "(\w+)"$"#)]
async fn asks(world: &mut World, name: String, other: String, action: String, kind: String, id: String) {
    let (kind, id) = if kind == "document" { (kind, id) } else { (format!("{kind}s"), world.id(&id)) };
    ask(world, &name, &other, &action, &kind, &id).await;
}

#[when(expr = "ada asks why grace may {string} the document {string} since the version {int}")]
async fn asks_since(world: &mut World, action: String, id: String, version: i64) {
    let subject = json!({ "type": "user", "id": world.id_of("grace") });
    let body =
        json!({ "subject": subject, "action": { "name": action }, "resource": { "type": "document", "id": id } });
    let access = world.person("ada").access.clone();
    let server = world.server().await;
    let request = server.http.post(format!("{}{EXPLAIN}", server.base)).bearer_auth(access);
    let answer = request.header("keystead-at-least", version).json(&body).send().await.unwrap();
    world.last.status = answer.status().as_u16();
    world.last.body = answer.json().await.unwrap();
}

async fn add(world: &mut World, values: Value) {
    let answer =
        world.post("ada", "/api/v1/access/rules", json!({ "rules": [{ "ptype": "p", "values": values }] })).await;
    assert_eq!(answer.status, 201, "{answer:?}");
}

#[when(expr = "ada adds a rule by which grace may read documents that are {string}")]
async fn adds_condition(world: &mut World, status: String) {
    let grace = world.id_of("grace");
    let condition = format!("r.obj.status == \"{status}\"");
    add(world, json!([grace, "*", "document:*", "read", "allow", condition])).await;
}

#[when(expr = "ada adds a rule by which grace may not {string} documents")]
async fn adds_denial(world: &mut World, action: String) {
    let grace = world.id_of("grace");
    add(world, json!([grace, "*", "document:*", action, "deny"])).await;
}

#[then(regex = r#"^it is (allowed|denied) because of "(\w+)"$"#)]
async fn is_because(world: &mut World, outcome: String, reason: String) {
    let body = &world.last.body;
    assert_eq!((&body["decision"], &body["why"]["reason"]), (&json!(outcome == "allowed"), &json!(reason)), "{body}");
    assert!(body["access_version"].is_i64(), "{body}");
}

#[then(expr = "the rule that decided is the one that ada added")]
async fn rule_decided(world: &mut World) {
    let explained = world.last.body.clone();
    let rules = world.get("ada", "/api/v1/access/rules").await.body;
    let id = &rules["items"][0]["id"];
    assert!(id.is_string());
    assert_eq!((&explained["why"]["rule_id"], &explained["rules"]["rule_id"]), (id, id), "{explained}");
    let first = &explained["rules"]["detail"]["considered"][0];
    assert_eq!((&first["id"], &first["matched"]), (id, &json!("yes")), "{explained}");
    world.last.body = explained;
}

#[then(expr = "nothing is needed")]
async fn nothing_needed(world: &mut World) {
    assert_eq!(world.last.body["needed"], json!([]));
}

#[then(expr = "the nearest rule failed at {string} with {string}")]
async fn nearest_failed(world: &mut World, name: String, value: String) {
    let failed = &world.last.body["rules"]["detail"]["nearest"]["failed"];
    let shown = json!({ "name": name, "value": json!(value).to_string() });
    let mut values = failed.as_array().unwrap().iter().flat_map(|term| term["values"].as_array().unwrap());
    assert!(values.any(|one| *one == shown), "{failed}");
}

#[then(expr = "without the denial by {string} it would be allowed")]
async fn without_denial(world: &mut World, source: String) {
    let needed = &world.last.body["needed"];
    assert_eq!((&needed[0]["need"], &needed[0]["source"]), (&json!("no_denial"), &json!(source)), "{needed}");
    assert_eq!(needed.as_array().unwrap().len(), 1, "{needed}");
}

#[then(expr = "the roles {string} would allow it")]
async fn roles_would(world: &mut World, roles: String) {
    let needed = world.last.body["needed"].as_array().unwrap();
    let by_role = needed.iter().filter(|one| one["need"] == "role" && one["reaches"] == true);
    let mut names: Vec<_> = by_role.map(|one| one["role"]["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names.join(", "), roles, "{needed:?}");
}

#[then(expr = "what the rules say in detail is not shown")]
async fn no_detail(world: &mut World) {
    let body = world.last.body.clone();
    assert!(body["rules"]["effect"].is_string() && body["rules"].get("detail").is_none(), "{body}");
    let ada = world.id_of("ada");
    assert!(!body.to_string().contains(&ada), "{body}");
}
