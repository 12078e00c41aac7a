//! Views, as clients say them.

use super::{
    Head, Item,
    limits::{DESCRIPTION, ICON, NAME, PATH, checked_key},
};
use keystead_domain::{Result, ViewId, access::View, bounded, optional_bounded};
use serde::Serialize;

/// Everything that a client says about a view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ViewFields {
    /// The word by which programs name it, up to 100 characters, unique among views.
    pub key: String,
    /// Its name, up to 255 characters.
    pub name: String,
    /// What it shows, up to 2000 characters.
    pub description: Option<String>,
    /// Where the product shows it, up to 500 characters.
    pub path: Option<String>,
    /// The name of its icon, up to 100 characters.
    pub icon: Option<String>,
    /// Whether anyone can reach it.
    pub is_active: bool,
}

/// What is to change about a view. What is absent stays; none inside takes a text away.
#[derive(Clone, Debug, Default)]
pub struct ViewChange {
    /// Another key.
    pub key: Option<String>,
    /// Another name.
    pub name: Option<String>,
    /// Another description.
    pub description: Option<Option<String>>,
    /// Another path.
    pub path: Option<Option<String>>,
    /// Another icon.
    pub icon: Option<Option<String>>,
    /// Whether anyone can reach it.
    pub is_active: Option<bool>,
}

impl Item for View {
    type Id = ViewId;
    type Fields = ViewFields;
    type Change = ViewChange;

    const ONE: &'static str = "view";
    const MANY: &'static str = "views";
    const CREATED: &'static str = "view.created";
    const UPDATED: &'static str = "view.updated";
    const DELETED: &'static str = "view.deleted";

    fn build(head: Head<ViewId>, fields: ViewFields) -> Result<Self> {
        Ok(Self {
            id: head.id,
            key: checked_key(&fields.key)?,
            name: bounded("name", &fields.name, NAME)?,
            description: optional_bounded("description", fields.description.as_deref(), DESCRIPTION)?,
            path: optional_bounded("path", fields.path.as_deref(), PATH)?,
            icon: optional_bounded("icon", fields.icon.as_deref(), ICON)?,
            is_active: fields.is_active,
            created_at: head.created_at,
            updated_at: head.updated_at,
            version: head.version,
        })
    }
    fn fields(&self) -> ViewFields {
        let Self { key, name, description, path, icon, is_active, .. } = self.clone();
        ViewFields { key, name, description, path, icon, is_active }
    }
    fn changed(fields: ViewFields, change: ViewChange) -> ViewFields {
        ViewFields {
            key: change.key.unwrap_or(fields.key),
            name: change.name.unwrap_or(fields.name),
            description: change.description.unwrap_or(fields.description),
            path: change.path.unwrap_or(fields.path),
            icon: change.icon.unwrap_or(fields.icon),
            is_active: change.is_active.unwrap_or(fields.is_active),
        }
    }
    fn head(&self) -> Head<ViewId> {
        Head { id: self.id, created_at: self.created_at, updated_at: self.updated_at, version: self.version }
    }
    fn key(&self) -> &str {
        &self.key
    }
}
