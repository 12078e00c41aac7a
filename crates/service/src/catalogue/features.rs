//! Features, as clients say them.

use super::{
    Head, Item,
    limits::{DESCRIPTION, NAME, checked_key},
};
use crate::access::RESOURCES;
use keystead_domain::{Error, FeatureId, Result, access::Feature, bounded, optional_bounded};
use serde::Serialize;

/// Everything that a client says about a feature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FeatureFields {
    /// The word by which programs name it, up to 100 characters, unique among features. None of Keystead's own resources: a
    /// feature with such a name could never be reached.
    pub key: String,
    /// Its name, up to 255 characters.
    pub name: String,
    /// What it does, up to 2000 characters.
    pub description: Option<String>,
    /// Whether anyone can reach it.
    pub is_active: bool,
}

/// What is to change about a feature. What is absent stays; none inside takes a text away.
#[derive(Clone, Debug, Default)]
pub struct FeatureChange {
    /// Another key.
    pub key: Option<String>,
    /// Another name.
    pub name: Option<String>,
    /// Another description.
    pub description: Option<Option<String>>,
    /// Whether anyone can reach it.
    pub is_active: Option<bool>,
}

/// The types under which decisions know features and views as such.
const TYPES: &[&str] = &["feature", "view"];

fn own_key(key: &str) -> Result<String> {
    let key = checked_key(key)?;
    if RESOURCES.contains(&key.as_str()) || TYPES.contains(&key.as_str()) {
        return Err(Error::invalid("key", format!("{key} is a word of Keystead's own: choose another one")));
    }
    Ok(key)
}

impl Item for Feature {
    type Id = FeatureId;
    type Fields = FeatureFields;
    type Change = FeatureChange;

    const ONE: &'static str = "feature";
    const MANY: &'static str = "features";
    const CREATED: &'static str = "feature.created";
    const UPDATED: &'static str = "feature.updated";
    const DELETED: &'static str = "feature.deleted";

    fn build(head: Head<FeatureId>, fields: FeatureFields) -> Result<Self> {
        Ok(Self {
            id: head.id,
            key: own_key(&fields.key)?,
            name: bounded("name", &fields.name, NAME)?,
            description: optional_bounded("description", fields.description.as_deref(), DESCRIPTION)?,
            is_active: fields.is_active,
            created_at: head.created_at,
            updated_at: head.updated_at,
            version: head.version,
        })
    }
    fn fields(&self) -> FeatureFields {
        let Self { key, name, description, is_active, .. } = self.clone();
        FeatureFields { key, name, description, is_active }
    }
    fn changed(fields: FeatureFields, change: FeatureChange) -> FeatureFields {
        FeatureFields {
            key: change.key.unwrap_or(fields.key),
            name: change.name.unwrap_or(fields.name),
            description: change.description.unwrap_or(fields.description),
            is_active: change.is_active.unwrap_or(fields.is_active),
        }
    }
    fn head(&self) -> Head<FeatureId> {
        Head { id: self.id, created_at: self.created_at, updated_at: self.updated_at, version: self.version }
    }
    fn key(&self) -> &str {
        &self.key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keysteads_own_words_are_no_features() {
        assert_eq!(own_key("orders").unwrap(), "orders");
        for word in ["users", "catalogue", "view"] {
            assert_eq!(own_key(word).unwrap_err().fields[0].field, "key", "{word}");
        }
    }
}
