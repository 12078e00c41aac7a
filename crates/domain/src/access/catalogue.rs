//! The product catalogue: what there is to be shown and done. The platform writes it, every organization reads it.

use crate::{FeatureId, ModuleId, Timestamp, ViewId};
use serde::{Deserialize, Serialize};

/// What a product shows: a page or a part of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Its identifier.
    pub id: ViewId,
    /// The word by which programs name it, up to 100 characters, unique among views.
    pub key: String,
    /// Its name, for people.
    pub name: String,
    /// What it shows.
    pub description: Option<String>,
    /// Where the product shows it.
    pub path: Option<String>,
    /// The name of its icon.
    pub icon: Option<String>,
    /// Whether anyone can reach it.
    pub is_active: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Raised by every change.
    pub version: i64,
}

/// What an organization has or has not: views and features that come together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Module {
    /// Its identifier.
    pub id: ModuleId,
    /// The word by which programs name it, up to 100 characters, unique among modules.
    pub key: String,
    /// Its name, for people.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// The name of its icon.
    pub icon: Option<String>,
    /// Its place among the others: the smaller, the earlier.
    pub order_index: i32,
    /// Whether anyone can reach what is in it.
    pub is_active: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Raised by every change.
    pub version: i64,
}

/// What a product can do, on which actions are permitted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feature {
    /// Its identifier.
    pub id: FeatureId,
    /// The word by which programs name it, up to 100 characters, unique among features.
    pub key: String,
    /// Its name, for people.
    pub name: String,
    /// What it does.
    pub description: Option<String>,
    /// Whether anyone can reach it.
    pub is_active: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Raised by every change.
    pub version: i64,
}

/// That a feature is in a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FeatureView {
    /// The feature.
    pub feature_id: FeatureId,
    /// The view.
    pub view_id: ViewId,
}

/// That a module has a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ModuleView {
    /// The module.
    pub module_id: ModuleId,
    /// The view.
    pub view_id: ViewId,
}

/// That a module has a feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ModuleFeature {
    /// The module.
    pub module_id: ModuleId,
    /// The feature.
    pub feature_id: FeatureId,
}
