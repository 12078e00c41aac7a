//! Steps about the catalogue.

use super::world::{Answer, World};
use cucumber::{then, when};
use reqwest::Method;
use serde_json::{Value, json};

/// Who is meant in a step; the platform's administrator signs in when first needed.
async fn who(world: &mut World, name: &str) -> String {
    if name == "the administrator" {
        world.administrator().await;
        return "admin".to_owned();
    }
    name.to_owned()
}

/// The path of a kind of things, as steps call one of them.
fn path(kind: &str) -> String {
    format!("/api/v1/{}s", kind.replace(' ', "-"))
}

/// The things of a kind with this key, as the administrator finds them.
async fn found(world: &mut World, name: &str, kind: &str, key: &str) -> Vec<Value> {
    let name = who(world, name).await;
    let answer = world.get(&name, &format!("{}?key={key}", path(kind))).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["items"].as_array().unwrap().clone()
}

async fn id(world: &mut World, kind: &str, key: &str) -> String {
    let found = found(world, "the administrator", kind, key).await;
    found.first().unwrap_or_else(|| panic!("no {kind} {key}"))["id"].as_str().unwrap().to_owned()
}

async fn make(world: &mut World, name: &str, kind: &str, mut body: Value, key: &str) {
    let name = who(world, name).await;
    body["key"] = json!(key);
    body["name"] = json!(format!("The {kind} {key}"));
    world.post(&name, &path(kind), body).await;
}

#[when(regex = r#"^(ada|the administrator) makes the (view|feature|module) "(.*)"$"#)]
async fn makes(world: &mut World, name: String, kind: String, key: String) {
    make(world, &name, &kind, json!({}), &key).await;
}

#[when(expr = "the administrator makes the menu item {string} that leads to the view {string}")]
async fn makes_menu_item(world: &mut World, key: String, view: String) {
    let view = id(world, "view", &view).await;
    make(world, "the administrator", "menu item", json!({ "view_id": view }), &key).await;
}

#[when(expr = "the administrator makes the sub-menu item {string} under {string}")]
async fn makes_sub_menu_item(world: &mut World, key: String, above: String) {
    let above = id(world, "menu item", &above).await;
    make(world, "the administrator", "sub-menu item", json!({ "menu_item_id": above }), &key).await;
}

#[when(regex = r#"^(ada|the administrator) renames the view "(.*)"$"#)]
async fn renames(world: &mut World, name: String, key: String) {
    let path = format!("{}/{}", path("view"), id(world, "view", &key).await);
    let name = who(world, &name).await;
    world.change(&name, Method::PATCH, &path, &path, Some(json!({ "name": "Another name" }))).await;
}

#[when(expr = "the administrator renames the view {string} for an old version")]
async fn renames_stale(world: &mut World, key: String) {
    let path = format!("{}/{}", path("view"), id(world, "view", &key).await);
    world.send("admin", Method::PATCH, &path, Some(json!({ "name": "Another name" })), Some("\"0\"")).await;
}

#[when(regex = r#"^(ada|the administrator) removes the (view|module|menu item) "(.*)"$"#)]
async fn removes(world: &mut World, name: String, kind: String, key: String) {
    let path = format!("{}/{}", path(&kind), id(world, &kind, &key).await);
    let name = who(world, &name).await;
    world.change(&name, Method::DELETE, &path, &path, None).await;
}

#[when(expr = "the administrator puts the features {string} there at once")]
async fn puts_features(world: &mut World, keys: String) {
    world.administrator().await;
    let items: Vec<_> = keys.split(", ").map(|key| json!({ "key": key, "name": key })).collect();
    world.send("admin", Method::PUT, &path("feature"), Some(json!({ "items": items })), None).await;
}

#[when(regex = r#"^the administrator puts the views "(.*)" into the module "(.*)"$"#)]
async fn puts_views(world: &mut World, keys: String, module: String) {
    let mut views = Vec::new();
    for key in keys.split(", ") {
        views.push(id(world, "view", key).await);
    }
    replace_views(world, &module, json!(views)).await;
}

const NOWHERE: &str = "01890000-0000-7000-8000-000000000000";

#[when(expr = "the administrator puts a view that is not there into the module {string}")]
async fn puts_unknown_view(world: &mut World, module: String) {
    replace_views(world, &module, json!([NOWHERE])).await;
}

async fn replace_views(world: &mut World, module: &str, views: Value) {
    let module = format!("{}/{}", path("module"), id(world, "module", module).await);
    let body = json!({ "views": views });
    world.change("admin", Method::PUT, &format!("{module}/views"), &module, Some(body)).await;
}

#[then(regex = r#"^(\d+) (?:was|were) made and (\d+) changed$"#)]
async fn made_and_changed(world: &mut World, made: u64, changed: u64) {
    assert_eq!((&world.last.body["created"], &world.last.body["changed"]), (&json!(made), &json!(changed)));
}

#[then(expr = "the answer names {string}")]
async fn names(world: &mut World, field: String) {
    assert_eq!(world.last.body["errors"][0]["field"], json!(field), "{:?}", world.last);
}

#[then(expr = "the answer names that view")]
async fn names_view(world: &mut World) {
    assert!(world.last.body["detail"].as_str().unwrap().contains(NOWHERE), "{:?}", world.last);
}

#[then(regex = r#"^(ada|the administrator) finds the view "(.*)"$"#)]
async fn finds(world: &mut World, name: String, key: String) {
    assert_eq!(found(world, &name, "view", &key).await.len(), 1);
}

