//! What was worked out for people, in the tables that other programs read: there once it was asked for, right whatever has
//! changed, and out of sight at once when it may be wrong.

use crate::support::{ADMIN_PASSWORD, Chance, Person, Server, StoreKind, TestStore, send, times};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use std::collections::BTreeMap;

/// Ada, who has an organization to herself with a module and rules; and the platform's administrator.
struct World {
    server: Server,
    ada: Person,
    me: String,
    admin: Person,
    organization: String,
    /// Her rules: kind, number and action of what they open or close, and their effect.
    rules: BTreeMap<(&'static str, usize, &'static str), &'static str>,
    module: String,
    views: Vec<String>,
    features: Vec<String>,
}

async fn sent(server: &Server, who: &Person, method: Method, path: &str, body: Value) -> Value {
    let (status, answer) = send(server, method.clone(), path, Some(&who.access), Some(body)).await;
    assert!(status.is_success(), "{method} {path}: {status} {answer}");
    answer
}

fn id(answer: &Value) -> String {
    answer["id"].as_str().unwrap().to_owned()
}

impl World {
    async fn new(kind: StoreKind) -> Self {
        let server = Server::start(kind).await;
        let first = Person::sign_in(&server, "admin", ADMIN_PASSWORD).await;
        let password = "the administrator's second phrase";
        let change = json!({ "current_password": ADMIN_PASSWORD, "new_password": password });
        sent(&server, &first, Method::POST, "/api/v1/me/password", change).await;
        let admin = Person::sign_in(&server, "admin", password).await;
        let ada = Person::new(&server, "ada").await;
        let (_, me) = ada.get(&server, "/api/v1/me").await;
        let (me, organization) = (id(&me), me["organization_id"].as_str().unwrap().to_owned());
        let (mut views, mut features) = (Vec::new(), Vec::new());
        for number in 0..3 {
            let view = json!({ "key": format!("view-{number}"), "name": "View" });
            views.push(id(&sent(&server, &admin, Method::POST, "/api/v1/views", view).await));
            let feature = json!({ "key": format!("feature-{number}"), "name": "Feature" });
            features.push(id(&sent(&server, &admin, Method::POST, "/api/v1/features", feature).await));
        }
        let module = json!({ "key": "sales", "name": "Sales" });
        let module = id(&sent(&server, &admin, Method::POST, "/api/v1/modules", module).await);
        let rules = BTreeMap::new();
        let world = Self { server, ada, me, admin, organization, rules, module, views, features };
        world.link("views", &world.views).await;
        world.link("features", &world.features).await;
        world.change(Method::PUT, true, world.own_module(), json!({})).await;
        world
    }

    fn own_module(&self) -> String {
        format!("/api/v1/organizations/{}/modules/{}", self.organization, self.module)
    }

    /// A change by the platform or by ada.
    async fn change(&self, method: Method, by_the_platform: bool, path: String, body: Value) {
        let who = if by_the_platform { &self.admin } else { &self.ada };
        let (status, answer) = send(&self.server, method.clone(), &path, Some(&who.access), Some(body)).await;
        assert!(status.is_success(), "{method} {path}: {status} {answer}");
    }

    /// A change of something that has a version.
    async fn change_versioned(&self, method: Method, path: &str, of: &str, body: Value) {
        let client = &self.server.http;
        let read =
            client.get(format!("{}{of}", self.server.base)).bearer_auth(&self.admin.access).send().await.unwrap();
        let request = client.request(method, format!("{}{path}", self.server.base)).bearer_auth(&self.admin.access);
        let answer = request.header("if-match", &read.headers()["etag"]).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.text().await.unwrap());
    }

    /// Puts just these things into the module.
    async fn link(&self, what: &str, things: &[String]) {
        let module = format!("/api/v1/modules/{}", self.module);
        self.change_versioned(Method::PUT, &format!("{module}/{what}"), &module, json!({ what: things })).await;
    }

    /// Writes all of ada's rules.
    async fn write_rules(&self) {
        let rule = |((kind, number, action), effect): (&(&str, usize, &str), &&str)| json!({ "ptype": "p", "values": [self.me, "*", format!("{kind}:{kind}-{number}"), action, effect] });
        let rules: Vec<_> = self.rules.iter().map(rule).collect();
        self.change(Method::PUT, false, "/api/v1/access/rules".to_owned(), json!({ "rules": rules })).await;
    }

    async fn says_of_view(&mut self, view: usize, effect: &'static str) {
        self.rules.insert(("view", view, "view"), effect);
        self.write_rules().await;
    }

    async fn random_change(&mut self, chance: &mut Chance) {
        let which = usize::try_from(chance.below(3)).unwrap();
        let effect = ["allow", "allow", "deny"][usize::try_from(chance.below(3)).unwrap()];
        match chance.below(8) {
            0 | 1 => self.says_of_view(which, effect).await,
            2..=4 => {
                let action = ["read", "write"][usize::try_from(chance.below(2)).unwrap()];
                self.rules.insert(("feature", which, action), effect);
                self.write_rules().await;
            }
            5 => {
                if let Some(some) = self.rules.keys().nth(which).copied() {
                    self.rules.remove(&some);
                }
                self.write_rules().await;
            }
            6 => self.change(Method::PUT, true, self.own_module(), json!({ "is_active": effect == "allow" })).await,
            _ => {
                let path = format!("/api/v1/views/{}", self.views[which]);
                self.change_versioned(Method::PATCH, &path, &path, json!({ "is_active": effect == "allow" })).await;
            }
        }
    }

    async fn rows(&self) -> BTreeMap<String, String> {
        kept_rows(&self.server.store, &self.me).await
    }

    /// What the API says to ada, as rows would say it.
    async fn listed(&self) -> BTreeMap<String, String> {
        let mut all = BTreeMap::new();
        for kind in ["view", "feature"] {
            for item in self.ada.all(&self.server, &format!("/api/v1/me/permissions?kind={kind}")).await {
                let allowed = |whose: &str| item[whose]["allowed"] == json!(true);
                let says = match (kind, allowed("own"), allowed("team"), allowed("organization")) {
                    ("view", _, _, true) => "allow",
                    ("view", ..) => "deny",
                    (_, true, true, true) => "allow organization",
                    (_, true, true, false) => "allow team",
                    (_, true, false, false) => "allow own",
                    (_, false, false, false) => "deny organization",
                    _ => continue,
                };
                let (thing, action) = (item[format!("{kind}_id")].as_str().unwrap(), item["action"].as_str().unwrap());
                all.insert(format!("{thing} {action}"), says.to_owned());
            }
        }
        all
    }
}

