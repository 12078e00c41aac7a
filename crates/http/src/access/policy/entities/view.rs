//! Entities as the API shows them.

use keystead_domain::{Timestamp, access};
use keystead_service::access::policy::entities;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A subject or resource that decisions and searches know.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PolicyEntity {
    /// What it is.
    #[serde(rename = "type")]
    #[schema(rename = "type")]
    kind: String,
    /// Its own identifier, unique among those of its type.
    id: String,
    /// What conditions may ask about it.
    #[schema(value_type = Object)]
    properties: Value,
    /// When it was made known.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When its properties were last written.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// Raised by every change; the `ETag`.
    pub(crate) version: i64,
}

impl From<access::PolicyEntity> for PolicyEntity {
    fn from(entity: access::PolicyEntity) -> Self {
        Self {
            kind: entity.entity_type,
            id: entity.entity_id,
            properties: entity.properties,
            created_at: entity.created_at,
            updated_at: entity.updated_at,
            version: entity.version,
        }
    }
}

/// What names an entity.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EntityName {
    /// What it is.
    #[serde(rename = "type")]
    #[schema(rename = "type", max_length = 64)]
    kind: String,
    /// Its own identifier.
    #[schema(max_length = 256)]
    id: String,
}

impl From<EntityName> for entities::EntityName {
    fn from(EntityName { kind, id }: EntityName) -> Self {
        Self { kind, id }
    }
}
