//! Brings the things of one kind to what a document says.

use super::{Head, Item, kept::Kept};
use crate::App;
use keystead_domain::{Error, Result};
use keystead_store::UnitOfWork;
use std::collections::HashMap;
use uuid::Uuid;

/// The things of one kind, once those of a document are there.
pub(super) struct Settled<T: Item> {
    /// Those of the document.
    wanted: HashMap<String, T::Id>,
    /// Those that the document does not name.
    others: HashMap<String, T>,
}

/// Makes and changes what is wanted; what is not named is left for [`Settled::remove_others`].
///
/// # Errors
/// `Conflict` or `PreconditionFailed` when somebody else changes the catalogue meanwhile.
pub(super) async fn settle<T: Kept>(
    unit: &dyn UnitOfWork,
    app: &App,
    known: Vec<T>,
    fields: Vec<T::Fields>,
) -> Result<Settled<T>> {
    let now = app.now();
    let mut others: HashMap<String, T> = known.into_iter().map(|item| (item.key().to_owned(), item)).collect();
    let (mut wanted, mut new) = (HashMap::with_capacity(fields.len()), Vec::new());
    for fields in fields {
        let item = T::build(Head::new(app.ids.next(), now), fields)?;
        match others.remove(item.key()) {
            None => {
                wanted.insert(item.key().to_owned(), item.head().id);
                new.push(item);
            }
            Some(before) => {
                wanted.insert(item.key().to_owned(), before.head().id);
                if before.fields() != item.fields() {
                    T::update(unit, &before.with(item.fields(), before.head().version, now)?).await?;
                }
            }
        }
    }
    if !new.is_empty() {
        T::insert(unit, &new).await?;
    }
    Ok(Settled { wanted, others })
}

impl<T: Kept> Settled<T> {
    /// What `key` names, as `field` says it. What the document does not name counts where it stays.
    pub(super) fn find(&self, key: &str, others_stay: bool, field: impl FnOnce() -> String) -> Result<T::Id> {
        let other = || self.others.get(key).filter(|_| others_stay).map(|item| item.head().id);
        let found = self.wanted.get(key).copied().or_else(other);
        found.ok_or_else(|| Error::invalid(field(), format!("there is no {} {key:?}", T::ONE)))
    }

    /// Removes what the document does not name.
    ///
    /// # Errors
    /// `Conflict` with code `catalogue_in_use`, naming the first that is.
    pub(super) async fn remove_others(&self, unit: &dyn UnitOfWork) -> Result<()> {
        for (key, item) in &self.others {
            T::delete(unit, item.head().id, item.head().version).await.map_err(|error| {
                if error.code != "catalogue_in_use" {
                    return error;
                }
                Error::conflict("catalogue_in_use", format!("{} {key}: {}", T::ONE, error.message))
            })?;
        }
        Ok(())
    }

    /// The identifier of each, by kind and key.
    pub(super) fn ids(&self) -> impl Iterator<Item = ((&'static str, String), Uuid)> {
        let others = self.others.iter().map(|(key, item)| (key, item.head().id));
        let all = self.wanted.iter().map(|(key, id)| (key, *id)).chain(others);
        all.map(|(key, id)| ((T::MANY, key.clone()), id.into()))
    }
}
