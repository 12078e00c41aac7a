//! A request as it is sent.

use crate::{operations::world::Someone, support::Server};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use std::sync::atomic::{AtomicU32, Ordering};

/// A request that can be sent by several callers.
#[derive(Clone, Debug)]
pub struct Request {
    method: Method,
    path: String,
    pub(super) body: Value,
    pub(super) version: Option<String>,
    correlation: String,
}

impl Request {
    pub(super) fn new(method: Method, path: String, body: Value) -> Self {
        static REQUESTS: AtomicU32 = AtomicU32::new(0);
        let correlation = format!("operation-{}", REQUESTS.fetch_add(1, Ordering::Relaxed));
        Self { method, path, body, version: None, correlation }
    }
    /// The same, in this organization.
    pub fn in_organization(mut self, id: &str) -> Self {
        let sign = if self.path.contains('?') { '&' } else { '?' };
        self.path = format!("{}{sign}organization_id={id}", self.path);
        self
    }
    pub fn correlation(&self) -> String {
        self.correlation.clone()
    }
    /// The secrets that it carries.
    pub fn secrets(&self) -> Vec<String> {
        let names = ["password", "current_password", "new_password", "token", "refresh_token"];
        names.iter().filter_map(|name| self.body[name].as_str().map(str::to_owned)).collect()
    }
    pub async fn send(&self, server: &Server, who: &Someone) -> (StatusCode, Value) {
        let mut request = server.http.request(self.method.clone(), format!("{}{}", server.base, self.path));
        if !who.token.is_empty() {
            request = request.bearer_auth(&who.token);
        }
        if let Some(version) = &self.version {
            request = request.header("if-match", version);
        }
        match &self.body {
            Value::Null => {}
            // The operations that take a text take CSV.
            Value::String(text) => request = request.header("content-type", "text/csv").body(text.clone()),
            body => request = request.json(body),
        }
        let answer = request.header("x-request-id", &self.correlation).send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }
}
