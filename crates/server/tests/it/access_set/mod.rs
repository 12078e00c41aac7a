//! A whole organization's access set as one document: what was exported changes nothing, what is imported is what is there then,
//! and nobody does by import what they may not do otherwise.

mod privilege;
mod random;

use crate::support::{Person, Server, StoreKind, send};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const SET: &str = "/api/v1/access/set";
const MODEL: &str = "[request_definition]\nr = sub, dom, obj, act\n[policy_definition]\np = sub, dom, obj, act\n\
    [role_definition]\ng = _, _, _\n[policy_effect]\ne = some(where (p.eft == allow))\n\
    [matchers]\nm = g(r.sub, p.sub, r.dom) && keyMatch(r.obj, p.obj) && r.act == p.act\n";

/// Numbers from a seed.
struct Chance(crate::support::Chance);

impl Chance {
    fn new(seed: u64) -> Self {
        Self(crate::support::Chance::new(seed))
    }
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.0.below(end as u64)).unwrap()
    }
    fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }
}

/// The platform's administrator, ada with an organization, and bob in it.
struct Scene {
    server: Server,
    root: Person,
    ada: Person,
    bob: Person,
    organization: String,
}

async fn sent(server: &Server, who: &Person, method: Method, path: &str, body: Value) -> Value {
    let (status, answer) = send(server, method.clone(), path, Some(&who.access), Some(body)).await;
    assert!(status.is_success(), "{method} {path}: {status} {answer}");
    answer
}

/// A person with this role in the organization of `administrator`, who works there.
async fn join(server: &Server, administrator: &Person, organization: &str, name: &str, role: &str) -> Person {
    let person = Person::new(server, name).await;
    let invitation = json!({ "email": format!("{name}@example.org"), "role": role });
    let invitation = sent(server, administrator, Method::POST, "/api/v1/invitations", invitation).await;
    let token = json!({ "token": invitation["token"] });
    sent(server, &person, Method::POST, "/api/v1/invitations/accept", token).await;
    let there = json!({ "organization_id": organization });
    let switched = sent(server, &person, Method::POST, "/api/v1/sessions/current/organization", there).await;
    Person { access: switched["access_token"].as_str().unwrap().to_owned(), ..person }
}

impl Scene {
    async fn new(kind: StoreKind) -> Self {
        let server = Server::start(kind).await;
        let (root, ada) = (Person::administrator(&server).await, Person::new(&server, "ada").await);
        let organization = ada.get(&server, "/api/v1/me").await.1["organization_id"].as_str().unwrap().to_owned();
        let bob = join(&server, &ada, &organization, "bob", "user").await;
        for key in ["orders", "stock"] {
            for what in ["views", "features", "modules"] {
                let thing = json!({ "key": key, "name": key });
                sent(&server, &root, Method::POST, &format!("/api/v1/{what}"), thing).await;
            }
        }
        let scene = Self { server, root, ada, bob, organization };
        scene.give_module("orders").await;
        scene
    }

    async fn give_module(&self, key: &str) {
        let modules = self.root.all(&self.server, "/api/v1/modules").await;
        let module = modules.iter().find(|one| one["key"] == key).unwrap()["id"].as_str().unwrap();
        let path = format!("/api/v1/organizations/{}/modules/{module}", self.organization);
        sent(&self.server, &self.root, Method::PUT, &path, json!({})).await;
    }

    async fn export(&self) -> Value {
        let (status, set) = self.ada.get(&self.server, SET).await;
        assert_eq!(status, StatusCode::OK, "{set}");
        set
    }

    async fn import(&self, who: &Person, query: &str, set: &Value) -> (StatusCode, Value) {
        send(&self.server, Method::PUT, &format!("{SET}{query}"), Some(&who.access), Some(set.clone())).await
    }

    /// Imports what must be taken, and tells how much was added, changed and removed.
    async fn imported(&self, query: &str, set: &Value) -> [usize; 3] {
        let (status, answer) = self.import(&self.ada, query, set).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        ["added", "changed", "removed"].map(|what| answer[what].as_array().unwrap().len())
    }
}

