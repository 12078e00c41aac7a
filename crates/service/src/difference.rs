//! What lies between what there is and what a document says that is imported.

use crate::audit::changes;
use keystead_domain::{Error, Json, Result};
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;

/// What an import makes, changes and removes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// What is made.
    pub added: Vec<Entry>,
    /// What is changed.
    pub changed: Vec<EntryChange>,
    /// What is removed.
    pub removed: Vec<Entry>,
}

/// A thing that a document tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its kind, as paths name it: `views`.
    pub kind: &'static str,
    /// What it is called: a key, a name, a rule's line.
    pub key: String,
    /// Everything about it.
    pub fields: Json,
}

/// A thing that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryChange {
    /// Its kind, as paths name it: `views`.
    pub kind: &'static str,
    /// What it is called: a key, a name.
    pub key: String,
    /// The fields that differ, as they are.
    pub before: Json,
    /// The fields that differ, as they are to be.
    pub after: Json,
}

impl Difference {
    /// What leads from one state to the other. In the order of kinds, then of keys.
    pub(crate) fn between(before: &Entries, after: &Entries) -> Result<Self> {
        let mut difference = Self::default();
        for (place, entry) in &after.all {
            match before.all.get(place) {
                None => difference.added.push(entry.clone()),
                Some(were) if were.fields != entry.fields => {
                    let (before, after) = changes(&were.fields, &entry.fields)?;
                    difference.changed.push(EntryChange { kind: entry.kind, key: entry.key.clone(), before, after });
                }
                Some(_) => {}
            }
        }
        let gone = before.all.iter().filter(|(place, _)| !after.all.contains_key(*place));
        difference.removed = gone.map(|(_, entry)| entry.clone()).collect();
        Ok(difference)
    }

    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }

    /// How much it is, for the event of an import.
    pub(crate) fn counts(&self) -> Json {
        json!({ "added": self.added.len(), "changed": self.changed.len(), "removed": self.removed.len() })
    }
}

/// Everything that a document tells of.
#[derive(Clone, Debug)]
pub(crate) struct Entries {
    /// In the order in which a difference lists them.
    kinds: &'static [&'static str],
    /// By the place of the kind, and by what tells one from the others of its kind.
    all: BTreeMap<(usize, String), Entry>,
}

impl Entries {
    /// Nothing yet; there can be things of these kinds, which a difference lists in this order.
    pub(crate) fn of_kinds(kinds: &'static [&'static str]) -> Self {
        Self { kinds, all: BTreeMap::new() }
    }

    /// Adds a thing. No other of its kind has its key.
    ///
    /// # Errors
    /// `Internal` for another kind, and when the fields cannot be written as JSON.
    pub(crate) fn add(&mut self, kind: &'static str, key: &str, fields: &impl Serialize) -> Result<()> {
        self.insert(kind, key.to_owned(), key.to_owned(), object(fields)?)
    }

    /// Adds a thing that has no name of its own: it is another when it says something else, or has another `number` among those
    /// that say the same. It is only called `called`.
    ///
    /// # Errors
    /// As [`Entries::add`].
    pub(crate) fn add_nameless(
        &mut self,
        kind: &'static str,
        called: String,
        number: usize,
        fields: &impl Serialize,
    ) -> Result<()> {
        let fields = object(fields)?;
        self.insert(kind, format!("{fields} {number}"), called, fields)
    }

    fn insert(&mut self, kind: &'static str, distinct: String, key: String, fields: Json) -> Result<()> {
        let place = self.kinds.iter().position(|known| *known == kind);
        let place = place.ok_or_else(|| Error::internal(format!("no document tells of {kind}")))?;
        self.all.insert((place, distinct), Entry { kind, key, fields });
        Ok(())
    }

    /// These, and those of `others` that are not among them.
    pub(crate) fn and(mut self, others: &Self) -> Self {
        for (place, entry) in &others.all {
            self.all.entry(place.clone()).or_insert_with(|| entry.clone());
        }
        self
    }

    /// Leaves out everything of one kind.
    pub(crate) fn remove(&mut self, kind: &str) {
        self.all.retain(|_, entry| entry.kind != kind);
    }
}

