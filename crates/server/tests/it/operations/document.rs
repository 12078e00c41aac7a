//! What the server says it can do.

use crate::support::{Server, send};
use reqwest::Method;

/// One operation of `/openapi.json`.
pub struct Operation {
    /// As `GET /api/v1/teams/{team_id}`.
    pub name: String,
    pub method: Method,
    path: String,
    pub is_public: bool,
    /// Whether the platform's administrators may name another organization in the query.
    pub names_organization: bool,
}

impl Operation {
    /// Its path with identifiers that nothing has.
    pub fn with_unknown_ids(&self) -> String {
        let mut path = self.path.clone();
        while let (Some(start), Some(end)) = (path.find('{'), path.find('}')) {
            path.replace_range(start..=end, "01890000-0000-7000-8000-000000000000");
        }
        path
    }
}

pub async fn operations(server: &Server) -> Vec<Operation> {
    let (_, document) = send(server, Method::GET, "/openapi.json", None, None).await;
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, description) in methods.as_object().unwrap() {
            let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
            if !["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method.as_str()) {
                continue;
            }
            let is_public = description["security"] == serde_json::json!([{}]);
            let parameters = description["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
            let names_organization =
                parameters.iter().any(|one| one["in"] == "query" && one["name"] == "organization_id");
            let name = format!("{method} {path}");
            operations.push(Operation { name, method, path: path.clone(), is_public, names_organization });
        }
    }
    assert!(operations.len() > 60, "the document has only {} operations", operations.len());
    operations
}