/// One of everything.
fn everything() -> Value {
    json!({
        "permissions": [{ "name": "reports:read:organization", "description": "Read \"reports\"" }],
        "roles": [{ "name": "clerk", "description": "Ä clerk", "permissions": ["reports:read:organization", "teams:read:organization"] }],
        "modules": [{ "key": "orders", "is_active": true }],
        "user_levels": [{
            "name": "Clerks", "views": [{ "view": "orders", "value": "allow", "modifiable": true }],
            "features": [
                { "feature": "orders", "action": "read", "value": "allow", "scope": "own", "modifiable": true },
                { "feature": "stock", "action": "read", "value": "deny", "scope": "organization", "modifiable": true },
            ],
        }],
        "members": [
            { "username": "ada", "roles": ["admin"], "user_levels": [] },
            { "username": "bob", "roles": ["clerk", "user"], "user_levels": ["Clerks"] },
        ],
        "model": { "text": MODEL },
        "rules": [
            { "ptype": "g", "values": ["bob", "clerk", "*"], "not_before": "2026-01-01T00:00:00Z", "is_active": true },
            { "ptype": "p", "values": ["clerk", "*", "document:*", "read, \"and\" write"], "priority": 3, "is_active": false },
            { "ptype": "p", "values": ["clerk", "*", "document:*", "read"], "is_active": true },
            { "ptype": "p", "values": ["clerk", "*", "document:*", "read"], "is_active": true },
        ],
        "entities": [{ "type": "document", "id": "d1", "properties": { "status": "draft", "n": [1, 2.5, null] } }],
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_exported_changes_nothing_and_a_dry_run_saves_nothing_on_every_store() {
    for kind in [StoreKind::Memory, StoreKind::Json, StoreKind::Sqlite, StoreKind::Postgres] {
        let scene = Scene::new(kind).await;
        let before = scene.export().await;
        let tried = scene.import(&scene.ada, "?dry_run=true", &everything()).await.1;
        assert_eq!(scene.export().await, before, "{kind:?}");
        let done = scene.import(&scene.ada, "", &everything()).await.1;
        for what in ["added", "changed", "removed"] {
            assert_eq!(tried[what], done[what], "{kind:?}: what was tried is what was done");
        }
        // A permission, a role, a level, bob, the model, four rules and an entity.
        assert_eq!(
            (done["added"].as_array().unwrap().len(), done["changed"].as_array().unwrap().len()),
            (9, 1),
            "{done}"
        );
        let there = scene.export().await;
        for list in ["permissions", "roles", "modules", "user_levels", "members", "model", "entities"] {
            assert_eq!(there[list], everything()[list], "{kind:?} {list}");
        }
        assert_eq!(there["rules"].as_array().unwrap().len(), 4);
        let ids = scene.ada.all(&scene.server, "/api/v1/access/rules").await;
        assert_eq!(scene.imported("", &there).await, [0, 0, 0], "{kind:?}");
        assert_eq!(scene.imported("?keep_others=true", &there).await, [0, 0, 0], "{kind:?}");
        // As YAML too.
        let (url, http) = (format!("{}{SET}", scene.server.base), &scene.server.http);
        let yaml =
            http.get(&url).bearer_auth(&scene.ada.access).header("accept", "application/yaml").send().await.unwrap();
        let put = http.put(&url).bearer_auth(&scene.ada.access).header("content-type", "application/yaml");
        let answer: Value = put.body(yaml.text().await.unwrap()).send().await.unwrap().json().await.unwrap();
        assert_eq!(answer, json!({ "dry_run": false, "added": [], "changed": [], "removed": [] }), "{kind:?}");
        // A rule that goes leaves the others the rows that they are.
        let mut fewer = there.clone();
        let gone = fewer["rules"].as_array_mut().unwrap().pop().unwrap();
        assert_eq!(scene.imported("", &fewer).await, [0, 0, 1], "{gone}");
        let left = scene.ada.all(&scene.server, "/api/v1/access/rules").await;
        assert!(left.len() == 3 && left.iter().all(|rule| ids.contains(rule)), "{left:?}");
        // And back to where it began.
        assert_eq!(scene.imported("", &before).await[0], 0);
        assert_eq!(scene.export().await, before, "{kind:?}");
    }
}

/// What one organization has, another one gets.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_set_moves_to_another_organization() {
    let scene = Scene::new(StoreKind::Memory).await;
    scene.imported("", &everything()).await;
    let mut set = scene.export().await;
    let eve = Person::new(&scene.server, "eve").await;
    // Eve's organization has other people and other modules.
    let (status, refused) = scene.import(&eve, "", &set).await;
    assert_eq!(
        (status, &refused["errors"][0]["field"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("members[0].username"))
    );
    set["members"] = json!([{ "username": "EVE", "roles": ["admin", "clerk"], "user_levels": ["Clerks"] }]);
    let (status, refused) = scene.import(&eve, "", &set).await;
    assert_eq!((status, &refused["code"]), (StatusCode::FORBIDDEN, &json!("forbidden")), "{refused}");
    assert!(refused["detail"].as_str().unwrap().starts_with("modules: "), "{refused}");
    set.as_object_mut().unwrap().remove("modules");
    let (status, answer) = scene.import(&eve, "", &set).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let (_, there) = eve.get(&scene.server, SET).await;
    for list in ["permissions", "roles", "user_levels", "model", "rules", "entities"] {
        assert_eq!(there[list], set[list], "{list}");
    }
    let held = json!([{ "username": "eve", "roles": ["admin", "clerk"], "user_levels": ["Clerks"] }]);
    assert_eq!((&there["members"], &there["modules"]), (&held, &json!([])));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_is_refused_whole_with_its_place() {
    let scene = Scene::new(StoreKind::Sqlite).await;
    scene.imported("", &everything()).await;
    let before = scene.export().await;
    let places = [
        ("/roles/0/permissions/0", json!("nothing:read:own"), "roles[0].permissions"),
        ("/roles/0/name", json!("Not A Name"), "roles[0].name"),
        ("/permissions/0/name", json!("nothing"), "permissions[0].name"),
        ("/permissions/0/description", json!("another"), "permissions[0].description"),
        ("/modules/0/key", json!("nothing"), "modules[0].key"),
        ("/user_levels/0/views/0/view", json!("nothing"), "user_levels[0].views[0].view"),
        ("/user_levels/0/features/1/feature", json!("nothing"), "user_levels[0].features[1].feature"),
        ("/members/1/username", json!("nobody"), "members[1].username"),
        ("/members/1/roles", json!(["nothing"]), "members[1].roles"),
        ("/members/1/user_levels", json!(["nothing"]), "members[1].user_levels"),
        ("/rules/3/values", json!(["too", "few"]), "rules[3]"),
        ("/model/text", json!("nothing"), "model.text"),
        ("/entities/0/type", json!("no type"), "entities[0].type"),
    ];
    for (pointer, value, field) in places {
        let mut wrong = everything();
        *wrong.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
        // Something that could be done comes before and after.
        wrong["entities"].as_array_mut().unwrap().push(json!({ "type": "document", "id": "d2", "properties": {} }));
        wrong["roles"][0]["description"] = json!("changed");
        let (status, refused) = scene.import(&scene.ada, "", &wrong).await;
        assert_eq!(
            (status, &refused["errors"][0]["field"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!(field)),
            "{refused}"
        );
        assert_eq!(scene.export().await, before, "{pointer}");
    }
    let mut twice = everything();
    twice["roles"] = json!([{ "name": "a" }, { "name": "a" }]);
    assert_eq!(scene.import(&scene.ada, "", &twice).await.1["errors"][0]["field"], "roles[1].name");
    // What is in use by somebody whom the document does not name does not go.
    let without = json!({ "roles": [], "members": [] });
    let (status, refused) = scene.import(&scene.ada, "", &without).await;
    assert_eq!((status, &refused["code"]), (StatusCode::CONFLICT, &json!("role_in_use")), "{refused}");
    assert!(refused["detail"].as_str().unwrap().starts_with("roles, without clerk: "), "{refused}");
    // The last administrator stays.
    let none = json!({ "members": [{ "username": "ada", "roles": ["user"] }] });
    assert_eq!(scene.import(&scene.ada, "", &none).await.1["code"], "last_administrator");
    assert_eq!(scene.export().await, before);
    // Nor is the platform's own set imported.
    assert_eq!(scene.import(&scene.root, "", &json!({ "roles": [] })).await.1["code"], "not_for_the_platform");
}
