//! What an access set tells of, to be compared.

use super::AccessSet;
use crate::{
    access::policy::rules::NewRule,
    difference::{Entries, settle_names},
};
use keystead_domain::Result;
use serde_json::json;
use std::collections::BTreeMap;

/// Kinds in the order in which a difference lists them.
const KINDS: [&str; 8] = [
    "permissions",
    "roles",
    "organization_modules",
    "user_levels",
    "members",
    "policy_model",
    "policy_rules",
    "policy_entities",
];

/// Everything in a set in which nothing stands twice.
pub(super) fn entries(set: &AccessSet) -> Result<Entries> {
    let mut all = Entries::of_kinds(&KINDS);
    for one in set.permissions.iter().flatten() {
        all.add("permissions", &one.name, one)?;
    }
    for one in set.roles.iter().flatten() {
        let mut one = one.clone();
        settle_names(&mut one.permissions);
        all.add("roles", &one.name, &one)?;
    }
    for one in set.modules.iter().flatten() {
        all.add("organization_modules", &one.key, one)?;
    }
    for one in set.user_levels.iter().flatten() {
        let mut one = one.clone();
        one.views.sort_unstable();
        one.features.sort_unstable();
        all.add("user_levels", &one.name, &one)?;
    }
    for one in set.members.iter().flatten() {
        let mut one = one.clone();
        settle_names(&mut one.roles);
        settle_names(&mut one.user_levels);
        all.add("members", &one.username, &one)?;
    }
    if let Some(text) = set.model.as_ref().and_then(|model| model.text.as_ref()) {
        all.add("policy_model", "model", &json!({ "text": text }))?;
    }
    add_rules(&mut all, set.rules.as_deref().unwrap_or_default())?;
    for one in set.entities.iter().flatten() {
        all.add("policy_entities", &format!("{}:{}", one.kind, one.id), one)?;
    }
    Ok(all)
}

/// Rules have no name, and the same may stand there twice.
fn add_rules(all: &mut Entries, rules: &[NewRule]) -> Result<()> {
    let mut times: BTreeMap<&NewRule, usize> = BTreeMap::new();
    for rule in rules {
        let before = times.entry(rule).or_default();
        let line: Vec<_> = std::iter::once(&rule.ptype).chain(&rule.values).map(String::as_str).collect();
        all.add_nameless("policy_rules", line.join(", "), *before, rule)?;
        *before += 1;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::set::{SetEntity, SetLevel, SetMember, SetModel, SetModule, SetPermission, SetRole},
        difference::Difference,
    };

    fn between(before: &AccessSet, after: &AccessSet) -> Difference {
        Difference::between(&entries(before).unwrap(), &entries(after).unwrap()).unwrap()
    }

    fn rule(name: &str, priority: Option<i32>) -> NewRule {
        let (ptype, values) = ("g".to_owned(), vec![name.to_owned(), "editor".to_owned()]);
        NewRule { ptype, values, priority, not_before: None, expires_at: None, is_active: true }
    }

    fn of_rules(rules: &[NewRule]) -> AccessSet {
        AccessSet { rules: Some(rules.to_vec()), ..AccessSet::default() }
    }

    #[test]
    fn every_kind_is_told_in_order() {
        let (name, description, text) = (|| "a".to_owned(), None, Some("[matchers]".to_owned()));
        let (views, features, properties) = (Vec::new(), Vec::new(), json!({}));
        let (none, permissions, roles) = (Vec::new, Vec::new(), Vec::new());
        let set = AccessSet {
            permissions: Some(vec![SetPermission { name: name(), description: description.clone() }]),
            roles: Some(vec![SetRole { name: name(), description: description.clone(), permissions }]),
            modules: Some(vec![SetModule { key: name(), is_active: true }]),
            user_levels: Some(vec![SetLevel { name: name(), description, views, features }]),
            members: Some(vec![SetMember { username: name(), roles, user_levels: none() }]),
            model: Some(SetModel { text }),
            rules: Some(vec![rule("a", None)]),
            entities: Some(vec![SetEntity { kind: "document".to_owned(), id: name(), properties }]),
        };
        let difference = between(&AccessSet::default(), &set);
        assert_eq!(difference.added.iter().map(|one| one.kind).collect::<Vec<_>>(), KINDS);
        let keys: Vec<_> = difference.added.iter().map(|one| one.key.as_str()).collect();
        assert_eq!(keys, ["a", "a", "a", "a", "a", "model", "g, a, editor", "document:a"]);
        assert_eq!(between(&set, &AccessSet::default()).removed, difference.added);
    }

    #[test]
    fn rules_are_known_by_what_they_say_and_how_often() {
        let (ada, bob) = (rule("ada", None), rule("bob", None));
        let one = of_rules(&[ada.clone(), bob.clone(), ada.clone()]);
        assert!(between(&one, &of_rules(&[bob.clone(), ada.clone(), ada.clone()])).is_empty());
        let difference = between(&one, &of_rules(&[ada.clone(), bob, rule("ada", Some(1))]));
        assert_eq!((difference.added.len(), difference.changed.len(), difference.removed.len()), (1, 0, 1));
        assert_eq!(
            (&difference.added[0].fields["priority"], &difference.removed[0].key[..]),
            (&json!(1), "g, ada, editor")
        );
    }
}
