//! What changed between two states of a thing.

use keystead_domain::{Error, Json, Result};
use serde::Serialize;
use serde_json::Map;

/// Fields that change with every change and tell nothing.
const NOISE: [&str; 2] = ["version", "updated_at"];

/// The fields that differ, before and after, as two JSON objects. A field that holds a secret is not among them.
///
/// For something that was made or removed, give `&()` as the other side.
///
/// # Errors
/// Only when a value cannot be written as JSON.
pub fn changes(before: &impl Serialize, after: &impl Serialize) -> Result<(Json, Json)> {
    let (mut before, mut after) = (fields(before)?, fields(after)?);
    before.retain(|name, _| is_telling(name));
    after.retain(|name, _| is_telling(name));
    let same: Vec<String> =
        before.iter().filter(|(name, value)| after.get(*name) == Some(value)).map(|(name, _)| name.clone()).collect();
    for name in same {
        before.remove(&name);
        after.remove(&name);
    }
    Ok((Json::Object(before), Json::Object(after)))
}

fn fields(value: &impl Serialize) -> Result<Map<String, Json>> {
    match serde_json::to_value(value) {
        Ok(Json::Object(fields)) => Ok(fields),
        Ok(Json::Null) => Ok(Map::new()),
        Ok(_) => Err(Error::internal("only the fields of an object can be compared")),
        Err(error) => Err(Error::internal(error.to_string())),
    }
}

fn is_telling(name: &str) -> bool {
    let secret = ["secret", "token", "hash", "private", "sealed"].iter().any(|word| name.contains(word));
    !(secret || name == "password" || NOISE.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_differs_is_told() {
        let before = json!({ "name": "a", "kept": 1, "version": 1, "removed": true });
        let after = json!({ "name": "b", "kept": 1, "version": 2, "added": null });
        let (before, after) = changes(&before, &after).unwrap();
        assert_eq!(before, json!({ "name": "a", "removed": true }));
        assert_eq!(after, json!({ "name": "b", "added": null }));
    }

    #[test]
    fn what_is_made_has_no_before() {
        let (before, after) = changes(&(), &json!({ "name": "a" })).unwrap();
        assert_eq!((before, after), (json!({}), json!({ "name": "a" })));
        assert!(changes(&"text", &()).is_err());
    }

    #[test]
    fn secrets_are_never_told() {
        let secret = json!({ "password": "x", "token_hash": "x", "client_secret": "x", "must_change_password": true });
        let (before, _) = changes(&secret, &()).unwrap();
        assert_eq!(before, json!({ "must_change_password": true }));
    }
}
