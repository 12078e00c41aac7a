//! Texts as small numbers.

use super::{
    hash::{TextHash, scattered},
    pages::Pages,
    table::Table,
};
use std::sync::Arc;

/// The number of a text in a [`Names`], or of a beginning in [`Prefixes`] (then with [`PREFIX`] set).
pub(crate) type Symbol = u32;
/// Tells the beginnings from the whole texts.
pub(crate) const PREFIX: Symbol = 1 << 31;

/// Every text of a policy, once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    hash: TextHash,
    known: Table<(Arc<str>, Symbol)>,
    texts: Pages<Arc<str>>,
}

impl Names {
    pub(crate) fn find(&self, text: &str) -> Option<Symbol> {
        self.known.find(self.hash.of(text), |(known, _)| **known == *text).map(|(_, symbol)| *symbol)
    }
    pub(crate) fn add(&mut self, text: &str) -> Symbol {
        let (hash, place) = (self.hash, self.hash.of(text));
        if let Some((_, symbol)) = self.known.find(place, |(known, _)| **known == *text) {
            return *symbol;
        }
        #[allow(clippy::cast_possible_truncation, reason = "rules are limited to far fewer than 2^31 texts")]
        let symbol = self.texts.len() as Symbol;
        let shared: Arc<str> = text.into();
        self.texts.push(Arc::clone(&shared));
        self.known.insert(place, (shared, symbol), |(known, _)| hash.of(known));
        symbol
    }
    pub(crate) fn text(&self, symbol: Symbol) -> &str {
        self.texts.get(symbol as usize).map_or("", |text| text)
    }
    pub(crate) fn len(&self) -> usize {
        self.texts.len()
    }
    /// Every text with its number, in the order in which they came.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Symbol, &str)> {
        (0..).zip(self.texts.iter().map(|text| &**text))
    }
}

/// Beginnings of texts, found for a whole text in one pass over it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Prefixes {
    hash: TextHash,
    known: Table<(Arc<str>, Symbol)>,
    count: u32,
    /// The lengths there are, ascending.
    lengths: Vec<usize>,
}

impl Prefixes {
    fn hash(&self, prefix: &str) -> u64 {
        scattered(prefix.bytes().fold(1, |state, byte| self.hash.next(state, byte)))
    }
    fn find(&self, hash: u64, prefix: &[u8]) -> Option<Symbol> {
        self.known.find(hash, |(known, _)| known.as_bytes() == prefix).map(|(_, symbol)| *symbol)
    }
    pub(crate) fn add(&mut self, prefix: &str) -> Symbol {
        let hash = self.hash(prefix);
        if let Some(symbol) = self.find(hash, prefix.as_bytes()) {
            return symbol;
        }
        let symbol = PREFIX | self.count;
        self.count += 1;
        if let Err(place) = self.lengths.binary_search(&prefix.len()) {
            self.lengths.insert(place, prefix.len());
        }
        let rehash = {
            let hash = self.hash;
            move |(known, _): &(Arc<str>, Symbol)| {
                scattered(known.bytes().fold(1, |state, byte| hash.next(state, byte)))
            }
        };
        self.known.insert(hash, (prefix.into(), symbol), rehash);
        symbol
    }
    /// Calls `found` with every known beginning of `text`.
    pub(crate) fn of(&self, text: &str, found: &mut dyn FnMut(Symbol)) {
        let (mut state, mut at) = (1, 0);
        for length in &self.lengths {
            let Some(piece) = text.as_bytes().get(at..*length) else { return };
            state = piece.iter().fold(state, |state, byte| self.hash.next(state, *byte));
            at = *length;
            if let Some(symbol) = self.find(scattered(state), &text.as_bytes()[..at]) {
                found(symbol);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_do_not_see_each_other() {
        let mut first = Names::default();
        let alice = first.add("alice");
        let mut second = first.clone();
        let bob = second.add("bob");
        assert_eq!((second.find("alice"), second.find("bob")), (Some(alice), Some(bob)));
        assert_eq!((first.find("bob"), first.text(alice)), (None, "alice"));
        assert_eq!((second.len(), second.known.len()), (2, 2));
    }

    #[test]
    fn every_beginning_is_found() {
        let mut prefixes = Prefixes::default();
        let all: Vec<_> = ["", "/", "/a", "/a/b", "/a/bc", "/x"].iter().map(|prefix| prefixes.add(prefix)).collect();
        let mut found = Vec::new();
        prefixes.of("/a/bcd", &mut |symbol| found.push(symbol));
        assert_eq!(found, all[..5]);
    }
}
