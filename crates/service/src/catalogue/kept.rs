//! Where the things of the catalogue are kept.

use super::Item;
use async_trait::async_trait;
use keystead_domain::{
    Error, Page, PageRequest, Result,
    access::{Feature, Module, View},
};
use keystead_store::UnitOfWork;

/// A thing of the catalogue as the store keeps it.
#[async_trait]
pub trait Kept: Item {
    /// The first of `items` that refers to something that is not there, and what is wrong with it.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn broken(_unit: &dyn UnitOfWork, _items: &[Self]) -> Result<Option<(usize, Error)>> {
        Ok(None)
    }
    /// Adds several in one batch, all or none.
    ///
    /// # Errors
    /// `Conflict` with code `key_taken`.
    async fn insert(unit: &dyn UnitOfWork, new: &[Self]) -> Result<()>;
    /// One of them.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find(unit: &dyn UnitOfWork, id: Self::Id) -> Result<Option<Self>>;
    /// The one with this key.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find_by_key(unit: &dyn UnitOfWork, key: &str) -> Result<Option<Self>>;
    /// They, in order of their identifiers.
    ///
    /// # Errors
    /// `Invalid` for a page key that is none.
    async fn list(unit: &dyn UnitOfWork, page: &PageRequest) -> Result<Page<Self>>;
    /// All of them, in no order.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn all(unit: &dyn UnitOfWork) -> Result<Vec<Self>>;
    /// Writes one if its version is unchanged, and raises the version.
    ///
    /// # Errors
    /// `PreconditionFailed`; `Conflict` with code `key_taken`.
    async fn update(unit: &dyn UnitOfWork, changed: &Self) -> Result<Self>;
    /// Removes one, if its version is `version`.
    ///
    /// # Errors
    /// `PreconditionFailed`; `Conflict` with code `catalogue_in_use`.
    async fn delete(unit: &dyn UnitOfWork, id: Self::Id, version: i64) -> Result<()>;
}

/// Three repositories have the same operations.
macro_rules! kept {
    ($($item:ident in $repository:ident),+ $(,)?) => {$(
        #[async_trait]
        impl Kept for $item {
            async fn insert(unit: &dyn UnitOfWork, new: &[Self]) -> Result<()> {
                unit.$repository().insert(new).await
            }
            async fn find(unit: &dyn UnitOfWork, id: Self::Id) -> Result<Option<Self>> {
                unit.$repository().find(id).await
            }
            async fn find_by_key(unit: &dyn UnitOfWork, key: &str) -> Result<Option<Self>> {
                unit.$repository().find_by_key(key).await
            }
            async fn list(unit: &dyn UnitOfWork, page: &PageRequest) -> Result<Page<Self>> {
                unit.$repository().list(page).await
            }
            async fn all(unit: &dyn UnitOfWork) -> Result<Vec<Self>> {
                unit.$repository().all().await
            }
            async fn update(unit: &dyn UnitOfWork, changed: &Self) -> Result<Self> {
                unit.$repository().update(changed).await
            }
            async fn delete(unit: &dyn UnitOfWork, id: Self::Id, version: i64) -> Result<()> {
                unit.$repository().delete(id, version).await
            }
        }
    )+};
}
kept! { View in views, Module in modules, Feature in features }
