//! What lies between two access sets.

use super::{AccessSet, SetRule};
use crate::{
    audit::changes,
    catalogue::{Difference, Entry, EntryChange},
};
use keystead_domain::{Error, Json, Result};
use serde::Serialize;
use std::collections::BTreeMap;

/// Kinds in the order in which a difference lists them.
const ORDER: [&str; 8] = [
    "permissions",
    "roles",
    "organization_modules",
    "user_levels",
    "members",
    "policy_model",
    "policy_rules",
    "policy_entities",
];

/// Everything in a set, by kind and by what tells one from another, with what it is called.
#[derive(Clone, Debug, Default)]
pub(super) struct Entries(BTreeMap<(usize, String), (String, Json)>);

impl Entries {
    /// Of a set in which nothing stands twice.
    pub(super) fn of(set: &AccessSet) -> Result<Self> {
        let mut all = Self::default();
        for one in set.permissions.iter().flatten() {
            all.add("permissions", one.name.clone(), one)?;
        }
        for one in set.roles.iter().flatten() {
            let mut one = one.clone();
            settle(&mut one.permissions);
            all.add("roles", one.name.clone(), &one)?;
        }
        for one in set.modules.iter().flatten() {
            all.add("organization_modules", one.key.clone(), one)?;
        }
        for one in set.user_levels.iter().flatten() {
            let mut one = one.clone();
            one.views.sort_unstable();
            one.features.sort_unstable();
            all.add("user_levels", one.name.clone(), &one)?;
        }
        for one in set.members.iter().flatten() {
            let mut one = one.clone();
            settle(&mut one.roles);
            settle(&mut one.user_levels);
            all.add("members", one.username.clone(), &one)?;
        }
        if let Some(text) = set.model.as_ref().and_then(|model| model.text.as_ref()) {
            all.add("policy_model", "model".to_owned(), &serde_json::json!({ "text": text }))?;
        }
        all.add_rules(set.rules.as_deref().unwrap_or_default())?;
        for one in set.entities.iter().flatten() {
            all.add("policy_entities", format!("{}:{}", one.kind, one.id), one)?;
        }
        Ok(all)
    }

    fn add(&mut self, kind: &'static str, key: String, fields: &impl Serialize) -> Result<()> {
        self.0.insert((place(kind), key.clone()), (key, object(fields)?));
        Ok(())
    }

    /// Rules have no name: one is another when it says something else, and the same may stand there twice.
    fn add_rules(&mut self, rules: &[SetRule]) -> Result<()> {
        let mut rules: Vec<&SetRule> = rules.iter().collect();
        rules.sort_unstable();
        let (mut before, mut number) = (None, 0);
        for rule in rules {
            number = if before == Some(rule) { number + 1 } else { 0 };
            before = Some(rule);
            let fields = object(rule)?;
            let called = std::iter::once(&rule.ptype).chain(&rule.values).map(String::as_str);
            let called = called.collect::<Vec<_>>().join(", ");
            self.0.insert((place("policy_rules"), format!("{fields} {number}")), (called, fields));
        }
        Ok(())
    }

    /// Without a model of the organization's own.
    pub(super) fn remove_model(&mut self) {
        self.0.retain(|(kind, _), _| *kind != place("policy_model"));
    }

    /// These, and those of `other` that are not among them.
    pub(super) fn and(&self, other: &Self) -> Self {
        let mut all = other.clone();
        all.0.extend(self.0.iter().map(|(place, fields)| (place.clone(), fields.clone())));
        all
    }
}

/// What leads from one set to the other.
pub(super) fn between(before: &Entries, after: &Entries) -> Result<Difference> {
    let mut difference = Difference::default();
    for (place, (key, fields)) in &after.0 {
        match before.0.get(place) {
            None => difference.added.push(entry(place.0, key, fields)),
            Some((_, were)) if were != fields => {
                let (before, after) = changes(were, fields)?;
                difference.changed.push(EntryChange { kind: name(place.0), key: key.clone(), before, after });
            }
            Some(_) => {}
        }
    }
    let gone = before.0.iter().filter(|(place, _)| !after.0.contains_key(*place));
    difference.removed = gone.map(|(place, (key, fields))| entry(place.0, key, fields)).collect();
    Ok(difference)
}

fn entry(kind: usize, key: &str, fields: &Json) -> Entry {
    Entry { kind: name(kind), key: key.to_owned(), fields: fields.clone() }
}

fn place(kind: &str) -> usize {
    ORDER.iter().position(|known| *known == kind).unwrap_or(ORDER.len())
}

fn name(place: usize) -> &'static str {
    ORDER.get(place).copied().unwrap_or("other")
}

/// In order, each once: so does the store keep them.
fn settle(names: &mut Vec<String>) {
    names.sort_unstable();
    names.dedup();
}

fn object(value: &impl Serialize) -> Result<Json> {
    serde_json::to_value(value).map_err(|error| Error::internal(error.to_string()))
}
