//! Whether what flows name is there: operations, use cases, words of the code.

use crate::{
    failure::{Failure, Result, While},
    workspace::Workspace,
};
use serde_json::Value;

const METHODS: &[&str] = &["GET", "POST", "PATCH", "PUT", "DELETE"];

/// What there is.
pub(super) struct Truth {
    openapi: Value,
    code: String,
}

impl Truth {
    /// Reads the API's document, and the code.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(super) fn read(workspace: &Workspace, openapi: &[u8]) -> Result<Self> {
        let openapi = serde_json::from_slice(openapi).doing(|| "reading the API's document".to_owned())?;
        let mut code = String::new();
        for path in workspace.files()? {
            let is_code = path.extension().is_some_and(|extension| extension == "rs" || extension == "sql");
            if is_code && !path.starts_with(workspace.root.join("crates/xtask")) {
                code.push_str(&workspace.read(&path)?);
            }
        }
        Ok(Self { openapi, code })
    }

    /// Looks up everything between backticks.
    ///
    /// # Errors
    /// With what is not there.
    pub(super) fn check<'a>(&self, file: &str, texts: impl Iterator<Item = &'a str>) -> Result<()> {
        let named = texts.flat_map(|text| text.split('`').skip(1).step_by(2));
        let wrong: Vec<_> = named.filter(|name| !self.has(name)).collect();
        if wrong.is_empty() {
            return Ok(());
        }
        Err(Failure::new(format!("{file} names what is not there: {}", wrong.join(", ")))
            .next("say it as the code does, or without backticks where it is no name"))
    }

    fn has(&self, name: &str) -> bool {
        if let Some((method, path)) = name.split_once(' ').filter(|(method, _)| METHODS.contains(method)) {
            return self.openapi["paths"][path][method.to_lowercase()].is_object();
        }
        match name.rsplit_once("::") {
            Some((_, function)) => self.code.contains(&format!("fn {function}(")),
            None => self.code.contains(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_named_must_be_there() {
        let openapi = json!({ "paths": { "/api/v1/me": { "get": {} } } });
        let truth = Truth { openapi, code: "pub fn me() { \"session.created\" }".to_owned() };
        let good = ["`GET /api/v1/me` runs `accounts::me` and writes `session.created`; not code: DELETE"];
        assert!(truth.check("f", good.into_iter()).is_ok());
        for bad in ["`POST /api/v1/me`", "`accounts::you`", "`session.ended`"] {
            let failure = truth.check("f", std::iter::once(bad)).unwrap_err();
            assert!(failure.what.contains(bad.trim_matches('`')), "{}", failure.what);
        }
    }
}
