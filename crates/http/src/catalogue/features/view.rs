//! Features as the API shows them.

use keystead_domain::{FeatureId, Timestamp, access};
use serde::Serialize;
use utoipa::ToSchema;

/// What a product can do, on which actions are permitted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Feature {
    /// Its identifier.
    #[schema(value_type = Uuid)]
    pub(crate) id: FeatureId,
    /// The word by which programs name it, unique among features.
    key: String,
    /// Its name, for people.
    name: String,
    /// What it does.
    description: Option<String>,
    /// Whether anyone can reach it.
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

impl From<access::Feature> for Feature {
    fn from(feature: access::Feature) -> Self {
        let access::Feature { id, key, name, description, is_active, created_at, updated_at, version } = feature;
        Self { id, key, name, description, is_active, created_at, updated_at, version }
    }
}
