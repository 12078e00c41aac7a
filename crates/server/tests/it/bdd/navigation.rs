//! Steps about menus, trails and what people may do.

use super::world::World;
use cucumber::{given, then, when};
use reqwest::Method;
use serde_json::{Value, json};

const NOWHERE: &str = "01890000-0000-7000-8000-000000000000";

/// Makes something of the catalogue, and remembers its identifier by its key.
async fn make(world: &mut World, path: &str, key: &str, mut body: Value) {
    (body["key"], body["name"]) = (json!(key), json!(key));
    let answer = world.post("admin", &format!("/api/v1/{path}"), body).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    world.ids.insert(format!("{path} {key}"), answer.body["id"].as_str().unwrap().to_owned());
}

#[given(expr = "{string} has a menu with {string} and, under {string}, {string}")]
async fn has_menu(world: &mut World, organization: String, first: String, above: String, under: String) {
    world.administrator().await;
    for view in [&first, &under] {
        make(world, "views", view, json!({})).await;
    }
    make(world, "modules", "sales", json!({})).await;
    let (module, first_view) = (world.id("modules sales"), world.id(&format!("views {first}")));
    let under_view = world.id(&format!("views {under}"));
    let path = format!("/api/v1/modules/{module}");
    let body = json!({ "views": [first_view, under_view] });
    let answer = world.change("admin", Method::PUT, &format!("{path}/views"), &path, Some(body)).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let path = format!("/api/v1/organizations/{}/modules/{module}", world.id(&organization));
    let answer = world.send("admin", Method::PUT, &path, Some(json!({})), None).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    make(world, "menu-items", &above, json!({ "order_index": 2 })).await;
    make(world, "menu-items", &first, json!({ "order_index": 1, "view_id": first_view })).await;
    let above = world.id(&format!("menu-items {above}"));
    make(world, "sub-menu-items", &under, json!({ "menu_item_id": above, "view_id": under_view })).await;
}

/// Adds a rule to those that ada has made.
#[when(regex = r#"^ada (lets|forbids) grace (?:to )?see "(\w+)"$"#)]
async fn rules(world: &mut World, what: String, view: String) {
    let effect = if what == "lets" { "allow" } else { "deny" };
    let values = json!([world.id_of("grace"), "*", format!("view:{view}"), "view", effect]);
    let body = json!({ "rules": [{ "ptype": "p", "values": values }] });
    let answer = world.post("ada", "/api/v1/access/rules", body).await;
    assert_eq!(answer.status, 201, "{answer:?}");
}

#[then(expr = "{word}'s menu is {string}")]
async fn menu_is(world: &mut World, name: String, expected: String) {
    let answer = world.get(&name, "/api/v1/me/navigation").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let keys = |items: &Value, show: &dyn Fn(&Value) -> String| {
        items.as_array().unwrap().iter().map(show).collect::<Vec<_>>().join(", ")
    };
    let key = |item: &Value| item["key"].as_str().unwrap().to_owned();
    let menu = keys(&answer.body["items"], &|item| {
        let under = keys(&item["items"], &key);
        if under.is_empty() { key(item) } else { format!("{}({under})", key(item)) }
    });
    assert_eq!(menu, expected);
}

async fn visit(world: &mut World, name: &str, views: impl Iterator<Item = &str>) {
    // The first one is the latest: each a minute before.
    let at = |place: usize| format!("2026-01-01T{:02}:{:02}:00Z", 23 - place / 60, 59 - place % 60);
    let ids = views.map(|view| world.ids.get(&format!("views {view}")).cloned().unwrap_or_else(|| NOWHERE.to_owned()));
    let visits: Vec<_> = ids.enumerate().map(|(place, id)| json!({ "view_id": id, "visited_at": at(place) })).collect();
    world.post(name, "/api/v1/me/trail", json!({ "visits": visits })).await;
}

#[when(regex = r#"^grace visits "([\w, ]+)"$"#)]
async fn visits(world: &mut World, views: String) {
    if views.contains(',') {
        visit(world, "grace", views.split(", ")).await;
    } else {
        // Just now.
        let body = json!({ "visits": [{ "view_id": world.id(&format!("views {views}")) }] });
        world.post("grace", "/api/v1/me/trail", body).await;
    }
}

#[when(regex = r#"^grace visits "(\w+)" (\d+) times$"#)]
async fn visits_often(world: &mut World, view: String, times: usize) {
    visit(world, "grace", std::iter::repeat_n(&*view, times)).await;
}

