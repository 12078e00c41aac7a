//! Steps about user levels. The product's features and views are the platform's.

use super::world::{Answer, World};
use cucumber::{gherkin::Step, given, then, when};
use reqwest::Method;
use serde_json::{Value, json};

const NOWHERE: &str = "01890000-0000-7000-8000-000000000000";

#[given(expr = "the product has the feature {string} and the view {string}")]
async fn has_feature_and_view(world: &mut World, feature: String, view: String) {
    world.administrator().await;
    for (path, key) in [("/api/v1/features", feature), ("/api/v1/views", view)] {
        let answer = world.post("admin", path, json!({ "key": key, "name": key })).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        world.ids.insert(key, answer.body["id"].as_str().unwrap().to_owned());
    }
}

#[when(expr = "{word} makes the user level {string}")]
async fn makes_level(world: &mut World, name: String, level: String) {
    let answer = world.post(&name, "/api/v1/user-levels", json!({ "name": level })).await;
    if let Some(id) = answer.body["id"].as_str() {
        world.ids.insert(level, id.to_owned());
    }
}

fn path(world: &World, level: &str) -> String {
    format!("/api/v1/user-levels/{}", world.id(level))
}

/// `read reports, write reports` as the API takes it.
fn permissions(world: &World, words: &str) -> Value {
    let one = |pair: &str| {
        let (action, feature) = pair.split_once(' ').unwrap();
        let id = world.ids.get(feature).map_or(NOWHERE, String::as_str);
        json!({ "feature_id": id, "action": action, "value": "allow", "scope": "organization" })
    };
    json!({ "permissions": words.split(", ").map(one).collect::<Vec<_>>() })
}

#[when(regex = r#"^(ada|grace) writes into "(\w+)": (.*)$"#)]
async fn writes(world: &mut World, name: String, level: String, words: String) {
    let path = format!("{}/feature-permissions", path(world, &level));
    let body = permissions(world, &words);
    world.send(&name, Method::PUT, &path, Some(body), None).await;
}

#[when(regex = r#"^(ada|grace) reads the user level "(\w+)"$"#)]
async fn reads_level(world: &mut World, name: String, level: String) {
    let path = path(world, &level);
    let etag = world.get(&name, &path).await.etag;
    world.person(&name).earlier_etag = etag;
}

#[when(regex = r#"^(ada|grace) replaces what "(\w+)" says for what was read: (.*)$"#)]
async fn replaces(world: &mut World, name: String, level: String, words: String) {
    let path = format!("{}/feature-permissions/all", path(world, &level));
    let (body, etag) = (permissions(world, &words), world.person(&name).earlier_etag.clone());
    world.send(&name, Method::PUT, &path, Some(body), Some(&etag)).await;
}

async fn count(world: &mut World, level: &str) -> usize {
    let last = world.last.clone();
    let path = format!("{}/feature-permissions", path(world, level));
    let answer = world.get("ada", &path).await;
    world.last = last;
    answer.body["items"].as_array().unwrap_or_else(|| panic!("{answer:?}")).len()
}

#[then(regex = r#"^"(\w+)" says (\d+) things? about features$"#)]
async fn says(world: &mut World, level: String, expected: usize) {
    assert_eq!(count(world, &level).await, expected);
}

async fn fixes(world: &mut World, name: &str, level: &str, feature: &str, query: &str) {
    let path = format!("{}/feature-permissions{query}", path(world, level));
    let id = world.id(feature);
    let denial =
        json!({ "feature_id": id, "action": "export", "value": "deny", "scope": "organization", "modifiable": false });
    world.send(name, Method::PUT, &path, Some(json!({ "permissions": [denial] })), None).await;
}

#[when(expr = "the platform fixes in {string} of {string} that nobody exports {string}")]
async fn platform_fixes(world: &mut World, level: String, organization: String, feature: String) {
    let query = format!("?organization_id={}", world.id(&organization));
    fixes(world, "admin", &level, &feature, &query).await;
}

#[when(regex = r#"^ada fixes in "(\w+)" that nobody exports "(\w+)"$"#)]
async fn ada_fixes(world: &mut World, level: String, feature: String) {
    fixes(world, "ada", &level, &feature, "").await;
}

#[when(regex = r#"^(ada|grace) removes the user level "(\w+)"$"#)]
async fn removes_level(world: &mut World, name: String, level: String) {
    let path = path(world, &level);
    world.change(&name, Method::DELETE, &path, &path, None).await;
}

#[when(expr = "the platform removes the user level {string} of {string}")]
async fn platform_removes(world: &mut World, level: String, organization: String) {
    let path = format!("{}?organization_id={}", path(world, &level), world.id(&organization));
    world.change("admin", Method::DELETE, &path, &path, None).await;
}

#[when(regex = r#"^(ada|grace) gives (ada|grace|eve) the user level "(\w+)"$"#)]
async fn gives(world: &mut World, name: String, other: String, level: String) {
    let path = format!("{}/members/{}", path(world, &level), world.id_of(&other));
    world.send(&name, Method::PUT, &path, None, None).await;
}

#[when(regex = r#"^(ada|grace) replaces (ada|grace|eve)'s user levels by "(.*)"$"#)]
async fn replaces_levels(world: &mut World, name: String, other: String, levels: String) {
    let ids: Vec<_> = levels.split(", ").map(|level| world.id(level)).collect();
    let path = format!("/api/v1/users/{}/user-levels", world.id_of(&other));
    world.send(&name, Method::PUT, &path, Some(json!({ "user_levels": ids })), None).await;
}

#[then(regex = r#"^(ada|grace|eve) has the user levels "(.*)"$"#)]
async fn has_levels(world: &mut World, name: String, levels: String) {
    let path = format!("/api/v1/users/{}/user-levels", world.id_of(&name));
    let answer = world.get("ada", &path).await;
    let names = answer.body["user_levels"].as_array().unwrap_or_else(|| panic!("{answer:?}"));
    let names: Vec<_> = names.iter().map(|level| level["name"].as_str().unwrap()).collect();
    assert_eq!(names.join(", "), levels);
}

#[when(expr = "ada changes cells of the matrix")]
async fn changes_cells(world: &mut World, step: &Step) {
    let (mut features, mut views) = (Vec::new(), Vec::new());
    for row in &step.table.as_ref().unwrap().rows[1..] {
        let [level, about, value, version] = &row[..] else { panic!("{row:?}") };
        let value = Some(value).filter(|value| *value != "null");
        let version: i64 = version.parse().unwrap();
        let mut cell = json!({ "user_level_id": world.id(level), "value": value, "version": version });
        if let Some((action, feature)) = about.split_once(' ') {
            (cell["feature_id"], cell["action"]) = (json!(world.id(feature)), json!(action));
            features.push(cell);
        } else {
            cell["view_id"] = json!(world.id(about));
            views.push(cell);
        }
    }
    let body = json!({ "features": features, "views": views });
    world.send("ada", Method::PUT, "/api/v1/access/matrix", Some(body), None).await;
}

#[then(expr = "the matrix has {int} cells")]
async fn matrix_has(world: &mut World, expected: usize) {
    let Answer { body, .. } = world.get("ada", "/api/v1/access/matrix").await;
    let cells = |level: &Value| level["features"].as_array().unwrap().len() + level["views"].as_array().unwrap().len();
    let levels = body["items"].as_array().unwrap_or_else(|| panic!("{body}"));
    assert_eq!(levels.iter().map(cells).sum::<usize>(), expected, "{body}");
    assert!(body["features"].as_array().unwrap().iter().all(|feature| feature["reachable"] == json!(false)));
}
