//! From rules to a text.

use super::MARK;
use keystead_domain::access::{PolicyRule, rule_values};

/// One line a rule.
pub(in crate::access::policy::rules) fn written(rules: &[PolicyRule]) -> String {
    let mut text = String::new();
    for rule in rules {
        let timed = rule.not_before.is_some() || rule.expires_at.is_some();
        if !rule.is_active || rule.priority.is_some() || timed {
            text.push_str(MARK);
            let priority = rule.priority.map_or_else(String::new, |priority| priority.to_string());
            let times = [rule.not_before, rule.expires_at].map(|time| time.map_or_else(String::new, |t| t.to_string()));
            for field in [rule.is_active.to_string(), priority].iter().chain(&times) {
                text.push(',');
                text.push_str(field);
            }
            text.push(',');
        }
        push(&mut text, &rule.ptype);
        for value in rule_values(rule.values.clone()) {
            text.push(',');
            push(&mut text, &value);
        }
        text.push('\n');
    }
    text
}

/// Quoted where it would be read differently otherwise.
fn push(text: &mut String, field: &str) {
    let plain = !field.contains([',', '"', '\n', '\r']) && field.trim() == field && !field.starts_with('#');
    if plain {
        text.push_str(field);
    } else {
        text.push('"');
        text.push_str(&field.replace('"', "\"\""));
        text.push('"');
    }
}
