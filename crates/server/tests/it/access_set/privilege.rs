//! Nobody does by import what they may not do otherwise.

use super::{Chance, Scene, everything, join, sent};
use crate::support::{StoreKind, times};
use reqwest::{Method, StatusCode};
use serde_json::json;

/// What the platform has fixed in a level, the organization changes by import as little as otherwise.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_fixed_stays() {
    let scene = Scene::new(StoreKind::Memory).await;
    scene.imported("", &everything()).await;
    let levels = scene.ada.all(&scene.server, "/api/v1/user-levels").await;
    let level = levels[0]["id"].as_str().unwrap();
    let views = scene.ada.all(&scene.server, "/api/v1/views").await;
    let view = views.iter().find(|one| one["key"] == "stock").unwrap()["id"].as_str().unwrap();
    let path = format!("/api/v1/user-levels/{level}/view-permissions?organization_id={}", scene.organization);
    let fixed = json!({ "permissions": [{ "view_id": view, "value": "deny", "modifiable": false }] });
    sent(&scene.server, &scene.root, Method::PUT, &path, fixed).await;
    let before = scene.export().await;
    assert_eq!(before["user_levels"][0]["views"][1], json!({ "view": "stock", "value": "deny", "modifiable": false }));
    assert_eq!(scene.imported("", &before).await, [0, 0, 0]);
    let mut allowed = before.clone();
    allowed["user_levels"][0]["views"][1]["value"] = json!("allow");
    let mut loosened = before.clone();
    loosened["user_levels"][0]["views"][1]["modifiable"] = json!(true);
    let mut fixing = before.clone();
    fixing["user_levels"][0]["views"][0]["modifiable"] = json!(false);
    let mut without = before.clone();
    without["user_levels"][0]["views"].as_array_mut().unwrap().pop();
    let none = json!({ "user_levels": [], "members": [{ "username": "bob", "roles": ["user"] }] });
    for wrong in [allowed, loosened, fixing, without, none] {
        let (status, refused) = scene.import(&scene.ada, "", &wrong).await;
        assert_eq!((status, &refused["code"]), (StatusCode::CONFLICT, &json!("not_modifiable")), "{wrong} {refused}");
        assert_eq!(scene.export().await, before);
    }
}

/// Whoever may import gives no role and no permission that they do not hold: the document is refused whole.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_gives_by_import_what_they_lack() {
    let scene = Scene::new(StoreKind::Memory).await;
    let (server, ada) = (&scene.server, &scene.ada);
    let needed = [
        "policy_models:read",
        "policy_models:update",
        "policy_rules:read",
        "policy_rules:create",
        "policy_rules:delete",
        "policy_entities:read",
        "policy_entities:create",
        "policy_entities:update",
        "policy_entities:delete",
        "permissions:read",
        "permissions:create",
        "permissions:delete",
        "roles:read",
        "roles:create",
        "roles:update",
        "roles:delete",
        "user_levels:read",
        "user_levels:create",
        "user_levels:update",
        "members:read",
        "members:update",
        "organization_modules:read",
    ];
    let held: Vec<String> = needed.iter().map(|name| format!("{name}:organization")).collect();
    let lacking = ["teams:create", "audit_events:read", "service_accounts:create", "users:read"];
    let lacking: Vec<String> = lacking.iter().map(|name| format!("{name}:organization")).collect();
    let role = json!({ "name": "importer", "permissions": held });
    sent(server, ada, Method::POST, "/api/v1/roles", role).await;
    let max = join(server, ada, &scene.organization, "max", "importer").await;
    let mut chance = Chance::new(7);
    let (mut taken, mut refused) = (0, 0);
    for round in 0..times(40, 600) {
        let before = scene.export().await;
        let (mut permissions, mut lacks) = (Vec::new(), false);
        for _ in 0..=chance.below(4) {
            let from = if chance.one_in(5) { &lacking } else { &held };
            lacks |= std::ptr::eq(from, &lacking);
            permissions.push(from[chance.below(from.len())].clone());
        }
        let mut members = vec![json!({ "username": "bob", "roles": ["user", "made"] })];
        if chance.one_in(6) {
            // Above the importer.
            members.push(json!({ "username": "max", "roles": ["importer", "admin"] }));
            lacks = true;
        }
        if chance.one_in(8) {
            members.push(json!({ "username": "ada", "roles": ["user"] }));
            lacks = true;
        }
        let mut roles = before["roles"].as_array().unwrap().clone();
        roles.retain(|role| role["name"] != "made");
        roles.push(json!({ "name": "made", "permissions": permissions, "description": format!("round {round}") }));
        let set = json!({ "roles": roles, "members": members });
        let (status, answer) = scene.import(&max, "", &set).await;
        if lacks {
            refused += 1;
            assert!(status == StatusCode::FORBIDDEN || status == StatusCode::CONFLICT, "{set}: {status} {answer}");
            assert_eq!(scene.export().await, before, "refused whole");
        } else {
            taken += 1;
            assert_eq!(status, StatusCode::OK, "{set}: {answer}");
        }
    }
    assert!(taken > 5 && refused > 5, "{taken} taken, {refused} refused");
    let modules = json!({ "modules": [{ "key": "orders" }, { "key": "stock" }] });
    assert_eq!(scene.import(ada, "", &modules).await.0, StatusCode::FORBIDDEN);
    assert_ne!(scene.import(&scene.bob, "", &json!({})).await.0, StatusCode::OK);
}
