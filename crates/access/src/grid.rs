//! Which roles or user levels say something about a thing and an action: found by that pair, ordered by their numbers.

use crate::{
    policy::{
        Window,
        shared::{hash::of_numbers, table::Table},
    },
    slots::Slot,
};
use std::{cmp::Ordering, sync::Arc};

/// What one role or user level says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) slot: Slot,
    /// A bit for each thing that can be said.
    pub(crate) says: u8,
}

/// That somebody holds a role or user level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) slot: Slot,
    pub(crate) window: Window,
}

type Pair = (u32, u32);

/// The cells of a pair, in order of their slots, each slot once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    pub(crate) cells: Vec<Cell>,
    /// Everything that one of them says.
    pub(crate) says: u8,
}

/// What is said of a pair of which nothing is said.
pub(crate) static NOTHING: Row = Row { cells: Vec::new(), says: 0 };

/// Cells by thing and action.
#[derive(Clone, Debug, Default)]
pub(crate) struct Grid {
    rows: Table<(Pair, Arc<Row>)>,
}

fn hash(pair: Pair) -> u64 {
    of_numbers(&[pair.0, pair.1])
}

impl Grid {
    /// What is said of a pair.
    pub(crate) fn of(&self, what: u32, action: u32) -> &Row {
        let pair = (what, action);
        self.rows.find(hash(pair), |(known, _)| *known == pair).map_or(&NOTHING, |(_, row)| row)
    }
    /// Lets a slot say something more.
    pub(crate) fn add(&mut self, what: u32, action: u32, slot: Slot, says: u8) {
        let pair = (what, action);
        let new = || (pair, Arc::new(Row::default()));
        let (_, row) = self.rows.entry(hash(pair), |(known, _)| *known == pair, |(known, _)| hash(*known), new);
        let row = Arc::make_mut(row);
        row.says |= says;
        match row.cells.binary_search_by_key(&slot, |cell| cell.slot) {
            Ok(place) => row.cells[place].says |= says,
            Err(place) => row.cells.insert(place, Cell { slot, says }),
        }
    }
    /// Lets a slot say nothing of a pair.
    pub(crate) fn clear(&mut self, what: u32, action: u32, slot: Slot) {
        let pair = (what, action);
        if let Some((_, row)) = self.rows.find_mut(hash(pair), |(known, _)| *known == pair) {
            let row = Arc::make_mut(row);
            row.cells.retain(|cell| cell.slot != slot);
            row.says = row.cells.iter().fold(0, |says, cell| says | cell.says);
        }
    }
    /// The pairs of which something is said.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = Pair> {
        self.rows.iter().filter(|(_, row)| !row.cells.is_empty()).map(|(pair, _)| *pair)
    }
}

/// What is both said and held: the cells of a pair with the holdings of somebody, both in order of their slots.
///
/// Takes steps in proportion to the shorter of the two, and the logarithm of how much longer the other is.
pub(crate) struct Common<'a> {
    cells: &'a [Cell],
    held: &'a [Held],
}

impl<'a> Common<'a> {
    pub(crate) fn of(row: &'a Row, held: &'a [Held]) -> Self {
        Self { cells: &row.cells, held }
    }
}

impl<'a> Iterator for Common<'a> {
    type Item = (Cell, &'a Held);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (cell, (held, others)) = (self.cells.first()?, self.held.split_first()?);
            match cell.slot.cmp(&held.slot) {
                Ordering::Equal => {
                    self.held = others;
                    return Some((*cell, held));
                }
                Ordering::Less => self.cells = skip(self.cells, |cell| cell.slot < held.slot),
                Ordering::Greater => self.held = skip(self.held, |held| held.slot < cell.slot),
            }
        }
    }
}

/// The items from the first one that is not `before`; the very first is.
fn skip<T>(items: &[T], before: impl Fn(&T) -> bool) -> &[T] {
    let mut bound = 1;
    while items.get(bound).is_some_and(&before) {
        bound *= 2;
    }
    let (from, to) = (bound / 2, bound.min(items.len()));
    let place = from + items[from..to].partition_point(before);
    &items[place..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_common_is_found(
            said in prop::collection::btree_set(0..200_u32, 0..80), mut held in prop::collection::vec(0..200_u32, 0..80),
        ) {
            held.sort_unstable();
            let cells: Vec<_> = said.iter().map(|slot| Cell { slot: *slot, says: 1 }).collect();
            let holdings: Vec<_> = held.iter().map(|slot| Held { slot: *slot, window: Window::ALWAYS }).collect();
            let row = Row { cells, says: 1 };
            let found: Vec<_> = Common::of(&row, &holdings).map(|(cell, _)| cell.slot).collect();
            let expected: Vec<_> = held.iter().copied().filter(|slot| said.contains(slot)).collect();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn versions_do_not_see_each_other() {
        let mut first = Grid::default();
        first.add(1, 2, 7, 1);
        let mut second = first.clone();
        second.add(1, 2, 7, 2);
        second.add(1, 2, 3, 4);
        assert_eq!(first.of(1, 2).cells, [Cell { slot: 7, says: 1 }]);
        assert_eq!(second.of(1, 2).cells, [Cell { slot: 3, says: 4 }, Cell { slot: 7, says: 3 }]);
        assert_eq!((first.of(1, 2).says, second.of(1, 2).says, second.of(2, 1).says), (1, 7, 0));
        second.clear(1, 2, 3);
        assert_eq!(second.of(1, 2).cells, [Cell { slot: 7, says: 3 }]);
        assert_eq!(second.of(1, 2).says, 3);
        assert_eq!(second.pairs().collect::<Vec<_>>(), [(1, 2)]);
    }
}
