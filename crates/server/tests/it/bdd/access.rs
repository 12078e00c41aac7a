//! Steps about roles and audit events.

use super::world::World;
use cucumber::{given, then, when};
use reqwest::Method;
use serde_json::json;

#[when(expr = "{word} makes the role {string} with {string}")]
async fn makes_role(world: &mut World, name: String, role: String, permissions: String) {
    let permissions: Vec<_> = permissions.split(", ").collect();
    let answer = world.post(&name, "/api/v1/roles", json!({ "name": role, "permissions": permissions })).await;
    if let Some(id) = answer.body["id"].as_str() {
        world.ids.insert(role, id.to_owned());
    }
}

#[when(regex = r#"^(ada) gives (grace|eve) the roles "(.*)"$"#)]
async fn gives_roles(world: &mut World, name: String, other: String, roles: String) {
    let member = format!("/api/v1/organizations/{}/members/{}", world.id("Engines"), world.id_of(&other));
    let roles: Vec<_> = roles.split(", ").collect();
    let body = json!({ "roles": roles });
    world.change(&name, Method::PUT, &format!("{member}/roles"), &member, Some(body)).await;
}

#[when(expr = "{word} defines the permission {string}")]
async fn defines(world: &mut World, name: String, permission: String) {
    world.post(&name, "/api/v1/permissions", json!({ "name": permission })).await;
}

#[when(expr = "{word} renames the role {string} to {string}")]
async fn renames_role(world: &mut World, name: String, role: String, new_name: String) {
    let answer = world.get(&name, "/api/v1/roles?limit=200").await;
    let items = answer.body["items"].as_array().unwrap();
    let id = items.iter().find(|item| item["name"] == json!(role)).unwrap()["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/roles/{id}");
    world.change(&name, Method::PATCH, &path, &path, Some(json!({ "name": new_name }))).await;
}

async fn event_types(world: &mut World, name: &str) -> Vec<String> {
    let answer = world.get(name, "/api/v1/audit-events?limit=200").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let items = answer.body["items"].as_array().unwrap();
    items.iter().map(|item| item["event_type"].as_str().unwrap().to_owned()).collect()
}

#[given(expr = "the server records {string} as audit events")]
async fn records(world: &mut World, which: String) {
    world.start_with(&[("KEYSTEAD_AUDIT_RECORD_DECISIONS", &which)]).await;
}

#[then(regex = r#"^(ada|grace)'s audit events soon tell of "(.*)"$"#)]
async fn events_soon_tell(world: &mut World, name: String, event_type: String) {
    for _ in 0..100 {
        if event_types(world, &name).await.contains(&event_type) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("no {event_type} in {:?}", event_types(world, &name).await);
}

#[then(regex = r#"^(ada|grace|eve)'s audit events tell of "(.*)"$"#)]
async fn events_tell(world: &mut World, name: String, event_type: String) {
    // After a replay the session is gone: the events are read in a new one.
    if world.get(&name, "/api/v1/me").await.status == 401 {
        let password = world.person(&name).password.clone();
        world.sign_in(&name, &password).await;
    }
    let types = event_types(world, &name).await;
    assert!(types.contains(&event_type), "{types:?}");
}

#[then(regex = r#"^(ada|grace|eve)'s audit events do not tell of "(.*)"$"#)]
async fn events_do_not_tell(world: &mut World, name: String, event_type: String) {
    let types = event_types(world, &name).await;
    assert!(!types.contains(&event_type), "{types:?}");
}

async fn events_text(world: &mut World, name: &str) -> String {
    let answer = world.get(name, "/api/v1/audit-events?limit=200").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body.to_string()
}

#[then(regex = r#"^(ada|grace|eve)'s audit events show "(.*)"$"#)]
async fn events_show(world: &mut World, name: String, text: String) {
    let events = events_text(world, &name).await;
    assert!(events.contains(&text), "{events}");
}

#[then(regex = r#"^(ada|grace|eve)'s audit events do not show "(.*)"$"#)]
async fn events_do_not_show(world: &mut World, name: String, text: String) {
    let events = events_text(world, &name).await;
    assert!(!events.contains(&text), "{events}");
}
