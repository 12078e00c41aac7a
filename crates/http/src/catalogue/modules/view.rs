//! Modules as the API shows them.

use keystead_domain::{ModuleId, Timestamp, access};
use serde::Serialize;
use utoipa::ToSchema;

/// What an organization has or has not: views and features that come together.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Module {
    /// Its identifier.
    #[schema(value_type = Uuid)]
    pub(crate) id: ModuleId,
    /// The word by which programs name it, unique among modules.
    key: String,
    /// Its name, for people.
    name: String,
    /// What it is for.
    description: Option<String>,
    /// The name of its icon.
    icon: Option<String>,
    /// Its place among the others: the smaller, the earlier.
    order_index: i32,
    /// Whether anyone can reach what is in it.
    is_active: bool,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// Raised by every change; the `ETag`.
    pub(crate) version: i64,
}

impl From<access::Module> for Module {
    fn from(module: access::Module) -> Self {
        let access::Module {
            id,
            key,
            name,
            description,
            icon,
            order_index,
            is_active,
            created_at,
            updated_at,
            version,
        } = module;
        Self { id, key, name, description, icon, order_index, is_active, created_at, updated_at, version }
    }
}
