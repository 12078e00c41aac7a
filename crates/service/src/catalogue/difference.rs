//! What lies between two states of the catalogue.

use super::{Item, document::CatalogueDocument};
use crate::audit::changes;
use keystead_domain::{
    Error, Json, Result,
    access::{Feature, Module, View},
    navigation::{MenuItem, SubMenuItem},
};
use serde::Serialize;
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

/// A thing of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its kind, as paths name it: `views`.
    pub kind: &'static str,
    /// Its key.
    pub key: String,
    /// Everything about it.
    pub fields: Json,
}

/// A thing of the catalogue that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryChange {
    /// Its kind, as paths name it: `views`.
    pub kind: &'static str,
    /// Its key.
    pub key: String,
    /// The fields that differ, as they are.
    pub before: Json,
    /// The fields that differ, as they are to be.
    pub after: Json,
}

impl Difference {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }

    /// What leads from one state to the other. In the order of kinds, then of keys.
    pub(super) fn between(before: &Entries, after: &Entries) -> Result<Self> {
        let mut difference = Self::default();
        for ((kind, key), fields) in &after.0 {
            match before.0.get(&(*kind, key.clone())) {
                None => difference.added.push(entry(*kind, key, fields)),
                Some(were) if were != fields => {
                    let (before, after) = changes(were, fields)?;
                    difference.changed.push(EntryChange { kind: kind.name(), key: key.clone(), before, after });
                }
                Some(_) => {}
            }
        }
        let gone = before.0.iter().filter(|(place, _)| !after.0.contains_key(*place));
        difference.removed = gone.map(|((kind, key), fields)| entry(*kind, key, fields)).collect();
        Ok(difference)
    }
}

fn entry(kind: Kind, key: &str, fields: &Json) -> Entry {
    Entry { kind: kind.name(), key: key.to_owned(), fields: fields.clone() }
}

/// The kinds of things, in the order in which a difference lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    View,
    Feature,
    Module,
    MenuItem,
    SubMenuItem,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::View => View::MANY,
            Self::Feature => Feature::MANY,
            Self::Module => Module::MANY,
            Self::MenuItem => MenuItem::MANY,
            Self::SubMenuItem => SubMenuItem::MANY,
        }
    }
}

/// Everything in a catalogue, by kind and key.
#[derive(Clone, Debug, Default)]
pub(super) struct Entries(BTreeMap<(Kind, String), Json>);

impl Entries {
    /// Of a document in which no key of a kind stands twice.
    pub(super) fn of(document: &CatalogueDocument) -> Result<Self> {
        let mut all = Self::default();
        for view in &document.views {
            all.add(Kind::View, &view.key, view)?;
        }
        for feature in &document.features {
            let mut feature = feature.clone();
            settle_keys(&mut feature.views);
            all.add(Kind::Feature, &feature.fields.key, &feature)?;
        }
        for module in &document.modules {
            let mut module = module.clone();
            settle_keys(&mut module.views);
            settle_keys(&mut module.features);
            all.add(Kind::Module, &module.fields.key, &module)?;
        }
        for menu in &document.menu {
            all.add(Kind::MenuItem, &menu.entry.key, &menu.entry)?;
            for item in &menu.items {
                let mut fields = object(item)?;
                if let Json::Object(fields) = &mut fields {
                    fields.insert("menu_item".to_owned(), Json::String(menu.entry.key.clone()));
                }
                all.0.insert((Kind::SubMenuItem, item.key.clone()), fields);
            }
        }
        Ok(all)
    }

    fn add(&mut self, kind: Kind, key: &str, fields: &impl Serialize) -> Result<()> {
        self.0.insert((kind, key.to_owned()), object(fields)?);
        Ok(())
    }

    /// These, and those of `other` that are not among them.
    pub(super) fn and(&self, other: &Self) -> Self {
        let mut all = other.clone();
        all.0.extend(self.0.iter().map(|(place, fields)| (place.clone(), fields.clone())));
        all
    }
}

/// In order, each once: so does the store keep them.
fn settle_keys(keys: &mut Vec<String>) {
    keys.sort_unstable();
    keys.dedup();
}

fn object(value: &impl Serialize) -> Result<Json> {
    serde_json::to_value(value).map_err(|error| Error::internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{DocumentFeature, FeatureFields, ViewFields};
    use serde_json::json;

    fn document(view: &str, name: &str, views: &[&str]) -> CatalogueDocument {
        let fields = |key: &str| {
            let (key, name) = (key.to_owned(), "View".to_owned());
            ViewFields { key, name, description: None, path: None, icon: None, is_active: true }
        };
        let (key, name) = ("export".to_owned(), name.to_owned());
        let feature = FeatureFields { key, name, description: None, is_active: true };
        let views = views.iter().map(|view| (*view).to_owned()).collect();
        let features = vec![DocumentFeature { fields: feature, views }];
        CatalogueDocument { views: vec![fields("a"), fields(view)], features, ..CatalogueDocument::default() }
    }

    fn between(before: &CatalogueDocument, after: &CatalogueDocument) -> Difference {
        Difference::between(&Entries::of(before).unwrap(), &Entries::of(after).unwrap()).unwrap()
    }

    #[test]
    fn what_is_the_same_in_another_order_does_not_differ() {
        let (one, other) = (document("b", "Export", &["a", "b"]), document("b", "Export", &["b", "a", "b"]));
        assert!(between(&one, &other).is_empty());
    }

    #[test]
    fn what_is_new_changed_and_gone_is_told() {
        let difference = between(&document("b", "Export", &["a"]), &document("c", "Exports", &["a", "c"]));
        let keys = |entries: &[Entry]| entries.iter().map(|one| (one.kind, one.key.clone())).collect::<Vec<_>>();
        assert_eq!(keys(&difference.added), [("views", "c".to_owned())]);
        assert_eq!(keys(&difference.removed), [("views", "b".to_owned())]);
        let [change] = &difference.changed[..] else { panic!("{difference:?}") };
        assert_eq!((change.kind, change.key.as_str()), ("features", "export"));
        assert_eq!(change.before, json!({"name": "Export", "views": ["a"]}));
        assert_eq!(change.after, json!({"name": "Exports", "views": ["a", "c"]}));
    }

    #[test]
    fn what_is_only_there_stays_when_it_is_added_to() {
        let (before, given) = (document("b", "Export", &[]), document("c", "Export", &[]));
        let (before, given) = (Entries::of(&before).unwrap(), Entries::of(&given).unwrap());
        let difference = Difference::between(&before, &given.and(&before)).unwrap();
        assert_eq!((difference.added.len(), difference.removed.len()), (1, 0));
    }
}
