//! The standard model's rules, in the plainest words.

use crate::questions::Question;
use keystead_domain::{Timestamp, access::PolicyRule};

pub(crate) fn in_time(from: Option<Timestamp>, until: Option<Timestamp>, now: Timestamp) -> bool {
    from.is_none_or(|from| from <= now) && until.is_none_or(|until| now < until)
}

/// The standard model: `true` when a rule of the effect matches, which a denying one also does when it may.
pub(crate) fn rules(
    rules: &[PolicyRule],
    effect: &str,
    subject: &[String],
    question: &Question,
    domain: &str,
    draft: Option<bool>,
) -> bool {
    let live = |rule: &&PolicyRule| rule.is_active && in_time(rule.not_before, rule.expires_at, question.now);
    let value = |rule: &PolicyRule, place: usize| rule.values[place].clone().unwrap_or_default();
    let mut names = subject.to_vec();
    for _ in 0..rules.len() {
        for link in rules.iter().filter(live).filter(|rule| rule.ptype == "g") {
            let there = value(link, 2) == "*" || value(link, 2) == domain;
            if there && names.contains(&value(link, 0)) && !names.contains(&value(link, 1)) {
                names.push(value(link, 1));
            }
        }
    }
    let objects = [question.id.clone(), format!("{}:{}", question.kind, question.id)];
    rules.iter().filter(live).filter(|rule| rule.ptype == "p").any(|rule| {
        let fits = |object: &String| match value(rule, 2).split_once('*') {
            Some((beginning, _)) => object.starts_with(beginning),
            None => *object == value(rule, 2),
        };
        let condition = match value(rule, 5).as_str() {
            "" => Some(true),
            _ => draft,
        };
        let eft = if value(rule, 4).is_empty() { "allow".to_owned() } else { value(rule, 4) };
        eft == effect
            && names.contains(&value(rule, 0))
            && (value(rule, 1) == "*" || value(rule, 1) == domain)
            && objects.iter().any(fits)
            && (value(rule, 3) == "*" || value(rule, 3) == question.action)
            && condition.unwrap_or(effect == "deny")
    })
}
