//! Steps about organizations, invitations and teams.

use super::world::World;
use cucumber::{given, then, when};
use reqwest::Method;
use serde_json::json;

#[given(expr = "{word} works in the organization {string}")]
async fn works_in(world: &mut World, name: String, organization: String) {
    world.signed_in(&name).await;
    founds(world, name.clone(), organization.clone()).await;
    assert_eq!(world.last.status, 201, "{:?}", world.last);
    switches(world, name, organization).await;
    assert_eq!(world.last.status, 200, "{:?}", world.last);
}

#[when(expr = "{word} founds the organization {string}")]
async fn founds(world: &mut World, name: String, organization: String) {
    let answer = world.post(&name, "/api/v1/organizations", json!({ "name": organization })).await;
    if let Some(id) = answer.body["id"].as_str() {
        world.ids.insert(organization, id.to_owned());
    }
}

#[when(expr = "{word} switches to {string}")]
async fn switches(world: &mut World, name: String, organization: String) {
    let body = json!({ "organization_id": world.id(&organization) });
    let answer = world.post(&name, "/api/v1/sessions/current/organization", body).await;
    if answer.status == 200 {
        world.keep_tokens(&name, &answer, false);
    }
}

#[then(expr = "{word} holds the role {string}")]
async fn holds(world: &mut World, name: String, role: String) {
    let access = world.person(&name).access.clone();
    let payload = access.split('.').nth(1).unwrap();
    let claims = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, payload).unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
    assert!(claims["roles"].as_array().unwrap().contains(&json!(role)), "{claims}");
}

#[given(expr = "{word} is a {string} of {string}")]
async fn is_a(world: &mut World, name: String, role: String, organization: String) {
    world.signed_in(&name).await;
    invites(world, "ada".to_owned(), name.clone(), role).await;
    assert_eq!(world.last.status, 201, "{:?}", world.last);
    accepts(world, name.clone()).await;
    assert_eq!(world.last.status, 200, "{:?}", world.last);
    switches(world, name, organization).await;
    assert_eq!(world.last.status, 200, "{:?}", world.last);
}

#[given(regex = r#"^(ada|grace) has invited (grace|eve) as "(\w+)"$"#)]
#[when(regex = r#"^(ada|grace) invites (grace|eve) as "(\w+)"$"#)]
async fn invites(world: &mut World, name: String, other: String, role: String) {
    let body = json!({ "email": format!("{other}@example.org"), "role": role });
    let answer = world.post(&name, "/api/v1/invitations", body).await;
    if answer.status == 201 {
        let token = answer.body["token"].as_str().unwrap().to_owned();
        let id = answer.body["invitation"]["id"].as_str().or(answer.body["id"].as_str()).unwrap().to_owned();
        world.tokens.insert("invitation".to_owned(), token);
        world.ids.insert("invitation".to_owned(), id);
    }
}

#[when(expr = "{word} accepts the invitation")]
async fn accepts(world: &mut World, name: String) {
    let token = world.tokens["invitation"].clone();
    world.post(&name, "/api/v1/invitations/accept", json!({ "token": token })).await;
}

#[when(expr = "{word} withdraws the invitation")]
async fn withdraws(world: &mut World, name: String) {
    let path = format!("/api/v1/invitations/{}", world.id("invitation"));
    world.change(&name, Method::DELETE, &path, &path, None).await;
}

#[then(regex = r#"^"(\w+)" has (\d+) members?$"#)]
async fn has_members(world: &mut World, organization: String, count: usize) {
    let answer = world.get("ada", &format!("/api/v1/organizations/{}/members", world.id(&organization))).await;
    assert_eq!(answer.body["items"].as_array().unwrap().len(), count, "{answer:?}");
}

#[when(expr = "{word} leaves {string}")]
async fn leaves(world: &mut World, name: String, organization: String) {
    let path = format!("/api/v1/organizations/{}/members/{}", world.id(&organization), world.id_of(&name));
    world.change(&name, Method::DELETE, &path, &path, None).await;
}

#[when(expr = "{word} suspends {word} in {string}")]
async fn suspends(world: &mut World, name: String, other: String, organization: String) {
    let path = format!("/api/v1/organizations/{}/members/{}", world.id(&organization), world.id_of(&other));
    world.change(&name, Method::PATCH, &path, &path, Some(json!({ "status": "suspended" }))).await;
}

#[when(expr = "{word} removes {word} from {string}")]
async fn removes(world: &mut World, name: String, other: String, organization: String) {
    let path = format!("/api/v1/organizations/{}/members/{}", world.id(&organization), world.id_of(&other));
    world.change(&name, Method::DELETE, &path, &path, None).await;
}

#[when(expr = "{word} prefers {string}")]
async fn prefers(world: &mut World, name: String, what: String) {
    let body = json!({ "preferences": { "what": what } });
    world.change(&name, Method::PATCH, "/api/v1/me", "/api/v1/me", Some(body)).await;
}

#[then(expr = "{word} can no longer work in {string}")]
async fn cannot_work_in(world: &mut World, name: String, organization: String) {
    switches(world, name.clone(), organization.clone()).await;
    assert_eq!(world.last.status, 404, "{:?}", world.last);
    let path = format!("/api/v1/organizations/{}/members", world.id(&organization));
    assert_eq!(world.get(&name, &path).await.status, 404);
}

#[when(expr = "{word} asks for the organization {string}")]
async fn asks_for(world: &mut World, name: String, organization: String) {
    let path = format!("/api/v1/organizations/{}", world.id(&organization));
    world.get(&name, &path).await;
}

#[when(expr = "{word} asks for the members of {string}")]
async fn asks_for_members(world: &mut World, name: String, organization: String) {
    let path = format!("/api/v1/organizations/{}/members", world.id(&organization));
    world.get(&name, &path).await;
}

#[given(expr = "{word} makes the team {string}")]
#[when(expr = "{word} makes the team {string}")]
async fn makes_team(world: &mut World, name: String, team: String) {
    let answer = world.post(&name, "/api/v1/teams", json!({ "name": team })).await;
    if let Some(id) = answer.body["id"].as_str() {
        world.ids.insert(team, id.to_owned());
    }
}

#[when(expr = "{word} asks for the team {string}")]
async fn asks_for_team(world: &mut World, name: String, team: String) {
    let path = format!("/api/v1/teams/{}", world.id(&team));
    world.get(&name, &path).await;
}

#[then(expr = "{word} sees the team {string}")]
async fn sees_team(world: &mut World, name: String, team: String) {
    asks_for_team(world, name, team.clone()).await;
    assert_eq!(world.last.body["name"].as_str(), Some(team.as_str()), "{:?}", world.last);
}
