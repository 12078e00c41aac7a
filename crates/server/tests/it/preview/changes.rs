//! Random changes, as a preview takes them, and as they are saved.

use super::{World, sent};
use crate::support::{Chance, send};
use reqwest::Method;
use serde_json::{Value, json};

const RULES: &str = "/api/v1/access/rules";
const ENTITIES: &str = "/api/v1/access/entities";

/// By the first, which is the default model's, a denial wins; by the second, an allowance.
const EFFECTS: [&str; 2] =
    ["some(where (p.eft == allow)) && !some(where (p.eft == deny))", "some(where (p.eft == allow))"];

fn any<'a>(chance: &mut Chance, of: &[&'a str]) -> &'a str {
    of[usize::try_from(chance.below(of.len() as u64)).unwrap()]
}

impl World {
    fn random_rule(&self, chance: &mut Chance) -> Value {
        let people = [self.ada_id.as_str(), &self.grace_id, "group:clerks", "group:guests", "reader"];
        if chance.below(4) == 0 {
            return json!({ "ptype": "g", "values": [any(chance, &people[1..4]), "reader", "*"] });
        }
        let (who, object) =
            (any(chance, &people), any(chance, &["document:*", "document:d1", "document:d2", "feature:billing"]));
        let (action, effect) = (any(chance, &["read", "write", "*"]), any(chance, &["allow", "allow", "deny"]));
        json!({ "ptype": "p", "values": [who, "*", object, action, effect] })
    }

    /// The rules that there are.
    pub(super) async fn rules(&self) -> Vec<Value> {
        self.ada.all(&self.server, RULES).await
    }

    /// A change that can be saved after those before it; none where there is nothing to change.
    pub(super) async fn random_change(&self, chance: &mut Chance) -> Value {
        let rules = self.rules().await;
        let pick =
            |chance: &mut Chance| rules[usize::try_from(chance.below(rules.len() as u64)).unwrap()]["id"].clone();
        let document = any(chance, &["d1", "d2", "d3"]).to_owned();
        match chance.below(13) {
            0 if !rules.is_empty() => json!({ "remove_rules": { "ids": [pick(chance)] } }),
            1 if !rules.is_empty() => {
                json!({ "change_rule": { "id": pick(chance), "is_active": chance.below(2) == 0 } })
            }
            2 => json!({ "replace_rules": { "rules": [self.random_rule(chance)] } }),
            3 => {
                let owner = if chance.below(2) == 0 { &self.ada_id } else { &self.grace_id };
                let properties = json!({ "owner": owner, "status": any(chance, &["draft", "final"]) });
                json!({ "put_entities": { "entities": [{ "type": "document", "id": document, "properties": properties }] } })
            }
            4 => json!({ "put_entities": { "entities": [{ "type": "group", "id": "clerks" }] } }),
            5 => {
                let names = ["document:read:organization", "document:write:own"];
                let permissions: Vec<_> = names.iter().filter(|_| chance.below(2) == 0).collect();
                json!({ "set_role_permissions": { "role_id": self.role, "permissions": permissions } })
            }
            6 => {
                let roles = if chance.below(2) == 0 { json!(["user", "reader"]) } else { json!(["user"]) };
                json!({ "set_member_roles": { "user_id": self.grace_id, "roles": roles } })
            }
            7 => json!({ "give_user_level": { "user_level_id": self.level, "user_id": self.grace_id } }),
            8 => {
                let value =
                    [json!("allow"), json!("deny"), Value::Null][usize::try_from(chance.below(3)).unwrap()].clone();
                let permission =
                    json!({ "feature_id": self.feature, "action": any(chance, &["read", "write"]), "value": value });
                json!({ "set_feature_permissions": { "user_level_id": self.level, "permissions": [permission] } })
            }
            9 => {
                let text = self.model.replace(EFFECTS[0], any(chance, &EFFECTS));
                json!({ "set_model": { "text": text } })
            }
            _ => json!({ "add_rules": { "rules": [self.random_rule(chance)] } }),
        }
    }

    /// Saves a change by the operation that is for it. Whether it could be.
    pub(super) async fn save(&self, change: &Value) -> bool {
        let (name, what) = change.as_object().unwrap().iter().next().unwrap();
        let text = |name: &str| what[name].as_str().unwrap_or_default().to_owned();
        let level = format!("/api/v1/user-levels/{}", text("user_level_id"));
        let (method, path, body) = match name.as_str() {
            "add_rules" => (Method::POST, RULES.to_owned(), what.clone()),
            "replace_rules" => (Method::PUT, RULES.to_owned(), what.clone()),
            "remove_rules" => (Method::POST, format!("{RULES}/delete"), what.clone()),
            "put_entities" => (Method::PUT, ENTITIES.to_owned(), what.clone()),
            "give_user_level" => (Method::PUT, format!("{level}/members/{}", text("user_id")), Value::Null),
            "set_feature_permissions" if what["permissions"][0]["value"].is_null() => {
                return self.take_away(&level, &what["permissions"][0]).await;
            }
            "set_feature_permissions" => {
                let mut permissions = what["permissions"].clone();
                permissions[0]["scope"] = json!("organization");
                (Method::PUT, format!("{level}/feature-permissions"), json!({ "permissions": permissions }))
            }
            versioned => return self.save_versioned(versioned, what).await,
        };
        let body = Some(body).filter(|body| !body.is_null());
        let (status, answer) = send(&self.server, method, &path, Some(&self.ada.access), body).await;
        assert!(status.is_success() || status.is_client_error(), "{change}: {status} {answer}");
        status.is_success()
    }

    async fn save_versioned(&self, name: &str, what: &Value) -> bool {
        let text = |name: &str| what[name].as_str().unwrap().to_owned();
        let member = format!("/api/v1/organizations/{}/members/{}", self.organization, self.grace_id);
        let (method, path, read, body) = match name {
            "change_rule" => {
                let path = format!("{RULES}/{}", text("id"));
                (Method::PATCH, path.clone(), path, json!({ "is_active": what["is_active"] }))
            }
            "set_model" => {
                let path = "/api/v1/access/model".to_owned();
                (Method::PUT, path.clone(), path, what.clone())
            }
            "set_role_permissions" => {
                let role = format!("/api/v1/roles/{}", text("role_id"));
                (Method::PUT, format!("{role}/permissions"), role, json!({ "permissions": what["permissions"] }))
            }
            "set_member_roles" => (Method::PUT, format!("{member}/roles"), member, json!({ "roles": what["roles"] })),
            other => panic!("nothing saves {other}"),
        };
        let status = self.versioned(&self.ada, method, &path, &read, body).await;
        assert!(status.is_success() || status.is_client_error(), "{name} {what}: {status}");
        status.is_success()
    }

    /// Takes what a level says about an action on a feature away, if it says something.
    async fn take_away(&self, level: &str, cell: &Value) -> bool {
        let list = format!("{level}/feature-permissions");
        let there = sent(&self.server, &self.ada.access, Method::GET, &list, Value::Null).await;
        let same = |row: &&Value| row["action"] == cell["action"] && row["feature_id"] == cell["feature_id"];
        if let Some(row) = there["items"].as_array().unwrap().iter().find(same) {
            let path = format!("{list}/{}", row["id"].as_str().unwrap());
            let status = self.versioned(&self.ada, Method::DELETE, &path, &path, Value::Null).await;
            assert!(status.is_success(), "{path}: {status}");
        }
        true
    }
}
