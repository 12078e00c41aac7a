//! Random documents.

use super::{Chance, MODEL, Scene};
use crate::support::{StoreKind, times};
use reqwest::StatusCode;
use serde_json::{Value, json};

/// Whatever is imported is what is there then; to import it again changes nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_imported_is_there_on_every_store() {
    let stores = [(StoreKind::Memory, 12), (StoreKind::Sqlite, 3), (StoreKind::Json, 2), (StoreKind::Postgres, 3)];
    for (kind, rounds) in stores {
        let scene = Scene::new(kind).await;
        let mut chance = Chance::new(11);
        for round in 0..times(rounds, 20 * rounds) {
            let set = random_set(&mut chance);
            let (status, answer) = scene.import(&scene.ada, "", &set).await;
            assert_eq!(status, StatusCode::OK, "{kind:?} {round}: {set} {answer}");
            let there = scene.export().await;
            for (list, wanted) in set.as_object().unwrap() {
                let (mut wanted, mut found) = (wanted.clone(), there[list].clone());
                for lines in [&mut wanted, &mut found] {
                    if let Some(lines) = lines.as_array_mut() {
                        lines.retain(|one| one["username"] != "ada");
                        lines.sort_by_key(ToString::to_string);
                    }
                }
                assert_eq!(found, wanted, "{kind:?} {round} {list}");
            }
            assert_eq!(scene.imported("", &there).await, [0, 0, 0], "{kind:?} {round}");
        }
    }
}

fn random_set(chance: &mut Chance) -> Value {
    let names: Vec<String> = (0..4).map(|number| format!("reports:do{number}:organization")).collect();
    let permissions: Vec<&String> = names.iter().filter(|_| !chance.one_in(3)).collect();
    let mut roles = Vec::new();
    for number in 0..chance.below(4) {
        let mut has: Vec<&str> = permissions.iter().filter(|_| chance.one_in(2)).map(|name| name.as_str()).collect();
        has.push("teams:read:organization");
        has.sort_unstable();
        roles.push(json!({ "name": format!("role{number}"), "permissions": has }));
    }
    let mut levels = Vec::new();
    for number in 0..chance.below(3) {
        let mut features = Vec::new();
        for feature in ["orders", "stock"] {
            if chance.one_in(2) {
                let scope = ["own", "team", "organization"][chance.below(3)];
                let value = ["allow", "deny"][chance.below(2)];
                features.push(
                    json!({ "feature": feature, "action": "read", "value": value, "scope": scope, "modifiable": true }),
                );
            }
        }
        levels.push(json!({ "name": format!("Level {number}"), "views": [], "features": features }));
    }
    let held = |list: &[Value]| list.iter().map(|one| one["name"].clone()).collect::<Vec<_>>();
    let mut bobs = held(&roles);
    bobs.push(json!("user"));
    let mut rules = Vec::new();
    for number in 0..chance.below(6) {
        let act = ["read", "write"][chance.below(2)];
        rules.push(json!({ "ptype": "p", "values": [format!("s{}", chance.below(3)), "*", "document:*", act], "is_active": number != 3 }));
    }
    let entities: Vec<Value> = (0..chance.below(4))
        .map(|number| json!({ "type": "document", "id": format!("d{number}"), "properties": { "n": chance.below(3) } }))
        .collect();
    let model = if chance.one_in(2) { json!({ "text": MODEL }) } else { json!({}) };
    json!({
        "permissions": permissions.iter().map(|name| json!({ "name": name })).collect::<Vec<_>>(),
        "roles": roles, "user_levels": levels, "rules": rules, "entities": entities, "model": model,
        "members": [{ "username": "bob", "roles": bobs, "user_levels": held(&levels) }],
    })
}
