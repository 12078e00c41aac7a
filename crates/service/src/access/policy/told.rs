//! What the audit trail is told of many.

use keystead_domain::{
    Json,
    access::{PolicyEntity, PolicyRule},
};
use serde_json::json;

/// What is told of one rule or entity, in characters.
const MOST_CHARACTERS: usize = 120;
/// What is told of all of them together, in bytes. A larger value would be kept as a hash, and tell nothing.
const MOST_BYTES: usize = 1_500;

/// The rule as a line, cut where it is long.
pub(super) fn line(rule: &PolicyRule) -> String {
    let values = rule.values.iter().flatten().map(String::as_str);
    let whole: Vec<_> = std::iter::once(rule.ptype.as_str()).chain(values).collect();
    cut(&whole.join(", "))
}

/// The first of the rules, as far as an event has room for them.
pub(super) fn told_rules(rules: &[PolicyRule]) -> Json {
    json!({ "rules": first(rules.iter().map(line)) })
}

/// The first of the entities.
pub(super) fn told_entities<'a>(entities: impl Iterator<Item = &'a PolicyEntity>) -> Json {
    json!({ "entities": first(entities.map(|entity| cut(&format!("{}:{}", entity.entity_type, entity.entity_id)))) })
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn first(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut bytes = 0;
    lines
        .take_while(|line| {
            // Each character may be escaped.
            bytes += 2 * line.len() + 3;
            bytes <= MOST_BYTES
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::policy::rules::fixtures::rule;

    #[test]
    fn of_many_rules_the_first_are_told() {
        let many: Vec<_> = (0..1000).map(|number| rule(number, "p", &["alice", "*", "\"x\"", "read"])).collect();
        let told = told_rules(&many);
        let told_of = told["rules"].as_array().unwrap().len();
        assert!((10..100).contains(&told_of), "{told_of}");
        assert!(told.to_string().len() < 2048);
        assert_eq!(told["rules"][0], "p, alice, *, \"x\", read");
        let long = "é".repeat(2000);
        let told = told_rules(&[rule(1, "p", &["a", "b", &long])]);
        assert_eq!(told["rules"][0].as_str().unwrap().chars().count(), MOST_CHARACTERS + 1);
    }
}
