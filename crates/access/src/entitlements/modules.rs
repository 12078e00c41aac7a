//! Which modules an organization has, and what can be reached through them.

use super::catalogue::{Catalogue, Entry};
use keystead_domain::{FeatureId, ModuleId, ViewId};
use std::collections::{BTreeMap, HashMap};

/// The type of a resource that is a feature as such; its identifier is the feature's key.
pub(crate) const FEATURE: &str = "feature";
/// The type of a resource that is a view; its identifier is the view's key.
pub(crate) const VIEW: &str = "view";
/// What is done with views.
pub(crate) const VIEWING: &str = "view";

/// What of the catalogue a resource is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    /// Nothing.
    None,
    /// A feature that can be reached.
    Feature(FeatureId),
    /// A view that can be reached.
    View(ViewId),
    /// A feature or a view that cannot be reached, or is not there.
    Unreachable,
}

/// How it stands with a module that leads to something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModuleState {
    /// It is active, and the organization has it.
    Open,
    /// The organization has it not.
    Missing,
    /// The organization has it, but it does not count now.
    Suspended,
    /// Nobody can reach what is in it now.
    Inactive,
}

/// The modules of an organization.
#[derive(Clone, Debug, Default)]
pub(crate) struct Modules {
    /// Those that it has, and whether each counts.
    pub(crate) rows: BTreeMap<ModuleId, bool>,
    features: HashMap<Box<str>, FeatureId>,
    views: HashMap<Box<str>, ViewId>,
}

impl Modules {
    pub(crate) fn new(rows: BTreeMap<ModuleId, bool>, catalogue: &Catalogue) -> Self {
        let mut modules = Self { rows, features: HashMap::new(), views: HashMap::new() };
        modules.features = modules.reachable(catalogue, &catalogue.features);
        modules.views = modules.reachable(catalogue, &catalogue.views);
        modules
    }
    fn reachable<I: Copy>(&self, catalogue: &Catalogue, all: &HashMap<Box<str>, Entry<I>>) -> HashMap<Box<str>, I> {
        let open = |entry: &Entry<I>| {
            entry.active && entry.modules.iter().any(|module| self.state(catalogue, *module) == ModuleState::Open)
        };
        all.iter().filter(|(_, entry)| open(entry)).map(|(key, entry)| (key.clone(), entry.id)).collect()
    }
    /// How it stands with a module.
    pub(crate) fn state(&self, catalogue: &Catalogue, module: ModuleId) -> ModuleState {
        let active = catalogue.modules.get(&module).is_some_and(|(_, active)| *active);
        match self.rows.get(&module) {
            _ if !active => ModuleState::Inactive,
            None => ModuleState::Missing,
            Some(false) => ModuleState::Suspended,
            Some(true) => ModuleState::Open,
        }
    }
    /// What a resource is about: a feature or view as such, or a thing whose type is the key of a feature.
    pub(crate) fn item(&self, catalogue: &Catalogue, kind: &str, id: &str) -> Item {
        match kind {
            FEATURE => self.features.get(id).map_or(Item::Unreachable, |feature| Item::Feature(*feature)),
            VIEW => self.views.get(id).map_or(Item::Unreachable, |view| Item::View(*view)),
            _ => match self.features.get(kind) {
                Some(feature) => Item::Feature(*feature),
                None if catalogue.features.contains_key(kind) => Item::Unreachable,
                None => Item::None,
            },
        }
    }
}