#[then(regex = r#"^there is no (view|feature|sub-menu item) "(.*)"$"#)]
async fn there_is_no(world: &mut World, kind: String, key: String) {
    assert!(found(world, "the administrator", &kind, &key).await.is_empty());
}

#[then(regex = r#"^(ada|the administrator) sees the views "(.*)" in the module "(.*)"$"#)]
async fn sees_views(world: &mut World, name: String, keys: String, module: String) {
    let path = format!("{}/{}/views", path("module"), id(world, "module", &module).await);
    let name = who(world, &name).await;
    let answer = world.get(&name, &path).await;
    let views = answer.body["views"].as_array().unwrap_or_else(|| panic!("{answer:?}"));
    let seen: Vec<_> = views.iter().map(|view| view["key"].as_str().unwrap()).collect();
    assert_eq!(seen.join(", "), keys);
}

fn modules_of(world: &World, organization: &str) -> String {
    format!("/api/v1/organizations/{}/modules", world.id(organization))
}

#[when(regex = r#"^(ada|grace|the administrator) gives "(.*)" the module "(.*)"$"#)]
async fn gives(world: &mut World, name: String, organization: String, module: String) {
    let module = format!("{}/{}", modules_of(world, &organization), id(world, "module", &module).await);
    let name = who(world, &name).await;
    world.send(&name, Method::PUT, &module, Some(json!({})), None).await;
}

#[when(regex = r#"^(ada|the administrator) takes the module "(.*)" from "(.*)"$"#)]
async fn takes(world: &mut World, name: String, module: String, organization: String) {
    let module = format!("{}/{}", modules_of(world, &organization), id(world, "module", &module).await);
    let name = who(world, &name).await;
    world.delete(&name, &module).await;
}

#[when(expr = "the administrator takes every module from {string}")]
async fn takes_all(world: &mut World, organization: String) {
    let path = modules_of(world, &organization);
    world.send("admin", Method::PUT, &path, Some(json!({ "modules": [] })), None).await;
}

#[when(expr = "{word} asks for the modules of {string}")]
async fn asks_for_modules(world: &mut World, name: String, organization: String) {
    let path = modules_of(world, &organization);
    world.get(&name, &path).await;
}

#[then(regex = r#"^ada sees (\d+) modules? of "(.*)"$"#)]
async fn sees_modules(world: &mut World, count: usize, organization: String) {
    let path = modules_of(world, &organization);
    let answer = world.get("ada", &path).await;
    assert_eq!(answer.body["items"].as_array().unwrap().len(), count, "{answer:?}");
}

const DOCUMENT: &str = "/api/v1/access/catalogue";

#[when(expr = "the administrator exports the catalogue as {string}")]
async fn exports(world: &mut World, form: String) {
    world.administrator().await;
    let access = world.person("admin").access.clone();
    let server = world.server().await;
    let request = server.http.get(format!("{}{DOCUMENT}", server.base)).bearer_auth(access).header("accept", &form);
    let answer = request.send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()), (200, form.as_str()));
    let text = answer.text().await.unwrap();
    assert_eq!(text.starts_with('{'), form == "application/json", "{text}");
    world.tokens.insert("document".to_owned(), text);
    world.tokens.insert("form".to_owned(), form);
}

async fn import(world: &mut World, name: &str, query: &str) {
    let (text, form) = (world.tokens["document"].clone(), world.tokens["form"].clone());
    let access = world.person(name).access.clone();
    let server = world.server().await;
    let request = server.http.put(format!("{}{DOCUMENT}{query}", server.base)).bearer_auth(access);
    let answer = request.header("content-type", form).body(text).send().await.unwrap();
    let status = answer.status().as_u16();
    let body = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    world.last = Answer { status, body, etag: String::new() };
}

#[when(expr = "the administrator imports it")]
async fn imports(world: &mut World) {
    import(world, "admin", "").await;
}

#[when(expr = "the administrator tries the import")]
async fn tries(world: &mut World) {
    import(world, "admin", "?dry_run=true").await;
}

#[when(regex = r#"^(ada|the administrator) imports a document with the view "(.*)" only$"#)]
async fn imports_only(world: &mut World, name: String, view: String) {
    let name = who(world, &name).await;
    world.tokens.insert("document".to_owned(), format!("views:\n  - key: {view}\n    name: Orders\n"));
    world.tokens.insert("form".to_owned(), "application/yaml".to_owned());
    import(world, &name, "").await;
}

/// What the last import says of `list`: kind and key of each.
fn told(world: &World, list: &str) -> String {
    let entries = world.last.body[list].as_array().unwrap_or_else(|| panic!("{:?}", world.last));
    let name = |entry: &Value| format!("{} {}", entry["kind"].as_str().unwrap(), entry["key"].as_str().unwrap());
    entries.iter().map(name).collect::<Vec<_>>().join(", ")
}

#[then(expr = "nothing was added, changed or removed")]
async fn nothing_differs(world: &mut World) {
    assert_eq!([told(world, "added"), told(world, "changed"), told(world, "removed")], ["", "", ""]);
}

#[then(expr = "{string} was changed and {string} removed")]
async fn differs(world: &mut World, changed: String, removed: String) {
    let expected = ["".to_owned(), changed, removed];
    assert_eq!([told(world, "added"), told(world, "changed"), told(world, "removed")], expected);
}