/// What a person's rows say that count now: by view, or by feature and action.
pub async fn kept_rows(store: &TestStore, user: &str) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for (kind, rest) in [("view", "'view', value"), ("feature", "action, value || ' ' || scope")] {
        let rows = query(store, kind, rest, user).await;
        all.extend(rows.into_iter().map(|(thing, action, says)| (format!("{thing} {action}"), says)));
    }
    all
}

async fn query(store: &TestStore, kind: &str, rest: &str, user: &str) -> Vec<(String, String, String)> {
    if store.kind == StoreKind::Postgres {
        let sql = format!(
            "SELECT {kind}_id::text, {rest} FROM keystead.current_{kind}_permissions WHERE user_id = '{user}'::uuid"
        );
        let mut connection = PgConnection::connect(&store.url).await.unwrap();
        sqlx::query_as(AssertSqlSafe(sql)).fetch_all(&mut connection).await.unwrap()
    } else {
        let user = user.replace('-', "");
        let sql =
            format!("SELECT lower(hex({kind}_id)), {rest} FROM current_{kind}_permissions WHERE user_id = X'{user}'");
        let mut connection = SqliteConnection::connect(&store.url).await.unwrap();
        let rows: Vec<(String, String, String)> =
            sqlx::query_as(AssertSqlSafe(sql)).fetch_all(&mut connection).await.unwrap();
        let hyphens = |id: String| [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]].join("-");
        rows.into_iter().map(|(id, action, says)| (hyphens(id), action, says)).collect()
    }
}

async fn agrees(kind: StoreKind) {
    let mut world = World::new(kind).await;
    assert!(world.rows().await.is_empty(), "nobody has asked yet");
    world.says_of_view(0, "allow").await;
    let listed = world.listed().await;
    assert_eq!((listed.len(), &listed[&format!("{} view", world.views[0])]), (3, &"allow".to_owned()));
    assert_eq!(world.rows().await, listed);
    // A change of a rule takes the rows out of sight before anybody asks again.
    world.says_of_view(0, "deny").await;
    assert!(world.rows().await.is_empty());
    // Who may ask for it fills the tables for another.
    let path = format!("/api/v1/users/{}/permissions", world.me);
    assert_eq!(world.ada.get(&world.server, &path).await.0, StatusCode::OK);
    assert_eq!(world.rows().await[&format!("{} view", world.views[0])], "deny");
    // So does a change of the platform's.
    world.change(Method::PUT, true, world.own_module(), json!({ "is_active": false })).await;
    assert!(world.rows().await.is_empty());

    let mut chance = Chance::new(7);
    let (mut seen, mut stale) = (0, 0);
    for step in 0..times(40, 1_000) {
        world.random_change(&mut chance).await;
        let before = world.rows().await;
        let listed = world.listed().await;
        assert_eq!(world.rows().await, listed, "step {step}");
        // What was still to be seen before anybody asked was right.
        assert!(before.is_empty() || before == listed, "step {step}: {before:?} {listed:?}");
        seen += listed.values().filter(|says| says.starts_with("allow")).count();
        stale += usize::from(before.is_empty());
    }
    assert!(seen > 20 && stale > 10, "{seen} allowed, {stale} out of sight");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_agree_with_the_api_on_sqlite() {
    agrees(StoreKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_agree_with_the_api_on_postgres() {
    agrees(StoreKind::Postgres).await;
}
