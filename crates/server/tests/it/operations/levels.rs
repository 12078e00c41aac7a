//! A user level with a permission on a view and one on a feature, which somebody has.

use super::world::{Someone, expect};
use crate::support::Server;
use reqwest::Method;
use serde_json::{Value, json};

pub struct Levels {
    pub level: String,
    /// Of the catalogue.
    pub view: String,
    pub feature: String,
    view_permission: String,
    feature_permission: String,
}

impl Levels {
    /// Made by `ada`, given to `cat`; the view and the feature by `root`.
    pub async fn new(server: &Server, root: &Someone, ada: &Someone, cat: &Someone, number: u32) -> Self {
        let item = async |path: &str| {
            let body = json!({ "key": format!("levelled-{number}"), "name": "Levelled" });
            let made = expect(server, root, Method::POST, path, body).await;
            made["id"].as_str().unwrap().to_owned()
        };
        let (view, feature) = (item("/api/v1/views").await, item("/api/v1/features").await);
        let made = expect(server, ada, Method::POST, "/api/v1/user-levels", json!({ "name": "Clerks" })).await;
        let level = made["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/user-levels/{level}");
        expect(server, ada, Method::PUT, &format!("{path}/members/{}", cat.id), Value::Null).await;
        let on_view = json!({ "view_id": view, "value": "allow" });
        let on_feature = json!({ "feature_id": feature, "action": "read", "value": "allow", "scope": "organization" });
        let mut written = Vec::new();
        for (kind, permission) in [("view", on_view), ("feature", on_feature)] {
            let list = format!("{path}/{kind}-permissions");
            expect(server, ada, Method::PUT, &list, json!({ "permissions": [permission] })).await;
            let page = expect(server, ada, Method::GET, &list, Value::Null).await;
            written.push(page["items"][0]["id"].as_str().unwrap().to_owned());
        }
        let (feature_permission, view_permission) = (written.pop().unwrap(), written.pop().unwrap());
        Self { level, view, feature, view_permission, feature_permission }
    }

    /// What nobody else may see: the catalogue is everybody's.
    pub fn ids(&self) -> [&String; 3] {
        [&self.level, &self.view_permission, &self.feature_permission]
    }

    /// The path of an operation with these identifiers.
    pub fn path(&self, template: &str) -> String {
        template
            .replace("{user_level_id}", &self.level)
            .replace("{view_permission_id}", &self.view_permission)
            .replace("{feature_permission_id}", &self.feature_permission)
    }
}
