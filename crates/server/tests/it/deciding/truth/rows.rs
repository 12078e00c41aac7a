//! The rows that decide, as they were written: by number where they have one.

use crate::support::Chance;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

pub(super) const PEOPLE: usize = 3;
pub(super) const MANY: usize = 2;
pub(super) const FEATURES: [&str; MANY] = ["invoices", "planning"];
pub(super) const VIEWS: [&str; 3] = ["start", "billing", "settings"];
pub(super) const ACTIONS: [&str; 4] = ["read", "update", "print", "view"];
/// Resources of a product, one of which has the name of a feature; and the catalogue's.
pub(super) const KINDS: [&str; 4] = ["document", "invoices", "feature", "view"];
/// Kind, action and scope of what roles permit.
pub(super) const PERMISSIONS: [(&str, &str, &str); 5] = [
    ("document", "read", "own"),
    ("document", "read", "organization"),
    ("document", "update", "organization"),
    ("invoices", "print", "organization"),
    ("view", "view", "organization"),
];

/// Allow or deny.
pub(super) type Allows = bool;

/// By feature and action: allow or deny, with its scope.
pub(super) type OnFeatures = BTreeMap<(usize, &'static str), (Allows, &'static str)>;

#[derive(Clone, Debug)]
pub(super) struct Rule {
    /// Where it is.
    pub(super) path: String,
    pub(super) ptype: &'static str,
    pub(super) values: Vec<String>,
    pub(super) is_active: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    /// Identifiers, as rules and owners name them.
    pub(super) people: Vec<String>,
    pub(super) teams: Vec<String>,
    pub(super) suspended: BTreeSet<usize>,
    /// By team.
    pub(super) in_team: [BTreeSet<usize>; MANY],
    /// By person: roles.
    pub(super) holds: [BTreeSet<usize>; PEOPLE],
    /// By role: permissions.
    pub(super) permits: [BTreeSet<usize>; MANY],
    /// By person: user levels.
    pub(super) has: [BTreeSet<usize>; PEOPLE],
    /// By user level: what it says of a view, and of an action on a feature with its scope.
    pub(super) on_views: [BTreeMap<usize, Allows>; MANY],
    pub(super) on_features: [OnFeatures; MANY],
    /// The organization's modules, and whether they count.
    pub(super) modules: BTreeMap<usize, bool>,
    /// What of the catalogue is closed.
    pub(super) closed_modules: BTreeSet<usize>,
    pub(super) closed_features: BTreeSet<usize>,
    pub(super) closed_views: BTreeSet<usize>,
    /// By module: what it leads to.
    pub(super) features_of: [BTreeSet<usize>; MANY],
    pub(super) views_of: [BTreeSet<usize>; MANY],
    pub(super) rules: Vec<Rule>,
    pub(super) platform_rules: Vec<Rule>,
    /// By kind and identifier: properties.
    pub(super) entities: BTreeMap<(&'static str, String), Map<String, Value>>,
}

pub(super) fn below(chance: &mut Chance, end: usize) -> usize {
    usize::try_from(chance.below(end as u64)).unwrap()
}

pub(super) fn one_of<T: Clone>(chance: &mut Chance, all: &[T]) -> T {
    all[below(chance, all.len())].clone()
}

/// Each of the numbers below `end`, perhaps.
pub(super) fn some(chance: &mut Chance, end: usize) -> BTreeSet<usize> {
    (0..end).filter(|_| chance.below(2) == 0).collect()
}

impl Rows {
    /// The properties of a resource: whose it is, and how it stands.
    pub(super) fn properties(&self, chance: &mut Chance) -> Map<String, Value> {
        let mut all = Map::new();
        if chance.below(2) == 0 {
            let somebody = ["somebody".to_owned()];
            let people: Vec<_> = self.people.iter().chain(&somebody).cloned().collect();
            all.insert("owner".to_owned(), json!(one_of(chance, &people)));
        }
        if chance.below(3) == 0 {
            all.insert("team".to_owned(), json!(one_of(chance, &self.teams)));
        }
        if chance.below(2) == 0 {
            all.insert("status".to_owned(), json!(one_of(chance, &["draft", "final"])));
        }
        all
    }

    /// The values of a rule, and of what kind it is.
    pub(super) fn a_rule(&self, chance: &mut Chance) -> (&'static str, Vec<String>) {
        let person = one_of(chance, &self.people);
        let person = if chance.below(2) == 0 { person } else { format!("user:{person}") };
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        if chance.below(4) == 0 {
            let links = [vec![person, "editor".to_owned(), "*".to_owned()], words(&["editor", "chief", "*"])];
            return ("g", one_of(chance, &links));
        }
        let subject = one_of(chance, &[person, "editor".to_owned(), "chief".to_owned()]);
        let (kind, id) = a_name(chance);
        let object = one_of(chance, &["*".to_owned(), format!("{kind}:*"), format!("{kind}:{id}"), id]);
        let action = one_of(chance, &["*", "read", "update", "print", "view"]);
        let effect = one_of(chance, &["allow", "allow", "allow", "allow", "deny"]);
        let mut values = vec![subject, "*".to_owned(), object, action.to_owned(), effect.to_owned()];
        if chance.below(3) == 0 {
            values.push("r.obj.status == \"draft\"".to_owned());
        }
        ("p", values)
    }
}

/// A resource, known or not.
pub(super) fn a_name(chance: &mut Chance) -> (&'static str, String) {
    let kind = one_of(chance, &KINDS);
    let id = match kind {
        "feature" => one_of(chance, &FEATURES).to_owned(),
        "view" => one_of(chance, &VIEWS).to_owned(),
        _ => format!("{}{}", &kind[..1], chance.below(3)),
    };
    (kind, id)
}