#[when(expr = "grace visits a view that is not there")]
async fn visits_nowhere(world: &mut World) {
    visit(world, "grace", ["nowhere"].into_iter()).await;
}

#[when(expr = "grace visits nothing")]
async fn visits_nothing(world: &mut World) {
    visit(world, "grace", std::iter::empty()).await;
}

async fn trail(world: &mut World, name: &str, query: &str) -> Vec<String> {
    let last = world.last.clone();
    let answer = world.get(name, &format!("/api/v1/me/trail{query}")).await;
    world.last = last;
    let ids = answer.body["visits"].as_array().unwrap_or_else(|| panic!("{answer:?}"));
    let name_of = |id: &Value| {
        let known = world.ids.iter().find(|(name, known)| name.starts_with("views ") && id == known.as_str());
        known.unwrap().0.trim_start_matches("views ").to_owned()
    };
    ids.iter().map(|visit| name_of(&visit["view_id"])).collect()
}

#[then(regex = r#"^(ada|grace) was last at "(.*)"$"#)]
async fn was_at(world: &mut World, name: String, views: String) {
    assert_eq!(trail(world, &name, "").await.join(", "), views);
}

#[then(expr = "grace's last visit was to {string}")]
async fn last_visit(world: &mut World, view: String) {
    assert_eq!(trail(world, "grace", "?limit=1").await, [view]);
}

#[then(expr = "grace has been at {int} places")]
async fn has_been(world: &mut World, places: usize) {
    assert_eq!(trail(world, "grace", "").await.len(), places);
}

#[when(expr = "grace forgets her trail")]
async fn forgets(world: &mut World) {
    world.delete("grace", "/api/v1/me/trail").await;
}

/// What is said to a person of something.
async fn permission(world: &mut World, name: &str, kind: &str, key: &str, action: &str) -> Value {
    let answer = world.get(name, &format!("/api/v1/me/permissions?limit=200&kind={kind}")).await;
    let items = answer.body["items"].as_array().unwrap_or_else(|| panic!("{answer:?}"));
    let found = items.iter().find(|item| item["key"] == json!(key) && item["action"] == json!(action));
    found.unwrap_or_else(|| panic!("nothing about {action} {key}: {answer:?}")).clone()
}

#[then(expr = "grace may see {string} by a rule and the module {string}")]
async fn may_see(world: &mut World, view: String, module: String) {
    let found = permission(world, "grace", "view", &view, "view").await;
    let says = &found["organization"];
    assert_eq!((&says["allowed"], &says["reason"]), (&json!(true), &json!("rule")), "{found}");
    assert!(says["rule_id"].is_string(), "{found}");
    assert_eq!(found["modules"][0]["key"], json!(module), "{found}");
}

#[then(expr = "grace may not see {string} because of {string}")]
async fn may_not_see(world: &mut World, view: String, reason: String) {
    let found = permission(world, "grace", "view", &view, "view").await;
    let says = &found["organization"];
    assert_eq!((&says["allowed"], &says["reason"]), (&json!(false), &json!(reason)), "{found}");
}

#[then(expr = "grace may do {string} with {string} by the role {string}")]
async fn may_do(world: &mut World, action: String, kind: String, role: String) {
    let found = permission(world, "grace", "resource", &kind, &action).await;
    let says = &found["organization"];
    assert_eq!((&says["allowed"], &says["role"]["name"]), (&json!(true), &json!(role)), "{found}");
}

#[when(regex = r#"^(ada|grace) asks what (ada|grace|eve) may do$"#)]
async fn asks(world: &mut World, name: String, other: String) {
    let path = format!("/api/v1/users/{}/permissions", world.id_of(&other));
    world.get(&name, &path).await;
}

#[when(expr = "grace asks for her permissions of the kind {string}")]
async fn asks_for_kind(world: &mut World, kind: String) {
    world.get("grace", &format!("/api/v1/me/permissions?kind={kind}")).await;
}

#[then(expr = "grace's permissions of the kind {string} are {string}, page by page")]
async fn page_by_page(world: &mut World, kind: String, keys: String) {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/me/permissions?limit=1&kind={kind}{cursor}");
        let answer = world.get("grace", &path).await;
        let items = answer.body["items"].as_array().unwrap_or_else(|| panic!("{answer:?}"));
        found.extend(items.iter().map(|item| item["key"].as_str().unwrap().to_owned()));
        let Some(next) = answer.body["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(found.join(", "), keys);
}
