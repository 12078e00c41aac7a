//! The whole catalogue as one document, in which things name each other by key.

use super::{FeatureFields, ModuleFields, ViewFields};
use keystead_domain::{
    FeatureId, ModuleId, Result, ViewId,
    access::{CatalogueLinks, Feature, Module, View},
    navigation::{Menu, MenuItem, SubMenuItem},
};
use keystead_store::UnitOfWork;
use serde::Serialize;
use std::collections::HashMap;

/// The catalogue as it is exported and imported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CatalogueDocument {
    /// Views.
    pub views: Vec<ViewFields>,
    /// Features.
    pub features: Vec<DocumentFeature>,
    /// Modules.
    pub modules: Vec<DocumentModule>,
    /// The menu, in order.
    pub menu: Vec<DocumentMenuItem>,
}

/// A feature with the views that it is in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DocumentFeature {
    /// The feature.
    #[serde(flatten)]
    pub fields: FeatureFields,
    /// The keys of the views.
    pub views: Vec<String>,
}

/// A module with what is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DocumentModule {
    /// The module.
    #[serde(flatten)]
    pub fields: ModuleFields,
    /// The keys of its views.
    pub views: Vec<String>,
    /// The keys of its features.
    pub features: Vec<String>,
}

/// An item of the menu's first level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DocumentMenuItem {
    /// The item itself.
    #[serde(flatten)]
    pub entry: DocumentSubMenuItem,
    /// What stands under it, in order.
    #[serde(skip)]
    pub items: Vec<DocumentSubMenuItem>,
}

/// An item of the menu's second level; or of the first, without what stands under it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DocumentSubMenuItem {
    /// The word by which programs name it.
    pub key: String,
    /// What people read.
    pub name: String,
    /// What is found there.
    pub description: Option<String>,
    /// Where it leads.
    pub path: Option<String>,
    /// The name of its icon.
    pub icon: Option<String>,
    /// The key of the view without which nobody sees the item.
    pub view: Option<String>,
    /// Its place among the others.
    pub order_index: i32,
    /// Whether anyone sees it.
    pub is_active: bool,
}

/// Every row of the catalogue.
pub(super) struct Rows {
    pub(super) views: Vec<View>,
    pub(super) features: Vec<Feature>,
    pub(super) modules: Vec<Module>,
    pub(super) links: CatalogueLinks,
    pub(super) menu: Vec<Menu>,
}

impl Rows {
    /// Reads them, in eight statements.
    pub(super) async fn load(unit: &dyn UnitOfWork) -> Result<Self> {
        Ok(Self {
            views: unit.views().all().await?,
            features: unit.features().all().await?,
            modules: unit.modules().all().await?,
            links: unit.catalogue_links().all().await?,
            menu: unit.menus().menus().await?,
        })
    }

    /// The document of these rows: views and features by key, modules and the menu in their order.
    pub(super) fn document(&self) -> CatalogueDocument {
        use super::Item;
        let views: HashMap<ViewId, &str> = self.views.iter().map(|view| (view.id, view.key.as_str())).collect();
        let features: HashMap<FeatureId, &str> = self.features.iter().map(|one| (one.id, one.key.as_str())).collect();
        let feature_views =
            grouped(self.links.feature_views.iter().map(|link| (link.feature_id, link.view_id)), &views);
        let module_views = grouped(self.links.module_views.iter().map(|link| (link.module_id, link.view_id)), &views);
        let module_features =
            grouped(self.links.module_features.iter().map(|link| (link.module_id, link.feature_id)), &features);
        let mut document = CatalogueDocument {
            views: self.views.iter().map(Item::fields).collect(),
            features: self.features.iter().map(|one| of_feature(one, &feature_views)).collect(),
            modules: self.modules.iter().map(|one| of_module(one, &module_views, &module_features)).collect(),
            menu: self.menu.iter().map(|menu| of_menu(menu, &views)).collect(),
        };
        document.views.sort_by(|one, other| one.key.cmp(&other.key));
        document.features.sort_by(|one, other| one.fields.key.cmp(&other.fields.key));
        document.modules.sort_by(|one, other| {
            (one.fields.order_index, &one.fields.key).cmp(&(other.fields.order_index, &other.fields.key))
        });
        document
    }
}

type Keys<I> = HashMap<I, Vec<String>>;

/// The keys of what each has, in order.
fn grouped<L: Copy + Eq + std::hash::Hash, R: Eq + std::hash::Hash>(
    links: impl Iterator<Item = (L, R)>,
    keys: &HashMap<R, &str>,
) -> Keys<L> {
    let mut all: Keys<L> = HashMap::new();
    for (left, right) in links {
        if let Some(key) = keys.get(&right) {
            all.entry(left).or_default().push((*key).to_owned());
        }
    }
    all.values_mut().for_each(|keys| keys.sort_unstable());
    all
}

fn of_feature(feature: &Feature, views: &Keys<FeatureId>) -> DocumentFeature {
    use super::Item;
    DocumentFeature { fields: feature.fields(), views: views.get(&feature.id).cloned().unwrap_or_default() }
}

fn of_module(module: &Module, views: &Keys<ModuleId>, features: &Keys<ModuleId>) -> DocumentModule {
    use super::Item;
    DocumentModule {
        fields: module.fields(),
        views: views.get(&module.id).cloned().unwrap_or_default(),
        features: features.get(&module.id).cloned().unwrap_or_default(),
    }
}

fn of_menu(menu: &Menu, views: &HashMap<ViewId, &str>) -> DocumentMenuItem {
    let key_of = |id: Option<ViewId>| id.and_then(|id| views.get(&id)).map(|key| (*key).to_owned());
    let MenuItem { key, name, description, path, icon, view_id, order_index, is_active, .. } = menu.item.clone();
    let entry =
        DocumentSubMenuItem { key, name, description, path, icon, view: key_of(view_id), order_index, is_active };
    let under = |item: &SubMenuItem| {
        let SubMenuItem { key, name, description, path, icon, view_id, order_index, is_active, .. } = item.clone();
        DocumentSubMenuItem { key, name, description, path, icon, view: key_of(view_id), order_index, is_active }
    };
    DocumentMenuItem { entry, items: menu.items.iter().map(under).collect() }
}
