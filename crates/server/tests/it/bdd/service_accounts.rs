//! Steps about service accounts. One is remembered like a person whose access token is its key.

use super::world::World;
use cucumber::{given, then, when};
use reqwest::Method;
use serde_json::{Value, json};

const ALL: &str = "/api/v1/service-accounts";

fn body(account: &str, scopes: &str) -> Value {
    json!({ "name": account, "scopes": scopes.split(", ").collect::<Vec<_>>() })
}

#[when(expr = "{word} makes the service account {string} with {string}")]
async fn makes(world: &mut World, name: String, account: String, scopes: String) {
    let answer = world.post(&name, ALL, body(&account, &scopes)).await;
    if answer.status == 201 {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        world.ids.insert(format!("the key of {account}"), text(&answer.body["api_key"]["id"]));
        let program = world.person(&account);
        program.id = text(&answer.body["id"]);
        program.access = text(&answer.body["key"]);
    }
}

#[given(expr = "{word} has made the service account {string} with {string}")]
async fn has_made(world: &mut World, name: String, account: String, scopes: String) {
    makes(world, name, account, scopes).await;
    assert_eq!(world.last.status, 201, "{:?}", world.last);
}

#[when(expr = "{word} makes the service account {string} twice with one Idempotency-Key")]
async fn makes_twice(world: &mut World, name: String, account: String) {
    let access = world.person(&name).access.clone();
    for status in [201, 409] {
        let server = world.server().await;
        let request = server.http.post(format!("{}{ALL}", server.base)).bearer_auth(&access);
        let answer =
            request.header("Idempotency-Key", "once").json(&body(&account, "teams:read")).send().await.unwrap();
        world.last.status = answer.status().as_u16();
        world.last.body = answer.json().await.unwrap();
        assert_eq!(world.last.status, status, "{:?}", world.last);
    }
}

