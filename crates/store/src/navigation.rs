//! Menus, of class G, and the trail, of a person in an organization.

use async_trait::async_trait;
use keystead_domain::{
    MenuItemId, OrganizationId, Page, PageRequest, Result, SubMenuItemId, Timestamp, TrailEntryId, UserId,
    navigation::{Menu, MenuItem, SubMenuItem, TrailEntry},
};

/// The product's menu. Everyone reads it, transactions of the platform write it.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait MenuRepository: Send + Sync {
    /// Adds items of the first level in one batch, all or none.
    ///
    /// # Errors
    /// `Conflict` with code `key_taken`; `NotFound` when a view is not there.
    async fn insert_items(&self, new: &[MenuItem]) -> Result<()>;
    /// Adds items of the second level in one batch, all or none.
    ///
    /// # Errors
    /// `Conflict` with code `key_taken`; `NotFound` when a view or the item above is not there.
    async fn insert_sub_items(&self, new: &[SubMenuItem]) -> Result<()>;
    /// An item of the first level.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find_item(&self, id: MenuItemId) -> Result<Option<MenuItem>>;
    /// An item of the second level.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find_sub_item(&self, id: SubMenuItemId) -> Result<Option<SubMenuItem>>;
    /// The item of the first level with this key.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find_item_by_key(&self, key: &str) -> Result<Option<MenuItem>>;
    /// The item of the second level with this key.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find_sub_item_by_key(&self, key: &str) -> Result<Option<SubMenuItem>>;
    /// The items of the first level, in order of their identifiers.
    ///
    /// # Errors
    /// `Invalid` for a page key that is none.
    async fn list_items(&self, page: &PageRequest) -> Result<Page<MenuItem>>;
    /// The items of the second level, in order of their identifiers.
    ///
    /// # Errors
    /// `Invalid` for a page key that is none.
    async fn list_sub_items(&self, page: &PageRequest) -> Result<Page<SubMenuItem>>;
    /// The whole menu, in two statements: items in their order, each with those under it in theirs, active or not.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn menus(&self) -> Result<Vec<Menu>>;
    /// What stands under an item, in order.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn under(&self, item: MenuItemId) -> Result<Vec<SubMenuItem>>;
    /// Writes an item of the first level if its version is unchanged, and raises the version.
    ///
    /// # Errors
    /// `PreconditionFailed` when it has changed or is not there; others as for `insert_items`.
    async fn update_item(&self, changed: &MenuItem) -> Result<MenuItem>;
    /// Writes an item of the second level if its version is unchanged, and raises the version.
    ///
    /// # Errors
    /// `PreconditionFailed` when it has changed or is not there; others as for `insert_sub_items`.
    async fn update_sub_item(&self, changed: &SubMenuItem) -> Result<SubMenuItem>;
    /// Removes an item of the first level, if its version is `version`, with what stands under it.
    ///
    /// # Errors
    /// `PreconditionFailed` when it has changed or is not there.
    async fn delete_item(&self, id: MenuItemId, version: i64) -> Result<()>;
    /// Removes an item of the second level, if its version is `version`.
    ///
    /// # Errors
    /// `PreconditionFailed` when it has changed or is not there.
    async fn delete_sub_item(&self, id: SubMenuItemId, version: i64) -> Result<()>;
}

/// Where the transaction's own person has been.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait TrailRepository: Send + Sync {
    /// Notes visits in one batch, and forgets the person's oldest beyond [`TrailEntry::MOST`].
    ///
    /// # Errors
    /// `NotFound` when a view is not there, or the person is no member.
    async fn record(&self, organization: OrganizationId, user: UserId, visits: &[TrailEntry]) -> Result<()>;
    /// One entry.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find(&self, organization: OrganizationId, user: UserId, id: TrailEntryId) -> Result<Option<TrailEntry>>;
    /// The latest visits, newest first, at most `limit` and [`TrailEntry::MOST`].
    ///
    /// # Errors
    /// Only when the store fails.
    async fn recent(&self, organization: OrganizationId, user: UserId, limit: u16) -> Result<Vec<TrailEntry>>;
    /// Forgets the visits before `before`, or all of them. Returns how many there were.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn delete(&self, organization: OrganizationId, user: UserId, before: Option<Timestamp>) -> Result<u64>;
}
