//! The document as a whole.

use crate::openapi_document;
use serde_json::Value;
use std::collections::HashSet;

fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let methods = ["get", "post", "put", "patch", "delete"];
    paths
        .iter()
        .flat_map(|(path, item)| methods.iter().map(move |method| (format!("{method} {path}"), &item[*method])))
        .filter(|(_, operation)| operation.is_object())
        .collect()
}

fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(map) => {
            found.extend(map.get("$ref").and_then(Value::as_str));
            map.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn it_is_openapi_3_1_and_every_reference_leads_somewhere() {
    let document = openapi_document();
    assert_eq!(document["openapi"], "3.1.0");
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(!found.is_empty());
    for reference in found {
        let place = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(place).is_some(), "{reference}");
    }
}

#[test]
fn every_operation_says_what_it_is_and_what_it_answers() {
    let document = openapi_document();
    let mut names = HashSet::new();
    for (name, operation) in operations(&document) {
        assert!(names.insert(operation["operationId"].as_str().unwrap().to_owned()), "{name}: its id is taken");
        assert!(operation["summary"].as_str().is_some_and(|text| text.len() > 3), "{name}: no summary");
        assert_eq!(operation["tags"].as_array().unwrap().len(), 1, "{name}");
        let answers = operation["responses"].as_object().unwrap();
        assert!(answers.keys().any(|status| status.starts_with('2')), "{name}: no success");
        for status in ["400", "500", "503", "504"] {
            assert!(answers.contains_key(status), "{name}: {status}");
        }
    }
}

#[test]
fn every_value_in_a_path_is_described() {
    let document = openapi_document();
    for (name, operation) in operations(&document) {
        let described: HashSet<&str> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == "path")
            .filter_map(|parameter| parameter["name"].as_str())
            .collect();
        let named: HashSet<&str> =
            name.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        assert_eq!(described, named, "{name}");
    }
}

#[test]
fn updates_name_the_version_and_bodies_are_closed() {
    let document = openapi_document();
    for (name, operation) in operations(&document) {
        let takes = |header: &str| {
            operation["parameters"].as_array().into_iter().flatten().any(|parameter| parameter["name"] == header)
        };
        if name.starts_with("patch ") {
            assert!(takes("If-Match"), "{name}");
            assert!(operation["responses"]["200"]["headers"]["ETag"].is_object(), "{name}: its answer has no ETag");
        }
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        // The Authorization API passes over members that it does not know, as its specification wants; its questions can be explained.
        let is_open = name.contains(" /access/v1/") || name == "post /api/v1/access/explain";
        if let Some(reference) = schema["$ref"].as_str().filter(|_| !is_open) {
            let schema = document.pointer(&reference[1..]).unwrap();
            assert_eq!(schema["additionalProperties"], false, "{name}: its body is not closed");
        }
    }
}

/// What a version was read of is changed and removed for that version. The one exception says why in its description.
#[test]
fn what_has_an_etag_is_replaced_and_removed_with_if_match() {
    let document = openapi_document();
    let all = operations(&document);
    let takes_version = |operation: &Value| {
        operation["parameters"].as_array().into_iter().flatten().any(|parameter| parameter["name"] == "If-Match")
    };
    let mut without = Vec::new();
    for (name, operation) in &all {
        let Some((method, path)) = name.split_once(' ').filter(|(method, _)| *method != "get") else { continue };
        let read = all.iter().find(|(other, _)| *other == format!("get {path}"));
        let versioned = read.is_some_and(|(_, read)| read["responses"]["200"]["headers"]["ETag"].is_object());
        if versioned && ["put", "patch", "delete"].contains(&method) && !takes_version(operation) {
            without.push(operation["operationId"].as_str().unwrap());
            assert!(operation["description"].as_str().unwrap().contains("no `If-Match`"), "{name}");
        }
        if takes_version(operation) {
            assert!(operation["responses"]["412"].is_object() && operation["responses"]["428"].is_object(), "{name}");
        }
    }
    assert_eq!(without, ["remove_member"]);
}

#[test]
fn every_text_of_a_query_says_what_it_may_hold() {
    let document = openapi_document();
    let (mut texts, mut open) = (0, Vec::new());
    for (name, operation) in operations(&document) {
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let schema = &parameter["schema"];
            if parameter["in"] == "query" && schema["type"] == "string" {
                texts += 1;
                if ["format", "enum", "pattern"].iter().all(|key| schema[*key].is_null()) {
                    open.push(format!("{name} {}", parameter["name"]));
                }
            }
        }
    }
    assert!(texts > 20 && open.is_empty(), "{texts} texts; {open:?}");
}

/// What reads them takes null for absent, and so the document says it, or clients and the server disagree.
#[test]
fn optional_words_of_a_body_may_be_null() {
    let document = openapi_document();
    for (schema, field) in [
        ("FeatureCellChange", "scope"),
        ("FeaturePermissionChange", "scope"),
        ("FeaturePermissionChange", "value"),
        ("ViewPermissionChange", "value"),
    ] {
        let property = &document["components"]["schemas"][schema]["properties"][field];
        assert!(property["type"].as_array().unwrap().contains(&"null".into()), "{schema}.{field}: {property}");
        assert!(
            property["enum"].as_array().unwrap().contains(&serde_json::Value::Null),
            "{schema}.{field}: {property}"
        );
    }
}
