//! Steps about policies.

use super::world::World;
use cucumber::{gherkin::Step, given, then, when};
use reqwest::Method;
use serde_json::{Value, json};

const RULES: &str = "/api/v1/access/rules";
const MODEL: &str = "/api/v1/access/model";

/// `p, editor, *` in each line.
fn rules(step: &Step) -> Vec<Value> {
    let lines = step.docstring.as_deref().unwrap().lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let (ptype, values) = line.split_once(", ").unwrap();
            json!({ "ptype": ptype, "values": values.split(", ").collect::<Vec<_>>() })
        })
        .collect()
}

#[when(expr = "{word} adds the rules")]
async fn adds(world: &mut World, name: String, step: &Step) {
    world.post(&name, RULES, json!({ "rules": rules(step) })).await;
}

#[when(expr = "{word} adds a rule by which {word} may do everything")]
async fn adds_everything(world: &mut World, name: String, other: String) {
    let rule = json!({ "ptype": "p", "values": [world.id_of(&other), "*", "*", "*"] });
    world.post(&name, RULES, json!({ "rules": [rule] })).await;
}

#[when(expr = "{word} grants {word} the role {string} from {string} until {string}")]
async fn grants(world: &mut World, name: String, other: String, role: String, from: String, until: String) {
    let rule = json!({ "ptype": "g", "values": [other, role, "*"], "not_before": from, "expires_at": until });
    world.post(&name, RULES, json!({ "rules": [rule] })).await;
}

async fn found(world: &mut World, name: &str, query: &str) -> Vec<Value> {
    let last = world.last.clone();
    let answer = world.get(name, &format!("{RULES}?limit=200&{query}")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    world.last = last;
    answer.body["items"].as_array().unwrap().clone()
}

#[then(regex = r"^(\w+) has (\d+) rules?$")]
async fn has(world: &mut World, name: String, count: usize) {
    let rules = found(world, &name, "").await;
    assert_eq!(rules.len(), count, "{rules:?}");
}

#[then(regex = r#"^(\w+) has (\d+) rules? with "(.*)"$"#)]
async fn has_with(world: &mut World, name: String, count: usize, query: String) {
    let rules = found(world, &name, &query).await;
    assert_eq!(rules.len(), count, "{rules:?}");
}

#[when(expr = "{word} puts the rule of {string} to rest")]
async fn rests(world: &mut World, name: String, query: String) {
    let rules = found(world, &name, &query).await;
    let path = format!("{RULES}/{}", rules[0]["id"].as_str().unwrap());
    world.change(&name, Method::PATCH, &path, &path, Some(json!({ "is_active": false }))).await;
}

#[when(expr = "{word} removes the rules with the kind {string}")]
async fn removes(world: &mut World, name: String, ptype: String) {
    world.post(&name, &format!("{RULES}/delete"), json!({ "filter": { "ptype": ptype } })).await;
}

#[when(expr = "{word} puts a model with the matcher {string}")]
async fn puts_model(world: &mut World, name: String, matcher: String) {
    let text = format!(
        "[request_definition]\nr = sub, obj, act\n[policy_definition]\np = sub, obj, act\n\
         [policy_effect]\ne = some(where (p.eft == allow))\n[matchers]\nm = {matcher}\n"
    );
    world.change(&name, Method::PUT, MODEL, MODEL, Some(json!({ "text": text }))).await;
}

#[when(expr = "{word} takes the model away")]
async fn takes_model(world: &mut World, name: String) {
    world.change(&name, Method::DELETE, MODEL, MODEL, None).await;
}

#[then(expr = "the refusal names {string} and says {string}")]
async fn refusal(world: &mut World, field: String, message: String) {
    let error = &world.last.body["errors"][0];
    assert_eq!(error["field"], json!(field), "{:?}", world.last);
    assert!(error["message"].as_str().unwrap().contains(&message), "{:?}", world.last);
}

#[when(expr = "{word} exports the rules")]
async fn exports(world: &mut World, name: String) {
    let access = world.person(&name).access.clone();
    let server = world.server().await;
    let answer = server.http.get(format!("{}{RULES}.csv", server.base)).bearer_auth(access).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8");
    let text = answer.text().await.unwrap();
    world.tokens.insert("exported".to_owned(), text);
}

#[when(expr = "{word} imports what was exported")]
async fn imports(world: &mut World, name: String) {
    let (access, text) = (world.person(&name).access.clone(), world.tokens["exported"].clone());
    let server = world.server().await;
    let request = server.http.put(format!("{}{RULES}.csv", server.base)).bearer_auth(access);
    let answer = request.header("content-type", "text/csv").body(text).send().await.unwrap();
    world.last.status = answer.status().as_u16();
    world.last.body = answer.json().await.unwrap();
}

#[given(expr = "{word} makes the document {string} known with {string}")]
#[when(expr = "{word} makes the document {string} known with {string}")]
async fn makes_known(world: &mut World, name: String, id: String, status: String) {
    let entity = json!({ "type": "document", "id": id, "properties": { "status": status } });
    let body = json!({ "entities": [entity] });
    world.send(&name, Method::PUT, "/api/v1/access/entities", Some(body), None).await;
}

#[then(expr = "the document {string} of {word} is {string}")]
async fn document_is(world: &mut World, id: String, name: String, status: String) {
    let answer = world.get(&name, &format!("/api/v1/access/entities/document/{id}")).await;
    assert_eq!(answer.body["properties"]["status"], json!(status), "{answer:?}");
}
