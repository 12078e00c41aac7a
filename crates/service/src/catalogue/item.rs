//! What the kinds of things in the catalogue have in common.

use keystead_domain::{Result, Timestamp};
use serde::{Serialize, de::DeserializeOwned};
use std::{fmt, hash::Hash};
use uuid::Uuid;

/// What is not for a client to say about a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head<I> {
    /// Its identifier.
    pub id: I,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Raised by every change.
    pub version: i64,
}

impl<I> Head<I> {
    /// Of a thing that is made now.
    pub(super) fn new(id: I, now: Timestamp) -> Self {
        Self { id, created_at: now, updated_at: now, version: 1 }
    }
}

/// A thing of the catalogue: a view, a module, a feature, or an item of the menu.
pub trait Item: Clone + fmt::Debug + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Its identifier.
    type Id: Copy + fmt::Debug + Eq + Hash + Ord + fmt::Display + Into<Uuid> + From<Uuid> + Send + Sync;
    /// Everything that a client says about one.
    type Fields: Clone + fmt::Debug + PartialEq + Send + Sync;
    /// What a client changes about one. What is absent stays.
    type Change: Clone + fmt::Debug + Default + Send + Sync;

    /// What one of them is called in messages: `view`.
    const ONE: &'static str;
    /// What paths and audit events call them: `views`.
    const MANY: &'static str;
    /// The event when one is made.
    const CREATED: &'static str;
    /// The event when one is changed.
    const UPDATED: &'static str;
    /// The event when one is removed.
    const DELETED: &'static str;

    /// Puts one together.
    ///
    /// # Errors
    /// `Invalid` on the field that breaks its rule.
    fn build(head: Head<Self::Id>, fields: Self::Fields) -> Result<Self>;
    /// What a client says about it.
    fn fields(&self) -> Self::Fields;
    /// The fields with what a client changes.
    fn changed(fields: Self::Fields, change: Self::Change) -> Self::Fields;
    /// What is not for a client to say.
    fn head(&self) -> Head<Self::Id>;
    /// The word by which programs name it.
    fn key(&self) -> &str;

    /// The same with other fields, to be written over `version`.
    ///
    /// # Errors
    /// As [`Item::build`].
    fn with(&self, fields: Self::Fields, version: i64, now: Timestamp) -> Result<Self> {
        Self::build(Head { version, updated_at: now, ..self.head() }, fields)
    }
}
