//! What belongs together in the catalogue: views and features of modules, and the views that features are in.

use super::{kept::Kept, permitted::guard_read};
use crate::App;
use async_trait::async_trait;
use keystead_domain::{
    Caller, Error, FeatureId, ModuleId, Result, Timestamp, ViewId,
    access::{Feature, Module, View},
};
use keystead_store::UnitOfWork;

/// A kind of link.
#[async_trait]
pub trait Link: Send + Sync + 'static {
    /// What has others.
    type Left: Kept;
    /// What it has.
    type Right: Kept;
    /// The event when it changes.
    const EVENT: &'static str;

    /// What `left` has, in order of their identifiers.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn linked(unit: &dyn UnitOfWork, left: <Self::Left as super::Item>::Id) -> Result<Vec<Self::Right>>;
    /// Those of `ids` that there are.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn known(unit: &dyn UnitOfWork, ids: &[<Self::Right as super::Item>::Id]) -> Result<Vec<Self::Right>>;
    /// Replaces what `left` has.
    ///
    /// # Errors
    /// `NotFound` when one of them is not there.
    async fn replace(
        unit: &dyn UnitOfWork,
        left: <Self::Left as super::Item>::Id,
        rights: &[<Self::Right as super::Item>::Id],
        now: Timestamp,
    ) -> Result<()>;
}

macro_rules! links {
    ($($(#[$about:meta])* $name:ident: $left:ident($left_id:ident) has $right:ident($right_id:ident) in $repository:ident,
        $event:literal, $linked:ident, $replace:ident;)+) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        #[async_trait]
        impl Link for $name {
            type Left = $left;
            type Right = $right;
            const EVENT: &'static str = $event;

            async fn linked(unit: &dyn UnitOfWork, left: $left_id) -> Result<Vec<$right>> {
                unit.catalogue_links().$linked(left).await
            }
            async fn known(unit: &dyn UnitOfWork, ids: &[$right_id]) -> Result<Vec<$right>> {
                unit.$repository().find_many(ids).await
            }
            async fn replace(unit: &dyn UnitOfWork, left: $left_id, rights: &[$right_id], now: Timestamp) -> Result<()> {
                unit.catalogue_links().$replace(left, rights, now).await
            }
        }
    )+};
}
links! {
    /// The views of a module.
    ModuleViews: Module(ModuleId) has View(ViewId) in views,
        "module.views_changed", views_of_module, replace_module_views;
    /// The features of a module.
    ModuleFeatures: Module(ModuleId) has Feature(FeatureId) in features,
        "module.features_changed", features_of_module, replace_module_features;
    /// The views that a feature is in.
    FeatureViews: Feature(FeatureId) has View(ViewId) in views,
        "feature.views_changed", views_of_feature, replace_feature_views;
}

/// What a module or a feature has, with the module or feature itself.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`.
pub async fn get_linked<L: Link>(
    app: &App,
    caller: &Caller,
    id: <L::Left as super::Item>::Id,
) -> Result<(L::Left, Vec<L::Right>)> {
    guard_read(caller)?;
    let unit = app.store.read(caller.scope()).await?;
    let left = L::Left::find(&*unit, id).await?.ok_or_else(|| Error::not_found(<L::Left as super::Item>::ONE))?;
    Ok((left, L::linked(&*unit, id).await?))
}
