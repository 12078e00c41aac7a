//! From rules to a text.

use super::MARK;
use keystead_domain::access::PolicyRule;

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
        let count = rule.values.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        for value in &rule.values[..count] {
            text.push(',');
            push(&mut text, value.as_deref().unwrap_or_default());
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
