//! Steps about previews.

use super::world::World;
use cucumber::{gherkin::Step, then, when};
use serde_json::{Value, json};

const PREVIEW: &str = "/api/v1/access/preview";

/// `p, grace, *` in each line, with the people's identifiers in the place of their names.
fn rules(world: &World, step: &Step) -> Value {
    let lines = step.docstring.as_deref().unwrap().lines().map(str::trim).filter(|line| !line.is_empty());
    let value = |value: &str| if value == "grace" { world.id_of(value) } else { value.to_owned() };
    let rule = |line: &str| {
        let (ptype, values) = line.split_once(", ").unwrap();
        json!({ "ptype": ptype, "values": values.split(", ").map(value).collect::<Vec<_>>() })
    };
    lines.map(rule).collect()
}

async fn preview(world: &mut World, name: &str, change: Value) {
    let subject = json!({ "type": "user", "id": world.id_of("grace") });
    let body = json!({ "changes": [change], "subjects": [subject] });
    world.post(name, PREVIEW, body).await;
}

#[when(regex = r"^(ada|grace) previews the rules$")]
async fn previews_rules(world: &mut World, name: String, step: &Step) {
    let rules = rules(world, step);
    world.tokens.insert("previewed".to_owned(), rules.to_string());
    preview(world, &name, json!({ "add_rules": { "rules": rules } })).await;
}

#[when(expr = "ada previews the document {string} with {string}")]
async fn previews_document(world: &mut World, id: String, status: String) {
    let entity = json!({ "type": "document", "id": id, "properties": { "status": status } });
    preview(world, "ada", json!({ "put_entities": { "entities": [entity] } })).await;
}

#[when(expr = "ada saves what she has previewed")]
async fn saves(world: &mut World) {
    let rules: Value = serde_json::from_str(&world.tokens["previewed"]).unwrap();
    let answer = world.post("ada", "/api/v1/access/rules", json!({ "rules": rules })).await;
    assert_eq!(answer.status, 201, "{answer:?}");
}

#[then(expr = "the preview of the same rules is empty")]
async fn is_empty(world: &mut World) {
    let rules: Value = serde_json::from_str(&world.tokens["previewed"]).unwrap();
    preview(world, "ada", json!({ "add_rules": { "rules": rules } })).await;
    assert_eq!(world.last.body["flips"], json!([]), "{:?}", world.last);
}

#[then(regex = r#"^grace would be (allowed|denied) to "(\w+)" the documents "(.*)"$"#)]
async fn would_be(world: &mut World, outcome: String, action: String, ids: String) {
    let flips = world.last.body["flips"].as_array().unwrap_or_else(|| panic!("{:?}", world.last)).clone();
    let grace = world.id_of("grace");
    let found: Vec<_> = flips.iter().map(|flip| flip["resource"]["id"].as_str().unwrap()).collect();
    assert_eq!(found.join(", "), ids, "{flips:?}");
    for flip in &flips {
        assert_eq!((&flip["subject"]["id"], &flip["action"]), (&json!(grace), &json!(action)), "{flip}");
        let allowed = outcome == "allowed";
        assert_eq!(
            (&flip["before"]["allowed"], &flip["after"]["allowed"]),
            (&json!(!allowed), &json!(allowed)),
            "{flip}"
        );
        let by_rule = if allowed { &flip["after"]["rule_id"] } else { &flip["before"]["rule_id"] };
        assert!(by_rule.is_string(), "{flip}");
    }
}
