//! Views as the API shows them.

use keystead_domain::{Timestamp, ViewId, access};
use serde::Serialize;
use utoipa::ToSchema;

/// A page of a product, or a part of one.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct View {
    /// Its identifier.
    #[schema(value_type = Uuid)]
    pub(crate) id: ViewId,
    /// The word by which programs name it, unique among views.
    key: String,
    /// Its name, for people.
    name: String,
    /// What it shows.
    description: Option<String>,
    /// Where the product shows it.
    path: Option<String>,
    /// The name of its icon.
    icon: Option<String>,
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

impl From<access::View> for View {
    fn from(view: access::View) -> Self {
        let access::View { id, key, name, description, path, icon, is_active, created_at, updated_at, version } = view;
        Self { id, key, name, description, path, icon, is_active, created_at, updated_at, version }
    }
}
