//! Steps about accounts.

use super::world::World;
use crate::support::ADMIN_PASSWORD;
use cucumber::{given, then, when};
use reqwest::Method;
use serde_json::json;

#[given(expr = "{word} has an account")]
async fn has_an_account(world: &mut World, name: String) {
    let answer = world.register(&name, &format!("the long phrase of {name}")).await;
    assert_eq!(answer.status, 201, "{answer:?}");
}

#[given(expr = "the administrator has just been made")]
async fn first_administrator(world: &mut World) {
    let answer = world.sign_in("admin", ADMIN_PASSWORD).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    world.person("admin").password = ADMIN_PASSWORD.to_owned();
}

#[when(expr = "{word} registers with the password {string}")]
async fn registers(world: &mut World, name: String, password: String) {
    world.register(&name, &password).await;
}

#[when(expr = "somebody registers as {string} with the address {string}")]
async fn registers_as(world: &mut World, username: String, email: String) {
    let body = json!({ "username": username, "email": email, "password": "a fairly long phrase" });
    world.post("", "/api/v1/accounts", body).await;
}

#[then(expr = "nobody can sign in as {string} with {string}")]
async fn cannot_sign_in(world: &mut World, login: String, password: String) {
    assert_eq!(world.sign_in(&login, &password).await.status, 401);
}

#[given(expr = "the administrator has disabled {word}")]
#[when(expr = "the administrator disables {word}")]
async fn disables(world: &mut World, name: String) {
    administer(world, &name, "disable").await;
}

#[when(expr = "the administrator unlocks {word}")]
async fn unlocks(world: &mut World, name: String) {
    administer(world, &name, "unlock").await;
}

async fn administer(world: &mut World, name: &str, verb: &str) {
    world.administrator().await;
    let path = format!("/api/v1/users/{}", world.id_of(name));
    let answer = world.change("admin", Method::POST, &format!("{path}/{verb}"), &path, None).await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

#[when(expr = "the administrator asks for the list of users")]
async fn list_of_users(world: &mut World) {
    world.get("admin", "/api/v1/users").await;
}

#[when(expr = "the administrator changes the password to {string}")]
async fn administrator_changes_password(world: &mut World, password: String) {
    change_password(world, "admin", &password).await;
}

#[when(regex = r#"^(ada|grace|eve) changes the password to "(.*)"$"#)]
async fn changes_password(world: &mut World, name: String, password: String) {
    change_password(world, &name, &password).await;
}

async fn change_password(world: &mut World, name: &str, password: &str) {
    let current = world.person(name).password.clone();
    let body = json!({ "current_password": current, "new_password": password });
    world.post(name, "/api/v1/me/password", body).await;
    world.person(name).password = password.to_owned();
}

#[when(expr = "the administrator signs in with {string}")]
async fn administrator_signs_in(world: &mut World, password: String) {
    world.sign_in("admin", &password).await;
}

#[then(expr = "{word} can see their own account")]
async fn sees_own_account(world: &mut World, name: String) {
    let answer = world.get(&name, "/api/v1/me").await;
    assert_eq!((answer.status, answer.body["username"].as_str()), (200, Some(name.as_str())), "{answer:?}");
}

#[then(expr = "{word} works in an organization of their own")]
async fn own_organization(world: &mut World, name: String) {
    let answer = world.get(&name, "/api/v1/me/organizations").await;
    let items = answer.body["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "{answer:?}");
    assert_eq!(items[0]["organization"]["kind"].as_str().or(items[0]["kind"].as_str()), Some("personal"), "{answer:?}");
}

#[when(expr = "{word} changes their first name to {string} for the version they have read")]
async fn changes_name(world: &mut World, name: String, first_name: String) {
    let etag = world.get(&name, "/api/v1/me").await.etag;
    world.person(&name).earlier_etag.clone_from(&etag);
    world.send(&name, Method::PATCH, "/api/v1/me", Some(json!({ "first_name": first_name })), Some(&etag)).await;
}

#[when(expr = "{word} changes their first name to {string} for the version they had read before")]
async fn changes_name_stale(world: &mut World, name: String, first_name: String) {
    let etag = world.person(&name).earlier_etag.clone();
    world.send(&name, Method::PATCH, "/api/v1/me", Some(json!({ "first_name": first_name })), Some(&etag)).await;
}

#[when(expr = "{word} changes their first name to {string} without saying for which version")]
async fn changes_name_blindly(world: &mut World, name: String, first_name: String) {
    world.send(&name, Method::PATCH, "/api/v1/me", Some(json!({ "first_name": first_name })), None).await;
}

#[when(regex = r"^(ada|grace|eve) asks for (ada|grace|eve)'s account$")]
async fn asks_for_account(world: &mut World, name: String, other: String) {
    let path = format!("/api/v1/users/{}", world.id_of(&other));
    world.get(&name, &path).await;
}

#[when(regex = r"^(ada|grace|eve) changes (ada|grace|eve)'s first name$")]
async fn changes_other(world: &mut World, name: String, other: String) {
    let path = format!("/api/v1/users/{}", world.id_of(&other));
    world.change(&name, Method::PATCH, &path, &path, Some(json!({ "first_name": "Mallory" }))).await;
}

#[then(regex = r"^the answer is (\d+)$")]
async fn answer_is(world: &mut World, status: u16) {
    assert_eq!(world.last.status, status, "{:?}", world.last);
}

#[then(regex = r#"^the answer is (\d+) with code "(\w+)"$"#)]
async fn answer_is_with_code(world: &mut World, status: u16, code: String) {
    assert_eq!(
        (world.last.status, world.last.body["code"].as_str()),
        (status, Some(code.as_str())),
        "{:?}",
        world.last
    );
}

#[then(expr = "the answer is the same as before")]
async fn answer_is_the_same(world: &mut World) {
    let without_id = |mut body: serde_json::Value| {
        body.as_object_mut().unwrap().remove("request_id");
        body
    };
    assert_eq!(world.last.status, world.before.status);
    assert_eq!(without_id(world.last.body.clone()), without_id(world.before.body.clone()));
}
