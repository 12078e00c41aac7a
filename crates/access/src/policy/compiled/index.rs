//! Rules by the values of their fields.

use crate::policy::shared::{
    hash::{of_numbers, scattered},
    names::Symbol,
    table::Table,
};
use std::sync::Arc;

/// The most fields of one key.
pub(crate) const KEY_FIELDS: usize = 4;
/// The values of the fields that a key has; unused places are zero.
pub(crate) type Key = [Symbol; KEY_FIELDS];

/// A rule in a bucket, under the subject or role that it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    /// The role; zero where the plan has no role term.
    pub(crate) role: Symbol,
    pub(crate) row: u32,
}

#[derive(Clone, Debug)]
pub(crate) enum Group {
    One(Entry),
    Few(Arc<[Entry]>),
    Many(Arc<Many>),
}

impl Group {
    /// A group of rules, ordered by role; none of no rules.
    fn new(entries: Vec<Entry>) -> Option<Self> {
        match entries.as_slice() {
            [] => None,
            [only] => Some(Self::One(*only)),
            few if few.len() < FILTER_FROM => Some(Self::Few(few.into())),
            _ => Some(Self::Many(Arc::new(Many::new(entries)))),
        }
    }
    pub(crate) fn entries(&self) -> &[Entry] {
        match self {
            Self::One(entry) => std::slice::from_ref(entry),
            Self::Few(entries) => entries,
            Self::Many(many) => &many.entries,
        }
    }
}

/// Many rules, ordered by role.
#[derive(Clone, Debug)]
pub(crate) struct Many {
    entries: Vec<Entry>,
    /// Bits of the roles there are: most roles that are asked for are not, and this says so at once.
    filter: Vec<u64>,
}

#[derive(Clone, Debug)]
struct Bucket {
    key: Key,
    group: Group,
}

/// The buckets of one branch of a matcher.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    buckets: Table<Bucket>,
    /// How many buckets have a value at a place of their key: values that none has are not asked for.
    used: [Table<(Symbol, u32)>; KEY_FIELDS],
}

const FILTER_FROM: usize = 32;

impl Many {
    fn new(entries: Vec<Entry>) -> Self {
        let mut filter = vec![0; (entries.len() / 8).next_power_of_two()];
        for entry in &entries {
            let (word, bit) = place(entry.role, filter.len());
            filter[word] |= bit;
        }
        Self { entries, filter }
    }
    /// The rules for `role`.
    pub(crate) fn of(&self, role: Symbol) -> &[Entry] {
        let (word, bit) = place(role, self.filter.len());
        if self.filter[word] & bit == 0 {
            return &[];
        }
        let from = self.entries.partition_point(|entry| entry.role < role);
        let length = self.entries[from..].iter().take_while(|entry| entry.role == role).count();
        &self.entries[from..from + length]
    }
}

#[allow(clippy::cast_possible_truncation, reason = "the length is a power of two")]
fn place(role: Symbol, words: usize) -> (usize, u64) {
    let hash = scattered(u64::from(role));
    ((hash >> 6) as usize & (words - 1), 1 << (hash & 63))
}

impl Index {
    /// All rules at once.
    pub(crate) fn build(mut all: Vec<(Key, Entry)>) -> Self {
        all.sort_unstable();
        let mut index = Self::default();
        index.buckets.make_room(all.len() / 2, |bucket| of_numbers(&bucket.key));
        for group in all.chunk_by(|left, right| left.0 == right.0) {
            let entries = group.iter().map(|(_, entry)| *entry).collect();
            if let (Some((key, _)), Some(group)) = (group.first(), Group::new(entries)) {
                index.insert(key, group);
            }
        }
        index
    }
    fn insert(&mut self, key: &Key, group: Group) {
        self.buckets.insert(of_numbers(key), Bucket { key: *key, group }, |bucket| of_numbers(&bucket.key));
        for (used, symbol) in self.used.iter_mut().zip(key) {
            let rehash = |(symbol, _): &(Symbol, u32)| scattered(u64::from(*symbol));
            let hash = scattered(u64::from(*symbol));
            used.entry(hash, |(known, _)| known == symbol, rehash, || (*symbol, 0)).1 += 1;
        }
    }
    fn put(&mut self, key: &Key, group: Group) {
        if let Some(bucket) = self.buckets.find_mut(of_numbers(key), |bucket| bucket.key == *key) {
            bucket.group = group;
        } else {
            self.insert(key, group);
        }
    }
    /// Whether some key has `symbol` at this place.
    pub(crate) fn uses(&self, place: usize, symbol: Symbol) -> bool {
        self.used[place].find(scattered(u64::from(symbol)), |(known, _)| *known == symbol).is_some()
    }
    pub(crate) fn find(&self, key: &Key) -> Option<&Group> {
        self.buckets.find(of_numbers(key), |bucket| bucket.key == *key).map(|bucket| &bucket.group)
    }
    pub(crate) fn add(&mut self, key: &Key, entry: Entry) {
        let mut entries = self.find(key).map(|group| group.entries().to_vec()).unwrap_or_default();
        let place = entries.partition_point(|other| *other < entry);
        entries.insert(place, entry);
        if let Some(group) = Group::new(entries) {
            self.put(key, group);
        }
    }
    pub(crate) fn remove(&mut self, key: &Key, entry: Entry) {
        let Some(group) = self.find(key) else { return };
        match Group::new(group.entries().iter().copied().filter(|other| *other != entry).collect()) {
            Some(group) => self.put(key, group),
            None => {
                self.buckets.remove(of_numbers(key), |bucket| bucket.key == *key);
                for (used, symbol) in self.used.iter_mut().zip(key) {
                    let hash = scattered(u64::from(*symbol));
                    let same = |(known, _): &(Symbol, u32)| known == symbol;
                    if let Some((_, count @ 2..)) = used.find_mut(hash, same) {
                        *count -= 1;
                    } else {
                        used.remove(hash, same);
                    }
                }
            }
        }
    }
}
