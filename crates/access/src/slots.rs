//! Rows with small numbers of their own: what refers to them is small, and has an order.

use crate::policy::shared::{hash::of_uuid, pages::Pages, table::Table};
use std::sync::Arc;
use uuid::Uuid;

/// The number of a row.
pub(crate) type Slot = u32;

/// Rows by identifier. An identifier keeps its number also while there is no such row: who holds a role that is not
/// there yet holds it once it is.
#[derive(Debug)]
pub(crate) struct Slots<I, R> {
    known: Table<(I, Slot)>,
    rows: Pages<Option<Arc<R>>>,
}

impl<I: Clone, R> Clone for Slots<I, R> {
    fn clone(&self) -> Self {
        Self { known: self.known.clone(), rows: self.rows.clone() }
    }
}

impl<I, R> Default for Slots<I, R> {
    fn default() -> Self {
        Self { known: Table::default(), rows: Pages::default() }
    }
}

impl<I: Copy + Eq + Into<Uuid>, R> Slots<I, R> {
    pub(crate) fn find(&self, id: I) -> Option<Slot> {
        self.known.find(of_uuid(id.into()), |(known, _)| *known == id).map(|(_, slot)| *slot)
    }
    /// The number of the identifier, a new one where it has none.
    pub(crate) fn slot(&mut self, id: I) -> Slot {
        if let Some(slot) = self.find(id) {
            return slot;
        }
        #[allow(clippy::cast_possible_truncation, reason = "an organization has far fewer than 2^32 of them")]
        let slot = self.rows.len() as Slot;
        self.rows.push(None);
        self.known.insert(of_uuid(id.into()), (id, slot), |(known, _)| of_uuid((*known).into()));
        slot
    }
    pub(crate) fn get(&self, slot: Slot) -> Option<&Arc<R>> {
        self.rows.get(slot as usize)?.as_ref()
    }
    /// Writes a row, or takes it away. Returns the one before.
    pub(crate) fn put(&mut self, slot: Slot, row: Option<Arc<R>>) -> Option<Arc<R>> {
        let place = self.rows.get_mut(slot as usize)?;
        std::mem::replace(place, row)
    }
    /// Every row with its number, in their order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Slot, &Arc<R>)> {
        (0..).zip(self.rows.iter()).filter_map(|(slot, row)| row.as_ref().map(|row| (slot, row)))
    }
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }
}
