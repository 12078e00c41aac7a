//! The subjects and resources that decisions and searches know, with their properties.

use crate::{
    policy::shared::{
        hash::{TextHash, scattered},
        table::Table,
    },
    whose::Whose,
};
use keystead_domain::access::PolicyEntity;
use serde_json::{Map, Value};
use std::sync::Arc;

/// One of Keystead's own resources, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnResource {
    /// Its type, as permissions name it: `teams`.
    pub kind: String,
    /// Its identifier.
    pub id: String,
    /// Whose it is.
    pub whose: Whose,
}

/// A change of what is known.
#[derive(Clone, Debug, PartialEq)]
pub enum EntityChange {
    /// An entity is there, with these properties.
    Put(PolicyEntity),
    /// An entity is gone.
    Remove {
        /// Its type.
        kind: String,
        /// Its identifier.
        id: String,
    },
    /// One of Keystead's own resources is there.
    PutOwn(OwnResource),
    /// One of Keystead's own resources is gone.
    RemoveOwn {
        /// Its type.
        kind: String,
        /// Its identifier.
        id: String,
    },
}

/// An entity that is known.
#[derive(Clone, Debug)]
pub(crate) struct Known<T> {
    pub(crate) kind: Arc<str>,
    pub(crate) id: Arc<str>,
    pub(crate) value: T,
}

/// What is known of one sort, by type and identifier.
#[derive(Clone, Debug)]
pub(crate) struct Things<T> {
    hash: TextHash,
    rows: Table<Arc<Known<T>>>,
}

impl<T> Default for Things<T> {
    fn default() -> Self {
        Self { hash: TextHash::default(), rows: Table::default() }
    }
}

impl<T> Things<T> {
    fn place(hash: TextHash, kind: &str, id: &str) -> u64 {
        scattered(hash.of(kind).rotate_left(17) ^ hash.of(id))
    }
    pub(crate) fn find(&self, kind: &str, id: &str) -> Option<&T> {
        let same = |known: &Arc<Known<T>>| *known.kind == *kind && *known.id == *id;
        self.rows.find(Self::place(self.hash, kind, id), same).map(|known| &known.value)
    }
    fn put(&mut self, kind: &str, id: &str, value: T) {
        self.remove(kind, id);
        let hash = self.hash;
        let new = Arc::new(Known { kind: kind.into(), id: id.into(), value });
        self.rows.insert(Self::place(hash, kind, id), new, |known| Self::place(hash, &known.kind, &known.id));
    }
    fn remove(&mut self, kind: &str, id: &str) {
        let same = |known: &Arc<Known<T>>| *known.kind == *kind && *known.id == *id;
        self.rows.remove(Self::place(self.hash, kind, id), same);
    }
    /// All of them, in no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Known<T>> {
        self.rows.iter().map(|known| &**known)
    }
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }
}

/// The entities of an organization, and Keystead's own resources there.
///
/// The two are apart, so that nobody who may write entities can say whose one of Keystead's own resources is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entities {
    pub(crate) rows: Things<Map<String, Value>>,
    pub(crate) own: Things<Whose>,
}

impl Entities {
    pub(crate) fn change(&mut self, change: EntityChange) {
        match change {
            EntityChange::Put(row) => {
                let properties = match row.properties {
                    Value::Object(properties) => properties,
                    _ => Map::new(),
                };
                self.rows.put(&row.entity_type, &row.entity_id, properties);
            }
            EntityChange::Remove { kind, id } => self.rows.remove(&kind, &id),
            EntityChange::PutOwn(own) => self.own.put(&own.kind, &own.id, own.whose),
            EntityChange::RemoveOwn { kind, id } => self.own.remove(&kind, &id),
        }
    }
    pub(crate) fn len(&self) -> usize {
        self.rows.len() + self.own.len()
    }
}
