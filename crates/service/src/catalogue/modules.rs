//! Modules, as clients say them.

use super::{
    Head, Item,
    limits::{DESCRIPTION, ICON, NAME, checked_key},
};
use keystead_domain::{ModuleId, Result, access::Module, bounded, optional_bounded};
use serde::Serialize;

/// Everything that a client says about a module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ModuleFields {
    /// The word by which programs name it, up to 100 characters, unique among modules.
    pub key: String,
    /// Its name, up to 255 characters.
    pub name: String,
    /// What it is for, up to 2000 characters.
    pub description: Option<String>,
    /// The name of its icon, up to 100 characters.
    pub icon: Option<String>,
    /// Its place among the others: the smaller, the earlier.
    pub order_index: i32,
    /// Whether anyone can reach what is in it.
    pub is_active: bool,
}

/// What is to change about a module. What is absent stays; none inside takes a text away.
#[derive(Clone, Debug, Default)]
pub struct ModuleChange {
    /// Another key.
    pub key: Option<String>,
    /// Another name.
    pub name: Option<String>,
    /// Another description.
    pub description: Option<Option<String>>,
    /// Another icon.
    pub icon: Option<Option<String>>,
    /// Another place.
    pub order_index: Option<i32>,
    /// Whether anyone can reach what is in it.
    pub is_active: Option<bool>,
}

impl Item for Module {
    type Id = ModuleId;
    type Fields = ModuleFields;
    type Change = ModuleChange;

    const ONE: &'static str = "module";
    const MANY: &'static str = "modules";
    const CREATED: &'static str = "module.created";
    const UPDATED: &'static str = "module.updated";
    const DELETED: &'static str = "module.deleted";

    fn build(head: Head<ModuleId>, fields: ModuleFields) -> Result<Self> {
        Ok(Self {
            id: head.id,
            key: checked_key(&fields.key)?,
            name: bounded("name", &fields.name, NAME)?,
            description: optional_bounded("description", fields.description.as_deref(), DESCRIPTION)?,
            icon: optional_bounded("icon", fields.icon.as_deref(), ICON)?,
            order_index: fields.order_index,
            is_active: fields.is_active,
            created_at: head.created_at,
            updated_at: head.updated_at,
            version: head.version,
        })
    }
    fn fields(&self) -> ModuleFields {
        let Self { key, name, description, icon, order_index, is_active, .. } = self.clone();
        ModuleFields { key, name, description, icon, order_index, is_active }
    }
    fn changed(fields: ModuleFields, change: ModuleChange) -> ModuleFields {
        ModuleFields {
            key: change.key.unwrap_or(fields.key),
            name: change.name.unwrap_or(fields.name),
            description: change.description.unwrap_or(fields.description),
            icon: change.icon.unwrap_or(fields.icon),
            order_index: change.order_index.unwrap_or(fields.order_index),
            is_active: change.is_active.unwrap_or(fields.is_active),
        }
    }
    fn head(&self) -> Head<ModuleId> {
        Head { id: self.id, created_at: self.created_at, updated_at: self.updated_at, version: self.version }
    }
    fn key(&self) -> &str {
        &self.key
    }
}
