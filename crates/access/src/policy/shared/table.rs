//! A hash table whose versions share what they have in common.

use hashbrown::HashTable;
use std::sync::Arc;

const SHARDS: usize = 256;

/// A hash table in shards. A clone shares all shards; a change copies the one shard it touches.
#[derive(Clone, Debug)]
pub(crate) struct Table<T> {
    shards: Vec<Arc<HashTable<T>>>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        // Empty shards are one and the same.
        let empty = Arc::new(HashTable::new());
        Self { shards: vec![empty; SHARDS] }
    }
}

/// Which shard: bits that a shard itself uses neither for its place (the low ones) nor for its tag (the high ones).
#[allow(clippy::cast_possible_truncation, reason = "eight bits")]
fn shard(hash: u64) -> usize {
    (hash >> 40) as usize % SHARDS
}

impl<T: Clone> Table<T> {
    pub(crate) fn find(&self, hash: u64, same: impl FnMut(&T) -> bool) -> Option<&T> {
        self.shards[shard(hash)].find(hash, same)
    }
    /// The value, to be changed.
    pub(crate) fn find_mut(&mut self, hash: u64, mut same: impl FnMut(&T) -> bool) -> Option<&mut T> {
        let shard = &mut self.shards[shard(hash)];
        shard.find(hash, &mut same)?;
        Arc::make_mut(shard).find_mut(hash, same)
    }
    /// The entry, to be changed; `make` makes one where there is none.
    pub(crate) fn entry(
        &mut self,
        hash: u64,
        same: impl FnMut(&T) -> bool,
        rehash: impl Fn(&T) -> u64,
        make: impl FnOnce() -> T,
    ) -> &mut T {
        let shard = Arc::make_mut(&mut self.shards[shard(hash)]);
        shard.entry(hash, same, rehash).or_insert_with(make).into_mut()
    }
    /// Makes room for `count` values, more or less: many are about to be added.
    pub(crate) fn make_room(&mut self, count: usize, rehash: impl Fn(&T) -> u64) {
        if count >= SHARDS * 8 {
            self.shards.iter_mut().for_each(|shard| Arc::make_mut(shard).reserve(count / SHARDS, &rehash));
        }
    }
    /// Adds a value that is not there yet.
    pub(crate) fn insert(&mut self, hash: u64, value: T, rehash: impl Fn(&T) -> u64) {
        Arc::make_mut(&mut self.shards[shard(hash)]).insert_unique(hash, value, rehash);
    }
    pub(crate) fn remove(&mut self, hash: u64, mut same: impl FnMut(&T) -> bool) -> Option<T> {
        let shard = &mut self.shards[shard(hash)];
        shard.find(hash, &mut same)?;
        Arc::make_mut(shard).find_entry(hash, same).ok().map(|entry| entry.remove().0)
    }
    /// All values, in no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.shards.iter().flat_map(|shard| shard.iter())
    }
    pub(crate) fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.len()).sum()
    }
}
