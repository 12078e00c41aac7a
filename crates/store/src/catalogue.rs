//! The product catalogue. Class G: everyone reads it, transactions of the platform write it.
#![cfg_attr(feature = "mocks", allow(unreachable_pub, reason = "the mocks that mockall makes of a macro's traits"))]

use async_trait::async_trait;
use keystead_domain::{
    FeatureId, ModuleId, Page, PageRequest, Result, Timestamp, ViewId,
    access::{CatalogueLinks, Feature, Module, View},
};

/// The three tables of the catalogue have the same operations.
macro_rules! catalogue_repository {
    ($(#[$about:meta])* $name:ident, $item:ident, $id:ident) => {
        $(#[$about])*
        #[cfg_attr(feature = "mocks", mockall::automock)]
        #[async_trait]
        pub trait $name: Send + Sync {
            /// Adds several in one batch, all or none.
            ///
            /// # Errors
            /// `Conflict` with code `key_taken`.
            async fn insert(&self, new: &[$item]) -> Result<()>;
            /// One of them.
            ///
            /// # Errors
            /// Only when the store fails.
            async fn find(&self, id: $id) -> Result<Option<$item>>;
            /// The one with this key.
            ///
            /// # Errors
            /// Only when the store fails.
            async fn find_by_key(&self, key: &str) -> Result<Option<$item>>;
            /// Several at once, in order of their identifiers; those that are not there are missing.
            ///
            /// # Errors
            /// Only when the store fails.
            async fn find_many(&self, ids: &[$id]) -> Result<Vec<$item>>;
            /// They, in order of their identifiers.
            ///
            /// # Errors
            /// `Invalid` for a page key that is none.
            async fn list(&self, page: &PageRequest) -> Result<Page<$item>>;
            /// All of them, in order of their identifiers: what decides reads them whole.
            ///
            /// # Errors
            /// Only when the store fails.
            async fn all(&self) -> Result<Vec<$item>>;
            /// Writes one if its version is unchanged, and raises the version.
            ///
            /// # Errors
            /// `PreconditionFailed` when it has changed or is not there; `Conflict` as for `insert`.
            async fn update(&self, changed: &$item) -> Result<$item>;
            /// Removes one, if its version is `version`, with its links.
            ///
            /// # Errors
            /// `PreconditionFailed` when it has changed or is not there; `Conflict` with code `catalogue_in_use` while an
            /// organization, a user level or a menu refers to it.
            async fn delete(&self, id: $id, version: i64) -> Result<()>;
        }
    };
}

catalogue_repository! {
    /// Views.
    ViewRepository, View, ViewId
}
catalogue_repository! {
    /// Modules.
    ModuleRepository, Module, ModuleId
}
catalogue_repository! {
    /// Features.
    FeatureRepository, Feature, FeatureId
}

/// What belongs together in the catalogue.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait CatalogueLinkRepository: Send + Sync {
    /// Adds links in one batch for each kind; those that are there already are left as they are. Returns how many were added.
    ///
    /// # Errors
    /// `NotFound` when one of the two is not there.
    async fn link(&self, links: &CatalogueLinks, now: Timestamp) -> Result<u64>;
    /// Takes links away, in one batch for each kind. Returns how many there were.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn unlink(&self, links: &CatalogueLinks) -> Result<u64>;
    /// Replaces the views of a module.
    ///
    /// # Errors
    /// `NotFound` when the module or a view is not there.
    async fn replace_module_views(&self, module: ModuleId, views: &[ViewId], now: Timestamp) -> Result<()>;
    /// Replaces the features of a module.
    ///
    /// # Errors
    /// `NotFound` when the module or a feature is not there.
    async fn replace_module_features(&self, module: ModuleId, features: &[FeatureId], now: Timestamp) -> Result<()>;
    /// Replaces the views that a feature is in.
    ///
    /// # Errors
    /// `NotFound` when the feature or a view is not there.
    async fn replace_feature_views(&self, feature: FeatureId, views: &[ViewId], now: Timestamp) -> Result<()>;
    /// The views of a module, joined in one statement, in order of their identifiers.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn views_of_module(&self, module: ModuleId) -> Result<Vec<View>>;
    /// The features of a module, joined in one statement, in order of their identifiers.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn features_of_module(&self, module: ModuleId) -> Result<Vec<Feature>>;
    /// The views that a feature is in, joined in one statement, in order of their identifiers.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn views_of_feature(&self, feature: FeatureId) -> Result<Vec<View>>;
    /// The features in a view, joined in one statement, in order of their identifiers.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn features_of_view(&self, view: ViewId) -> Result<Vec<Feature>>;
    /// The modules that have a view, joined in one statement, in order of their identifiers.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn modules_of_view(&self, view: ViewId) -> Result<Vec<Module>>;
    /// The modules that have a feature, joined in one statement, in order of their identifiers.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn modules_of_feature(&self, feature: FeatureId) -> Result<Vec<Module>>;
    /// Every link, in three statements, in order.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn all(&self) -> Result<CatalogueLinks>;
}
