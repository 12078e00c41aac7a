//! The document: things name each other by key, and have no identifiers.

use crate::catalogue::filter::active;
use keystead_service::catalogue::{
    self, DocumentFeature, DocumentMenuItem, DocumentModule, DocumentSubMenuItem, FeatureFields, ModuleFields,
    ViewFields,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The whole catalogue. What is absent is empty.
#[derive(Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct CatalogueDocument {
    /// Views.
    #[schema(max_items = 5000)]
    views: Vec<ViewEntry>,
    /// Features.
    #[schema(max_items = 5000)]
    features: Vec<FeatureEntry>,
    /// Modules.
    #[schema(max_items = 5000)]
    modules: Vec<ModuleEntry>,
    /// The menu.
    #[schema(max_items = 5000)]
    menu: Vec<MenuEntry>,
}

/// A view.
#[derive(Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ViewEntry {
    /// The word by which programs name it, unique among views.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$", example = "orders")]
    key: String,
    /// Its name, for people.
    #[schema(min_length = 1, max_length = 255, example = "Orders")]
    name: String,
    /// What it shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// Where the product shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500, example = "/orders")]
    path: Option<String>,
    /// The name of its icon.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    icon: Option<String>,
    /// Whether anyone can reach it. It is unless said otherwise.
    #[serde(default = "active")]
    is_active: bool,
}

/// A feature, and the views that it is in.
#[derive(Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FeatureEntry {
    /// The word by which programs name it, unique among features.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$", example = "orders.export")]
    key: String,
    /// Its name, for people.
    #[schema(min_length = 1, max_length = 255, example = "Export orders")]
    name: String,
    /// What it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// Whether anyone can reach it. It is unless said otherwise.
    #[serde(default = "active")]
    is_active: bool,
    /// The keys of the views.
    #[serde(default)]
    #[schema(max_items = 1000, example = json!(["orders"]))]
    views: Vec<String>,
}

/// A module, and what is in it.
#[derive(Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ModuleEntry {
    /// The word by which programs name it, unique among modules.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$", example = "sales")]
    key: String,
    /// Its name, for people.
    #[schema(min_length = 1, max_length = 255, example = "Sales")]
    name: String,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// The name of its icon.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    icon: Option<String>,
    /// Its place among the others: the smaller, the earlier. 0 when nothing is said.
    #[serde(default)]
    order_index: i32,
    /// Whether anyone can reach what is in it. It is unless said otherwise.
    #[serde(default = "active")]
    is_active: bool,
    /// The keys of its views.
    #[serde(default)]
    #[schema(max_items = 1000, example = json!(["orders"]))]
    views: Vec<String>,
    /// The keys of its features.
    #[serde(default)]
    #[schema(max_items = 1000, example = json!(["orders.export"]))]
    features: Vec<String>,
}

/// An item of the menu, and what stands under it.
#[derive(Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MenuEntry {
    /// The word by which programs name it, unique among the items of this level.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$", example = "orders")]
    key: String,
    /// What people read.
    #[schema(min_length = 1, max_length = 255, example = "Orders")]
    name: String,
    /// What is found there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// Where it leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500)]
    path: Option<String>,
    /// The name of its icon.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    icon: Option<String>,
    /// The key of the view without which nobody sees the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100, example = "orders")]
    view: Option<String>,
    /// Its place among the others: the smaller, the earlier. 0 when nothing is said.
    #[serde(default)]
    order_index: i32,
    /// Whether anyone sees it. It is unless said otherwise.
    #[serde(default = "active")]
    is_active: bool,
    /// What stands under it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 5000)]
    items: Vec<SubMenuEntry>,
}

/// An item of the menu's second level.
#[derive(Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubMenuEntry {
    /// The word by which programs name it, unique among the items of this level.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$", example = "orders-open")]
    key: String,
    /// What people read.
    #[schema(min_length = 1, max_length = 255, example = "Open orders")]
    name: String,
    /// What is found there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// Where it leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500)]
    path: Option<String>,
    /// The name of its icon.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    icon: Option<String>,
    /// The key of the view without which nobody sees the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100, example = "orders")]
    view: Option<String>,
    /// Its place among the others: the smaller, the earlier. 0 when nothing is said.
    #[serde(default)]
    order_index: i32,
    /// Whether anyone sees it. It is unless said otherwise.
    #[serde(default = "active")]
    is_active: bool,
}

