//! What could not be saved is refused as saving it would be, and whoever may not save it may not preview it.

use super::{World, sent};
use crate::support::{Person, StoreKind, send};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

#[tokio::test]
async fn mistakes_are_those_of_saving_with_the_place_of_the_change() {
    let world = World::new(StoreKind::Sqlite).await;
    let fine = json!({ "put_entities": { "entities": [{ "type": "document", "id": "d1" }] } });
    let rule = |values: Value| json!({ "rules": [{ "ptype": "p", "values": ["a", "*", "x", "read"] }, { "ptype": "p", "values": values }] });
    for (name, path, method, body) in [
        ("add_rules", "/api/v1/access/rules", Method::POST, rule(json!(["a", "*"]))),
        ("add_rules", "/api/v1/access/rules", Method::POST, rule(json!(["a", "*", "x", "read", "allow", "what()"]))),
        ("replace_rules", "/api/v1/access/rules", Method::PUT, rule(json!(["a", "*", "x", "read", "perhaps"]))),
        ("put_entities", "/api/v1/access/entities", Method::PUT, json!({ "entities": [{ "type": "a b", "id": "x" }] })),
        ("remove_rules", "/api/v1/access/rules/delete", Method::POST, json!({ "ids": [world.role] })),
        (
            "remove_entities",
            "/api/v1/access/entities/delete",
            Method::POST,
            json!({ "entities": [{ "type": "document", "id": "none" }] }),
        ),
    ] {
        let (status, saving) = send(&world.server, method, path, Some(&world.ada.access), Some(body.clone())).await;
        assert!(status.is_client_error(), "{name}: {saving}");
        let (previewed, preview) = world.preview(json!({ "changes": [fine, { name: body }] })).await;
        assert_eq!((previewed, &preview["code"]), (status, &saving["code"]), "{preview}");
        let place = format!("changes[1].{name}");
        assert!(preview["detail"].as_str().unwrap().starts_with(&place), "{preview}");
        for (at, error) in saving["errors"].as_array().into_iter().flatten().enumerate() {
            let field = format!("{place}.{}", error["field"].as_str().unwrap());
            assert_eq!(
                (&preview["errors"][at]["field"], &preview["errors"][at]["message"]),
                (&json!(field), &error["message"])
            );
        }
    }
    let (status, problem) =
        world.preview(json!({ "changes": [{ "set_model": { "text": "[request_definition]\nr = sub sub" } }] })).await;
    assert_eq!((status, &problem["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("malformed_model")));
    assert_eq!(problem["errors"][0]["field"], "changes[0].set_model.text", "{problem}");
    assert!(problem["errors"][0]["message"].as_str().unwrap().contains("line 2"), "{problem}");
    // Of all of that nothing is there.
    assert_eq!(world.rules().await.len(), 0);
    let entities = world.ada.all(&world.server, "/api/v1/access/entities").await;
    assert!(entities.is_empty(), "{entities:?}");
}

#[tokio::test]
async fn whoever_may_not_save_it_may_not_preview_it() {
    let world = World::new(StoreKind::Sqlite).await;
    let change =
        json!({ "changes": [{ "add_rules": { "rules": [{ "ptype": "p", "values": ["a", "*", "x", "read"] }] } }] });
    let program = async |scopes: &[&str]| {
        let body = json!({ "name": format!("program {}", scopes.len()), "scopes": scopes });
        let made = sent(&world.server, &world.ada.access, Method::POST, "/api/v1/service-accounts", body).await;
        made["key"].as_str().unwrap().to_owned()
    };
    let (reads, creates) = ("access:read:organization", "policy_rules:create:organization");
    for (scopes, expected) in [(&[][..], false), (&[reads], false), (&[creates], false), (&[reads, creates], true)] {
        // No two of them have one name.
        let key = if scopes == [creates] {
            program(&[creates, "teams:read:organization", "roles:read:organization"]).await
        } else {
            program(scopes).await
        };
        let (status, answer) =
            send(&world.server, Method::POST, super::PREVIEW, Some(&key), Some(change.clone())).await;
        assert_eq!(status.is_success(), expected, "{scopes:?}: {status} {answer}");
        assert!(expected || [403, 404].contains(&status.as_u16()), "{status}");
    }
    // What the platform gives, an organization's administrator cannot even try.
    let module = json!({ "changes": [{ "remove_module": { "module_id": world.module } }] });
    let (status, answer) = world.preview(module).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "{answer}");
    let everything =
        json!({ "changes": [{ "set_member_roles": { "user_id": world.grace_id, "roles": ["nothing"] } }] });
    assert!(world.preview(everything).await.0.is_client_error());
}

/// What another organization has can neither be changed nor seen in a preview.
#[tokio::test]
async fn another_organizations_things_are_not_there() {
    let world = World::new(StoreKind::Sqlite).await;
    let rule = json!({ "rules": [{ "ptype": "p", "values": ["a", "*", "x", "read"] }] });
    let made = sent(&world.server, &world.ada.access, Method::POST, "/api/v1/access/rules", rule).await;
    let eve = Person::new(&world.server, "eve").await;
    for change in [
        json!({ "remove_rules": { "ids": made["ids"] } }),
        json!({ "change_rule": { "id": made["ids"][0], "is_active": false } }),
        json!({ "set_role_permissions": { "role_id": world.role, "permissions": [] } }),
        json!({ "give_user_level": { "user_level_id": world.level, "user_id": world.grace_id } }),
        json!({ "set_member_roles": { "user_id": world.grace_id, "roles": ["admin"] } }),
    ] {
        let body = json!({ "changes": [change] });
        let (status, answer) = send(&world.server, Method::POST, super::PREVIEW, Some(&eve.access), Some(body)).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{change}: {answer}");
    }
    let harmless = json!({ "changes": [{ "put_entities": { "entities": [{ "type": "document", "id": "d1" }] } }], "actions": ["read"] });
    let (status, answer) = send(&world.server, Method::POST, super::PREVIEW, Some(&eve.access), Some(harmless)).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    for hidden in [&world.ada_id, &world.grace_id, &world.organization] {
        assert!(!answer.to_string().contains(hidden.as_str()), "{answer}");
    }
}
