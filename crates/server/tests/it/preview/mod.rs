//! Previews: what they say is what saving does, nothing of them is saved, and what cannot be saved is refused alike.

mod agreement;
mod bounds;
mod changes;
mod refusals;

use crate::support::{ADMIN_PASSWORD, Person, Server, StoreKind, send};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const PREVIEW: &str = "/api/v1/access/preview";

/// Ada's organization with a member, a role of its own, a user level, a module with a feature, and some things to decide about.
struct World {
    server: Server,
    root: Person,
    ada: Person,
    organization: String,
    ada_id: String,
    grace_id: String,
    role: String,
    level: String,
    feature: String,
    module: String,
    /// The model in force.
    model: String,
    /// The key of a program that asks for decisions.
    key: String,
}

async fn sent(server: &Server, token: &str, method: Method, path: &str, body: Value) -> Value {
    let body = Some(body).filter(|body| !body.is_null());
    let (status, answer) = send(server, method.clone(), path, Some(token), body).await;
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
        sent(&server, &first.access, Method::POST, "/api/v1/me/password", change).await;
        let root = Person::sign_in(&server, "admin", password).await;
        let ada = Person::new(&server, "ada").await;
        let me = ada.get(&server, "/api/v1/me").await.1;
        let (ada_id, organization) = (id(&me), me["organization_id"].as_str().unwrap().to_owned());
        let post = async |path: &str, body: Value| sent(&server, &ada.access, Method::POST, path, body).await;
        let grace = Person::new(&server, "grace").await;
        let grace_id = id(&grace.get(&server, "/api/v1/me").await.1);
        let invitation = json!({ "email": "grace@example.org", "role": "user" });
        let invitation = post("/api/v1/invitations", invitation).await;
        let accepted = json!({ "token": invitation["token"] });
        sent(&server, &grace.access, Method::POST, "/api/v1/invitations/accept", accepted).await;
        for name in ["document:read:organization", "document:write:own"] {
            post("/api/v1/permissions", json!({ "name": name })).await;
        }
        let role = id(&post("/api/v1/roles", json!({ "name": "reader", "permissions": [] })).await);
        let level = id(&post("/api/v1/user-levels", json!({ "name": "Clerks" })).await);
        let scopes = json!(["access:evaluate:organization", "access:search:organization"]);
        let robot = post("/api/v1/service-accounts", json!({ "name": "shop", "scopes": scopes })).await;
        let key = robot["key"].as_str().unwrap().to_owned();
        let platform = async |path: &str, body: Value| sent(&server, &root.access, Method::POST, path, body).await;
        let feature = id(&platform("/api/v1/features", json!({ "key": "billing", "name": "Billing" })).await);
        let module = id(&platform("/api/v1/modules", json!({ "key": "sales", "name": "Sales" })).await);
        let (_, model) = ada.get(&server, "/api/v1/access/model").await;
        let model = model["text"].as_str().unwrap().to_owned();
        let world =
            Self { server, root, ada, organization, ada_id, grace_id, role, level, feature, module, model, key };
        let path = format!("/api/v1/modules/{}", world.module);
        let features = json!({ "features": [world.feature] });
        let linked = world.versioned(&world.root, Method::PUT, &format!("{path}/features"), &path, features).await;
        assert!(linked.is_success(), "{linked}");
        sent(&world.server, &world.root.access, Method::PUT, &world.own_module(), json!({})).await;
        world
    }

    fn own_module(&self) -> String {
        format!("/api/v1/organizations/{}/modules/{}", self.organization, self.module)
    }

    /// A change of something that has a version, at the version that it has. The status; 404 where it is not there.
    async fn versioned(&self, who: &Person, method: Method, path: &str, read: &str, body: Value) -> StatusCode {
        let client = &self.server.http;
        let there = client.get(format!("{}{read}", self.server.base)).bearer_auth(&who.access).send().await.unwrap();
        let Some(etag) = there.headers().get("etag").cloned() else { return there.status() };
        let mut request = client.request(method, format!("{}{path}", self.server.base)).bearer_auth(&who.access);
        if !body.is_null() {
            request = request.json(&body);
        }
        request.header("if-match", etag).send().await.unwrap().status()
    }

    async fn put_rule(&self, values: Value) -> (StatusCode, Value) {
        let body = json!({ "rules": [{ "ptype": "p", "values": values }] });
        send(&self.server, Method::POST, "/api/v1/access/rules", Some(&self.ada.access), Some(body)).await
    }

    async fn preview(&self, body: Value) -> (StatusCode, Value) {
        send(&self.server, Method::POST, PREVIEW, Some(&self.ada.access), Some(body)).await
    }

    /// The subjects, actions and resources that the tests ask about.
    fn asked(&self) -> (Vec<Value>, Vec<&'static str>, Vec<Value>) {
        let thing = |kind: &str, id: &str| json!({ "type": kind, "id": id });
        let subjects = vec![
            thing("user", &self.ada_id),
            thing("user", &self.grace_id),
            thing("group", "clerks"),
            thing("group", "guests"),
        ];
        let mut resources: Vec<_> = ["d1", "d2", "d3"].map(|id| thing("document", id)).into();
        resources.extend([thing("feature", "billing"), thing("organizations", &self.organization)]);
        (subjects, vec!["read", "write"], resources)
    }

    /// What is decided about all of that now, as a product is told.
    async fn decisions(&self) -> Vec<bool> {
        let (subjects, actions, resources) = self.asked();
        let mut questions = Vec::new();
        for subject in &subjects {
            for resource in &resources {
                for action in &actions {
                    questions.push(json!({ "subject": subject, "action": { "name": action }, "resource": resource }));
                }
            }
        }
        let body = json!({ "evaluations": questions });
        let answer = sent(&self.server, &self.key, Method::POST, "/access/v1/evaluations", body).await;
        let all = answer["evaluations"].as_array().unwrap();
        assert_eq!(all.len(), questions.len());
        all.iter().map(|one| one["decision"].as_bool().unwrap()).collect()
    }
}