/// In order, each once: so does the store keep them.
pub(crate) fn settle_names(names: &mut Vec<String>) {
    names.sort_unstable();
    names.dedup();
}

fn object(value: &impl Serialize) -> Result<Json> {
    serde_json::to_value(value).map_err(|error| Error::internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Things with their kinds and keys, and what they say.
    fn entries(all: &[(&'static str, &str, Json)]) -> Entries {
        let mut entries = Entries::of_kinds(&["views", "features"]);
        all.iter().for_each(|(kind, key, fields)| entries.add(kind, key, fields).unwrap());
        entries
    }

    fn keys(entries: &[Entry]) -> Vec<(&'static str, &str)> {
        entries.iter().map(|one| (one.kind, one.key.as_str())).collect()
    }

    #[test]
    fn what_is_new_changed_and_gone_is_told() {
        let (views, more) =
            (json!({"name": "Export", "views": ["a"]}), json!({"name": "Exports", "views": ["a", "c"]}));
        let before =
            entries(&[("features", "export", views.clone()), ("views", "b", json!({})), ("views", "a", json!({}))]);
        let after =
            entries(&[("features", "export", more.clone()), ("views", "c", json!({})), ("views", "a", json!({}))]);
        let difference = Difference::between(&before, &after).unwrap();
        assert_eq!((keys(&difference.added), keys(&difference.removed)), (vec![("views", "c")], vec![("views", "b")]));
        let change = EntryChange { kind: "features", key: "export".to_owned(), before: views, after: more };
        assert_eq!(difference.changed, [change]);
        assert_eq!(difference.counts(), json!({"added": 1, "changed": 1, "removed": 1}));
        assert!(!difference.is_empty() && Difference::between(&after, &after).unwrap().is_empty());
    }

    #[test]
    fn a_change_names_only_the_fields_that_differ() {
        let [before, after] = ["Export", "Exports"].map(|name| {
            let fields = json!({"name": name, "is_active": true});
            entries(&[("features", "export", fields)])
        });
        let difference = Difference::between(&before, &after).unwrap();
        let [change] = &difference.changed[..] else { panic!("{difference:?}") };
        assert_eq!((&change.before, &change.after), (&json!({"name": "Export"}), &json!({"name": "Exports"})));
    }

    #[test]
    fn what_is_only_there_stays_when_it_is_added_to() {
        let before = entries(&[("views", "a", json!({"name": "A"})), ("views", "b", json!({"name": "B"}))]);
        let given = entries(&[("views", "b", json!({"name": "Other"})), ("views", "c", json!({"name": "C"}))]);
        let difference = Difference::between(&before, &given.and(&before)).unwrap();
        assert_eq!((keys(&difference.added), keys(&difference.removed)), (vec![("views", "c")], vec![]));
        assert_eq!((difference.changed.len(), &difference.changed[0].after), (1, &json!({"name": "Other"})));
    }

    #[test]
    fn kinds_come_in_their_order_and_no_others() {
        let mut all = entries(&[("features", "a", json!({})), ("views", "z", json!({})), ("views", "b", json!({}))]);
        let added = |all: &Entries| Difference::between(&entries(&[]), all).unwrap().added;
        assert_eq!(keys(&added(&all)), [("views", "b"), ("views", "z"), ("features", "a")]);
        all.remove("views");
        assert_eq!(keys(&added(&all)), [("features", "a")]);
        assert!(all.add("modules", "a", &json!({})).unwrap_err().internal.is_some());
    }

    #[test]
    fn what_has_no_name_may_be_there_more_than_once() {
        let said = |numbers: &[usize]| {
            let mut all = entries(&[]);
            for number in numbers {
                all.add_nameless("views", "p, ada".to_owned(), *number, &json!({"values": ["ada"]})).unwrap();
            }
            all
        };
        let difference = Difference::between(&said(&[0]), &said(&[0, 1, 2])).unwrap();
        assert_eq!(keys(&difference.added), [("views", "p, ada"); 2]);
        assert!(difference.changed.is_empty() && difference.removed.is_empty());
    }
}
