//! One of everything in the catalogue, made by the platform's administrator.

use super::world::{Someone, expect};
use crate::support::Server;
use reqwest::Method;
use serde_json::{Value, json};

pub struct Catalogue {
    pub view_id: String,
    /// No organization has it.
    pub module_id: String,
    /// The world's organization has it.
    pub held_module_id: String,
    pub feature_id: String,
    pub menu_item_id: String,
    pub sub_menu_item_id: String,
}

impl Catalogue {
    pub async fn new(server: &Server, root: &Someone, organization_id: &str, number: u32) -> Self {
        let make = async |path: &str, mut body: Value| {
            body["key"] = json!(format!("old-{number}"));
            body["name"] = json!("Old");
            let made = expect(server, root, Method::POST, &format!("/api/v1/{path}"), body).await;
            made["id"].as_str().unwrap().to_owned()
        };
        let view_id = make("views", json!({})).await;
        let module_id = make("modules", json!({})).await;
        let held = json!({ "key": format!("held-{number}"), "name": "Held" });
        let held = expect(server, root, Method::POST, "/api/v1/modules", held).await;
        let held_module_id = held["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/organizations/{organization_id}/modules/{held_module_id}");
        expect(server, root, Method::PUT, &path, json!({})).await;
        let feature_id = make("features", json!({})).await;
        let menu_item_id = make("menu-items", json!({})).await;
        let sub_menu_item_id = make("sub-menu-items", json!({ "menu_item_id": menu_item_id })).await;
        Self { view_id, module_id, held_module_id, feature_id, menu_item_id, sub_menu_item_id }
    }

    /// The path of an operation with these identifiers.
    pub fn path(&self, template: &str) -> String {
        template
            .replace("/organizations/{organization_id}/modules/{module_id}", &{
                format!("/organizations/{{organization_id}}/modules/{}", self.held_module_id)
            })
            .replace("{view_id}", &self.view_id)
            .replace("{module_id}", &self.module_id)
            .replace("{feature_id}", &self.feature_id)
            .replace("{sub_menu_item_id}", &self.sub_menu_item_id)
            .replace("{menu_item_id}", &self.menu_item_id)
    }
}
