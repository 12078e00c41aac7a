//! Steps about sessions.

use super::world::World;
use cucumber::{given, then, when};
use serde_json::json;

#[given(expr = "{word} has signed in")]
async fn has_signed_in(world: &mut World, name: String) {
    world.signed_in(&name).await;
}

#[given(expr = "{word} has signed in on another device")]
async fn another_device(world: &mut World, name: String) {
    let password = world.person(&name).password.clone();
    assert_eq!(world.sign_in(&name, &password).await.status, 200);
}

#[when(regex = r#"^(ada|grace|eve) signs in with "(.*)"$"#)]
async fn signs_in(world: &mut World, name: String, password: String) {
    world.sign_in(&name, &password).await;
}

#[when(regex = r#"^somebody signs in as "([^"]*)" with "([^"]*)"$"#)]
async fn somebody_signs_in(world: &mut World, login: String, password: String) {
    world.post("", "/api/v1/sessions", json!({ "login": login, "password": password })).await;
}

#[when(regex = r#"^somebody signs in as "([^"]*)" with "([^"]*)" (\d+) times$"#)]
async fn somebody_signs_in_often(world: &mut World, login: String, password: String, times: u32) {
    for _ in 0..times {
        world.post("", "/api/v1/sessions", json!({ "login": login, "password": password })).await;
    }
}

#[when(regex = r#"^somebody signs in as "([^"]*)" with (ada|grace|eve)'s password$"#)]
async fn somebody_knows_the_password(world: &mut World, login: String, name: String) {
    let password = world.person(&name).password.clone();
    world.post("", "/api/v1/sessions", json!({ "login": login, "password": password })).await;
}

#[given(expr = "{word} has refreshed")]
#[when(expr = "{word} refreshes")]
async fn refreshes(world: &mut World, name: String) {
    let token = world.person(&name).refresh.last().unwrap().clone();
    let answer = world.post("", "/api/v1/sessions/refresh", json!({ "refresh_token": token })).await;
    if answer.status == 200 {
        world.keep_tokens(&name, &answer, false);
    }
}

#[then(expr = "{word} can refresh")]
async fn can_refresh(world: &mut World, name: String) {
    refreshes(world, name).await;
    assert_eq!(world.last.status, 200, "{:?}", world.last);
}

#[then(expr = "{word} cannot refresh")]
async fn cannot_refresh(world: &mut World, name: String) {
    refreshes(world, name).await;
    assert_eq!(world.last.status, 401, "{:?}", world.last);
}

#[then(expr = "the refresh token is a new one")]
async fn new_refresh_token(world: &mut World) {
    let tokens = &world.person("ada").refresh;
    assert!(tokens.len() == 2 && tokens[0] != tokens[1]);
}

#[when(expr = "the token before the last is presented again")]
async fn token_before_the_last(world: &mut World) {
    let tokens = world.person("ada").refresh.clone();
    world.post("", "/api/v1/sessions/refresh", json!({ "refresh_token": tokens[tokens.len() - 2] })).await;
}

#[then(expr = "the refresh token is the same as before")]
async fn same_refresh_token(world: &mut World) {
    let newest = world.person("ada").refresh.last().unwrap().clone();
    assert_eq!(world.last.body["refresh_token"].as_str(), Some(newest.as_str()));
}

#[when(expr = "the first refresh token is presented again")]
async fn first_refresh_token(world: &mut World) {
    let token = world.person("ada").refresh[0].clone();
    world.post("", "/api/v1/sessions/refresh", json!({ "refresh_token": token })).await;
}

#[when(expr = "a made-up refresh token is presented")]
async fn made_up_token(world: &mut World) {
    let mut token = world.person("ada").refresh[0].clone();
    let last = token.pop().unwrap();
    token.push(if last == 'A' { 'B' } else { 'A' });
    world.post("", "/api/v1/sessions/refresh", json!({ "refresh_token": token })).await;
}

#[then(expr = "{word} is signed out")]
async fn is_signed_out(world: &mut World, name: String) {
    assert_eq!(world.get(&name, "/api/v1/me").await.status, 401);
}

#[when(expr = "{word} signs out")]
async fn signs_out(world: &mut World, name: String) {
    world.delete(&name, "/api/v1/sessions/current").await;
}

#[when(expr = "{word} ends all other sessions")]
async fn ends_others(world: &mut World, name: String) {
    world.delete(&name, "/api/v1/sessions/others").await;
}

#[then(expr = "the first device is signed out")]
async fn first_device_signed_out(world: &mut World) {
    let other = world.person("ada").other_access.clone();
    let current = std::mem::replace(&mut world.person("ada").access, other);
    assert_eq!(world.get("ada", "/api/v1/me").await.status, 401);
    world.person("ada").access = current;
}

#[then(regex = r"^(ada|grace|eve) has (\d+) sessions?$")]
async fn has_sessions(world: &mut World, name: String, count: usize) {
    let answer = world.get(&name, "/api/v1/sessions").await;
    assert_eq!(answer.body["items"].as_array().unwrap().len(), count, "{answer:?}");
}

#[when(expr = "the server is restarted")]
async fn restarted(world: &mut World) {
    let server = world.server().await;
    assert_eq!(server.stop(), Some(0), "{}", server.log());
    server.start_again().await;
}