impl From<catalogue::CatalogueDocument> for CatalogueDocument {
    fn from(document: catalogue::CatalogueDocument) -> Self {
        let catalogue::CatalogueDocument { views, features, modules, menu } = document;
        Self {
            views: views.into_iter().map(Into::into).collect(),
            features: features.into_iter().map(Into::into).collect(),
            modules: modules.into_iter().map(Into::into).collect(),
            menu: menu.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<CatalogueDocument> for catalogue::CatalogueDocument {
    fn from(document: CatalogueDocument) -> Self {
        let CatalogueDocument { views, features, modules, menu } = document;
        Self {
            views: views.into_iter().map(Into::into).collect(),
            features: features.into_iter().map(Into::into).collect(),
            modules: modules.into_iter().map(Into::into).collect(),
            menu: menu.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<ViewFields> for ViewEntry {
    fn from(fields: ViewFields) -> Self {
        let ViewFields { key, name, description, path, icon, is_active } = fields;
        Self { key, name, description, path, icon, is_active }
    }
}

impl From<ViewEntry> for ViewFields {
    fn from(entry: ViewEntry) -> Self {
        let ViewEntry { key, name, description, path, icon, is_active } = entry;
        Self { key, name, description, path, icon, is_active }
    }
}

impl From<DocumentFeature> for FeatureEntry {
    fn from(feature: DocumentFeature) -> Self {
        let DocumentFeature { fields: FeatureFields { key, name, description, is_active }, views } = feature;
        Self { key, name, description, is_active, views }
    }
}

impl From<FeatureEntry> for DocumentFeature {
    fn from(entry: FeatureEntry) -> Self {
        let FeatureEntry { key, name, description, is_active, views } = entry;
        Self { fields: FeatureFields { key, name, description, is_active }, views }
    }
}

impl From<DocumentModule> for ModuleEntry {
    fn from(module: DocumentModule) -> Self {
        let DocumentModule { fields, views, features } = module;
        let ModuleFields { key, name, description, icon, order_index, is_active } = fields;
        Self { key, name, description, icon, order_index, is_active, views, features }
    }
}

impl From<ModuleEntry> for DocumentModule {
    fn from(entry: ModuleEntry) -> Self {
        let ModuleEntry { key, name, description, icon, order_index, is_active, views, features } = entry;
        Self { fields: ModuleFields { key, name, description, icon, order_index, is_active }, views, features }
    }
}

impl From<DocumentMenuItem> for MenuEntry {
    fn from(menu: DocumentMenuItem) -> Self {
        let DocumentMenuItem { entry, items } = menu;
        let DocumentSubMenuItem { key, name, description, path, icon, view, order_index, is_active } = entry;
        let items = items.into_iter().map(Into::into).collect();
        Self { key, name, description, path, icon, view, order_index, is_active, items }
    }
}

impl From<MenuEntry> for DocumentMenuItem {
    fn from(menu: MenuEntry) -> Self {
        let MenuEntry { key, name, description, path, icon, view, order_index, is_active, items } = menu;
        let entry = DocumentSubMenuItem { key, name, description, path, icon, view, order_index, is_active };
        Self { entry, items: items.into_iter().map(Into::into).collect() }
    }
}

impl From<DocumentSubMenuItem> for SubMenuEntry {
    fn from(item: DocumentSubMenuItem) -> Self {
        let DocumentSubMenuItem { key, name, description, path, icon, view, order_index, is_active } = item;
        Self { key, name, description, path, icon, view, order_index, is_active }
    }
}

impl From<SubMenuEntry> for DocumentSubMenuItem {
    fn from(entry: SubMenuEntry) -> Self {
        let SubMenuEntry { key, name, description, path, icon, view, order_index, is_active } = entry;
        Self { key, name, description, path, icon, view, order_index, is_active }
    }
}
