//! The product catalogue, compiled.

use keystead_domain::{
    FeatureId, ModuleId, ViewId,
    access::{Feature, Module, ModuleFeature, ModuleView, View},
};
use std::collections::{BTreeMap, HashMap};

/// The catalogue as it is stored.
#[derive(Clone, Debug, Default)]
pub struct CatalogueRows {
    /// Its modules.
    pub modules: Vec<Module>,
    /// Its features.
    pub features: Vec<Feature>,
    /// Its views.
    pub views: Vec<View>,
    /// Which features modules have.
    pub module_features: Vec<ModuleFeature>,
    /// Which views modules have.
    pub module_views: Vec<ModuleView>,
}

/// A feature or a view.
#[derive(Clone, Debug)]
pub(crate) struct Entry<I> {
    pub(crate) id: I,
    pub(crate) active: bool,
    /// The modules that have it.
    pub(crate) modules: Box<[ModuleId]>,
}

/// The product catalogue.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// By key.
    pub(crate) features: HashMap<Box<str>, Entry<FeatureId>>,
    pub(crate) views: HashMap<Box<str>, Entry<ViewId>>,
    /// The key of each module, and whether it is active.
    pub(crate) modules: BTreeMap<ModuleId, (Box<str>, bool)>,
}

impl Catalogue {
    /// Compiles the rows. Links to what is not there lead nowhere.
    #[must_use]
    pub fn new(rows: &CatalogueRows) -> Self {
        let mut features_in: HashMap<FeatureId, Vec<ModuleId>> = HashMap::new();
        for link in &rows.module_features {
            features_in.entry(link.feature_id).or_default().push(link.module_id);
        }
        let mut views_in: HashMap<ViewId, Vec<ModuleId>> = HashMap::new();
        for link in &rows.module_views {
            views_in.entry(link.view_id).or_default().push(link.module_id);
        }
        let features = rows.features.iter().map(|row| {
            let modules = features_in.remove(&row.id).unwrap_or_default().into();
            (row.key.as_str().into(), Entry { id: row.id, active: row.is_active, modules })
        });
        let views = rows.views.iter().map(|row| {
            let modules = views_in.remove(&row.id).unwrap_or_default().into();
            (row.key.as_str().into(), Entry { id: row.id, active: row.is_active, modules })
        });
        Self {
            features: features.collect(),
            views: views.collect(),
            modules: rows.modules.iter().map(|row| (row.id, (row.key.as_str().into(), row.is_active))).collect(),
        }
    }
}
