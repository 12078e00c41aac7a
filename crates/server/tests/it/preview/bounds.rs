//! What is too much is an error and never a part that looks like all.

use super::{PREVIEW, World};
use crate::support::{StoreKind, send};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

fn everything_for(who: &str) -> Value {
    json!({ "add_rules": { "rules": [{ "ptype": "p", "values": [who, "*", "document:*", "*"] }] } })
}

#[tokio::test]
async fn a_list_that_is_too_long_is_refused_whole() {
    let world = World::new(StoreKind::Memory).await;
    let documents: Vec<_> = (0..30).map(|number| json!({ "type": "document", "id": format!("d{number}") })).collect();
    let put = json!({ "put_entities": { "entities": documents } });
    let changes = json!([put, everything_for("group:clerks")]);
    let asked = |limit: u16| json!({ "changes": changes, "limit": limit, "actions": ["read"], "subjects": [{ "type": "group", "id": "clerks" }] });
    let (status, preview) = world.preview(asked(30)).await;
    assert_eq!((status, preview["flips"].as_array().map(Vec::len)), (StatusCode::OK, Some(30)), "{preview}");
    assert!(preview["access_version"].is_i64());
    let (status, problem) = world.preview(asked(29)).await;
    assert_eq!((status, &problem["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("too_much")), "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains("more than 29 entries"), "{problem}");
    // What nobody names is everything that either state knows.
    let clerk = json!({ "put_entities": { "entities": [{ "type": "user", "id": "clerk" }] } });
    let (status, preview) = world.preview(json!({ "changes": [put, clerk, everything_for("user:clerk")] })).await;
    assert_eq!(status, StatusCode::OK, "{preview}");
    let flips = preview["flips"].as_array().unwrap();
    assert!(flips.len() >= 60 && flips.iter().all(|flip| flip["after"]["reason"] == "rule"), "{}", flips.len());
    let names: Vec<_> = (0..5_000).map(|number| json!({ "type": "group", "id": format!("g{number}") })).collect();
    let (status, problem) = world.preview(json!({ "changes": [clerk], "subjects": names, "resources": names })).await;
    assert_eq!((status, &problem["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("too_much")), "{problem}");
}

#[tokio::test]
async fn what_is_not_a_question_is_refused_with_its_place() {
    let world = World::new(StoreKind::Memory).await;
    let good = everything_for("group:clerks");
    for (body, field) in [
        (json!({ "changes": [] }), "changes"),
        (json!({ "changes": vec![good.clone(); 101] }), "changes"),
        (json!({ "changes": [good], "limit": 0 }), "limit"),
        (json!({ "changes": [good], "limit": 10_001 }), "limit"),
        (json!({ "changes": [good], "actions": [""] }), "actions"),
        (json!({ "changes": [good], "subjects": [{ "type": "group", "id": "x".repeat(1001) }] }), "subjects"),
        (json!({ "changes": [{ "drop_tables": {} }] }), "changes[0]"),
        (json!({ "changes": [{ "add_rules": { "rules": [{ "ptype": 1 }] } }] }), "changes[0].add_rules.rules[0].ptype"),
        (json!({ "changes": [{ "set_model": { "text": "x", "more": 1 } }] }), "changes[0].set_model.more"),
        (json!({}), "body"),
    ] {
        let (status, problem) = world.preview(body.clone()).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}: {problem}");
        let named = problem["errors"][0]["field"].as_str().unwrap();
        assert!(named.starts_with(field), "{body}: {problem}");
    }
}

/// On a store of one connection nothing else can be read while changes are tried; also the platform's model, which others
/// inherit, can be.
#[tokio::test]
async fn the_platform_tries_its_model_too() {
    for kind in [StoreKind::Memory, StoreKind::Sqlite] {
        let world = World::new(kind).await;
        let (status, answer) = world.put_rule(json!(["a", "*", "x", "read"])).await;
        assert!(status.is_success(), "{answer}");
        let preview = async |text: &str| {
            let body = json!({ "changes": [{ "set_model": { "text": text } }], "actions": ["read"] });
            send(&world.server, Method::POST, PREVIEW, Some(&world.root.access), Some(body)).await
        };
        let (status, answer) = preview(&world.model).await;
        assert_eq!((status, &answer["flips"]), (StatusCode::OK, &json!([])), "{answer}");
        // Ada's rule, which is read by it, would not fit.
        let narrow = "[request_definition]\nr = sub, act\n[policy_definition]\np = sub, act\n[policy_effect]\n\
                      e = some(where (p.eft == allow))\n[matchers]\nm = r.sub == p.sub && r.act == p.act\n";
        let (status, answer) = preview(narrow).await;
        assert_eq!(
            (status, &answer["code"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!("rules_do_not_fit")),
            "{answer}"
        );
    }
}
