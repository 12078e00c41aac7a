//! The roles that a subject has.

use crate::policy::shared::{hash::scattered, names::Symbol};

/// A set of roles that is cleared in no time and keeps its memory.
#[derive(Clone, Debug)]
pub(crate) struct Reach {
    /// Which version of the set a slot belongs to, the role, and how far it is from the subject.
    slots: Vec<(u32, Symbol, u32)>,
    version: u32,
    /// The roles in the order in which they were found: the nearest first.
    pub(crate) order: Vec<(Symbol, u32)>,
    /// Whether there may be more roles than were found: the domain is not known.
    pub(crate) partial: bool,
}

impl Default for Reach {
    fn default() -> Self {
        Self { slots: vec![(0, 0, 0); 64], version: 0, order: Vec::with_capacity(32), partial: false }
    }
}

impl Reach {
    pub(crate) fn clear(&mut self) {
        self.order.clear();
        self.partial = false;
        self.version = self.version.wrapping_add(1);
        if self.version == 0 {
            self.slots.fill((0, 0, 0));
            self.version = 1;
        }
    }
    #[allow(clippy::cast_possible_truncation, reason = "the length is a power of two")]
    fn slot(&self, role: Symbol) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = scattered(u64::from(role)) as usize & mask;
        while self.slots[at].0 == self.version && self.slots[at].1 != role {
            at = (at + 1) & mask;
        }
        at
    }
    /// Adds a role; one that is there already keeps its distance.
    pub(crate) fn insert(&mut self, role: Symbol, distance: u32) {
        let at = self.slot(role);
        if self.slots[at].0 == self.version {
            return;
        }
        self.slots[at] = (self.version, role, distance);
        self.order.push((role, distance));
        if self.order.len() * 2 > self.slots.len() {
            let size = self.slots.len() * 4;
            self.slots.clear();
            self.slots.resize(size, (0, 0, 0));
            self.version = 1;
            for index in 0..self.order.len() {
                let (role, distance) = self.order[index];
                let at = self.slot(role);
                self.slots[at] = (self.version, role, distance);
            }
        }
    }
    /// How far the role is; none when the subject does not have it.
    pub(crate) fn distance(&self, role: Symbol) -> Option<u32> {
        let slot = self.slots[self.slot(role)];
        (slot.0 == self.version).then_some(slot.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_and_clears() {
        let mut reach = Reach::default();
        for round in 0..3 {
            reach.clear();
            for role in 0..1000 {
                reach.insert(role * 7 + round, role);
                reach.insert(role * 7 + round, 0);
            }
            assert_eq!(reach.order.len(), 1000);
            assert_eq!(reach.distance(70 + round), Some(10));
            assert_eq!(reach.distance(71 + round), None);
        }
    }
}