fn key_in(body: &Value) -> Option<String> {
    let text = body.to_string();
    let place = text.match_indices("ks_").map(|(place, _)| place);
    let mut words = place.map(|place| text[place..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_'));
    words.find_map(|word| Some(word.collect::<String>()).filter(|word| word.len() == 65))
}

#[then(expr = "the answer shows a key")]
async fn shows_a_key(world: &mut World) {
    assert!(key_in(&world.last.body).is_some() && world.last.body["key"].is_string(), "{:?}", world.last);
}

#[then(expr = "the answer shows no key")]
async fn shows_no_key(world: &mut World) {
    assert_eq!(key_in(&world.last.body), None);
}

#[then(expr = "{word}'s audit events do not show {word}'s key")]
async fn events_without_key(world: &mut World, name: String, account: String) {
    let key = world.person(&account).access.clone();
    let events = world.get(&name, "/api/v1/audit-events?limit=200").await.body;
    assert!(events.to_string().contains("api_key.created") && !events.to_string().contains(&key), "{events}");
    assert_eq!(key_in(&events), None);
}

async fn path(world: &World, account: &str) -> String {
    format!("{ALL}/{}", world.id_of(account))
}

async fn key_path(world: &World, account: &str) -> String {
    format!("{}/keys/{}", path(world, account).await, world.id(&format!("the key of {account}")))
}

#[when(expr = "{word} reads the service account {string}")]
async fn reads(world: &mut World, name: String, account: String) {
    let path = path(world, &account).await;
    world.get(&name, &path).await;
    assert_eq!(world.last.status, 200, "{:?}", world.last);
}

#[when(expr = "{word} lists the keys of {string}")]
async fn lists_keys(world: &mut World, name: String, account: String) {
    let path = path(world, &account).await;
    world.get(&name, &format!("{path}/keys")).await;
    let prefix = world.person(&account).access[..15].to_owned();
    assert_eq!(world.last.body["items"][0]["prefix"], json!(prefix), "{:?}", world.last);
}

#[when(expr = "{word} withdraws the key of {string}")]
async fn withdraws(world: &mut World, name: String, account: String) {
    let path = key_path(world, &account).await;
    world.delete(&name, &path).await;
}

#[when(expr = "{word} disables the service account {string}")]
async fn disables(world: &mut World, name: String, account: String) {
    let path = path(world, &account).await;
    world.change(&name, Method::PATCH, &path, &path, Some(json!({ "is_active": false }))).await;
}

#[when(expr = "{word} enables the service account {string}")]
async fn enables(world: &mut World, name: String, account: String) {
    let path = path(world, &account).await;
    world.change(&name, Method::PATCH, &path, &path, Some(json!({ "is_active": true }))).await;
}

async fn rotate(world: &mut World, name: &str, account: &str, body: Value) {
    let path = key_path(world, account).await;
    let answer = world.post(name, &format!("{path}/rotate"), body).await;
    if let Some(key) = answer.body["key"].as_str() {
        let program = world.person(account);
        program.other_access = std::mem::replace(&mut program.access, key.to_owned());
    }
}

#[when(expr = "{word} rotates the key of {string}")]
async fn rotates(world: &mut World, name: String, account: String) {
    rotate(world, &name, &account, json!({})).await;
}

#[when(expr = "{word} rotates the key of {string} without an overlap")]
async fn rotates_at_once(world: &mut World, name: String, account: String) {
    rotate(world, &name, &account, json!({ "overlap_seconds": 0 })).await;
}

async fn reading_teams(world: &mut World, account: &str, key: String) -> u16 {
    let own = std::mem::replace(&mut world.person(account).access, key);
    let status = world.get(account, "/api/v1/teams").await.status;
    world.person(account).access = own;
    status
}

#[then(expr = "{word} can read the teams")]
async fn can_read(world: &mut World, account: String) {
    assert_eq!(world.get(&account, "/api/v1/teams").await.status, 200, "{:?}", world.last);
}

#[then(expr = "{word} can read the teams with both keys")]
async fn both_keys(world: &mut World, account: String) {
    let old = world.person(&account).other_access.clone();
    assert_eq!(reading_teams(world, &account, old).await, 200, "{:?}", world.last);
    can_read(world, account).await;
}

#[then(expr = "{word} can read the teams with the new key only")]
async fn new_key_only(world: &mut World, account: String) {
    let old = world.person(&account).other_access.clone();
    assert_eq!(reading_teams(world, &account, old).await, 401, "{:?}", world.last);
    can_read(world, account).await;
}

#[when(expr = "{word} reads the roles")]
async fn reads_roles(world: &mut World, account: String) {
    world.get(&account, "/api/v1/roles").await;
}

#[when(expr = "{word} reads its own account")]
async fn reads_me(world: &mut World, account: String) {
    world.get(&account, "/api/v1/me").await;
}

#[when(expr = "{word} lists its sessions")]
async fn lists_sessions(world: &mut World, account: String) {
    world.get(&account, "/api/v1/sessions").await;
}

#[then(expr = "{word} is a stranger")]
async fn is_a_stranger(world: &mut World, account: String) {
    for path in ["/api/v1/teams", "/api/v1/me"] {
        let answer = world.get(&account, path).await;
        assert_eq!((answer.status, answer.body["code"].as_str()), (401, Some("unauthenticated")), "{answer:?}");
    }
}

#[when(expr = "{word} archives {string}")]
async fn archives(world: &mut World, name: String, organization: String) {
    let path = format!("/api/v1/organizations/{}", world.id(&organization));
    let answer = world.change(&name, Method::DELETE, &path, &path, None).await;
    assert_eq!(answer.status, 204, "{answer:?}");
}

#[then(expr = "every wrong key of {word} has the same answer")]
async fn wrong_keys(world: &mut World, account: String) {
    let key = world.person(&account).access.clone();
    let (beginning, rest) = key.split_at(16);
    // A typo; two keys that are made up but well formed, one of them with the beginning of a real one; none at all.
    let made_up = "ks_0123456789AB_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg2QoHtA";
    let typo = format!("{beginning}{}", rest.chars().rev().collect::<String>());
    let mut answers = Vec::new();
    for wrong in [typo.as_str(), made_up, &with_checksum(&format!("{beginning}{}", "0".repeat(43))), "ks_"] {
        let status = reading_teams(world, &account, wrong.to_owned()).await;
        let mut body = world.last.body.clone();
        body.as_object_mut().unwrap().remove("request_id");
        answers.push((status, body));
    }
    assert_eq!(answers[0].0, 401);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    can_read(world, account).await;
}

/// The text with its checksum, as the how-to says that anybody can compute it.
fn with_checksum(text: &str) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let step = |crc: u32| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
    let mut rest = !text.bytes().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(byte), |crc, _| step(crc)));
    let mut digits = [0; 6];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[(rest % 62) as usize];
        rest /= 62;
    }
    format!("{text}{}", String::from_utf8_lossy(&digits))
}
