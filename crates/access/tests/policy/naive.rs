//! What rules mean, in the plainest words: it reads the rows, one by one, and shares nothing with the engine.

use keystead_access::policy::{Effect, Rule, RuleId};
use keystead_domain::Timestamp;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// True, false, or unknown.
pub(crate) type Known = Option<bool>;

pub(crate) fn and(left: Known, right: Known) -> Known {
    if left == Some(false) || right == Some(false) { Some(false) } else { left.and(right) }
}
pub(crate) fn or(left: Known, right: Known) -> Known {
    if left == Some(true) || right == Some(true) { Some(true) } else { left.and(right) }
}

/// A request, spelled out. Subjects are users, resources are of type `doc`.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) sub: String,
    pub(crate) obj: String,
    pub(crate) act: String,
    pub(crate) dom: Option<String>,
    pub(crate) sub_properties: Map<String, Value>,
    pub(crate) obj_properties: Map<String, Value>,
    pub(crate) now: Timestamp,
}

impl Asked {
    pub(crate) fn sub_names(&self) -> [String; 2] {
        [self.sub.clone(), format!("user:{}", self.sub)]
    }
    pub(crate) fn obj_names(&self) -> [String; 2] {
        [self.obj.clone(), format!("doc:{}", self.obj)]
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Fold {
    AllowOverride,
    DenyWins,
    Priority,
    SubjectPriority,
}

pub(crate) struct Naive<'a> {
    pub(crate) rules: &'a BTreeMap<RuleId, Rule>,
    /// The domain that stands for every one.
    pub(crate) everywhere: Option<&'a str>,
}

fn holds(rule: &Rule, now: Timestamp) -> bool {
    rule.active && rule.not_before.is_none_or(|from| from <= now) && rule.expires_at.is_none_or(|until| now < until)
}

impl Naive<'_> {
    /// How far `to` is from any of `from` by the rows `ptype` that hold in `domain`.
    pub(crate) fn distance(
        &self,
        ptype: &str,
        from: &[String],
        to: &str,
        domain: Option<&str>,
        now: Timestamp,
    ) -> Option<u32> {
        let mut level = from.to_vec();
        for distance in 0..=self.rules.len() as u32 {
            if level.iter().any(|name| name == to) {
                return Some(distance);
            }
            let rows = self.rules.values().filter(|rule| *rule.ptype == *ptype && holds(rule, now));
            let rows = rows.filter(|rule| {
                rule.values.len() == 2 || Some(&*rule.values[2]) == domain || Some(&*rule.values[2]) == self.everywhere
            });
            level = rows.filter(|rule| level.contains(&rule.values[0])).map(|rule| rule.values[1].clone()).collect();
        }
        None
    }

    /// Whether a row would close a cycle.
    pub(crate) fn closes_cycle(&self, rule: &Rule) -> bool {
        let whenever = |rules: &BTreeMap<RuleId, Rule>| -> BTreeMap<RuleId, Rule> {
            let others = rules.values().filter(|other| other.id != rule.id).cloned();
            let others = others.map(|other| Rule { not_before: None, expires_at: None, ..other });
            others.map(|other| (other.id, other)).collect()
        };
        let rules = whenever(self.rules);
        let naive = Naive { rules: &rules, everywhere: self.everywhere };
        let mut domains: Vec<Option<&str>> = vec![rule.values.get(2).map(String::as_str)];
        if rule.values.get(2).map(String::as_str) == self.everywhere {
            domains.extend(rules.values().map(|other| other.values.get(2).map(String::as_str)));
        }
        let (from, to) = (&rule.values[0], &rule.values[1..2]);
        let now = Timestamp::from_unix_seconds(0);
        rule.active && domains.iter().any(|domain| naive.distance(&rule.ptype, to, from, *domain, now).is_some())
            || from == &to[0]
    }

    /// The verdict over the rows `p`, each judged by `matches`; `denies` reads a row's effect, `priority` its priority.
    pub(crate) fn verdict(
        &self,
        fold: Fold,
        asked: &Asked,
        denies: &dyn Fn(&Rule) -> bool,
        matches: &dyn Fn(&Rule) -> Known,
    ) -> Effect {
        let rows = self.rules.values().filter(|rule| *rule.ptype == *"p" && holds(rule, asked.now));
        let mut counted: Vec<&Rule> = rows
            .filter(|rule| match matches(rule) {
                Some(truth) => truth,
                None => denies(rule),
            })
            .collect();
        let effect = |rule: &&Rule| if denies(rule) { Effect::Deny } else { Effect::Allow };
        match fold {
            Fold::Priority => counted.sort_by_key(|rule| (rule.priority.unwrap_or(i64::MAX), rule.id)),
            Fold::SubjectPriority => counted.sort_by_key(|rule| {
                let distance = self.distance("g", &asked.sub_names(), &rule.values[0], None, asked.now);
                (distance.unwrap_or(u32::MAX), rule.priority.unwrap_or(i64::MAX), rule.id)
            }),
            Fold::AllowOverride => counted.sort_by_key(|rule| denies(rule)),
            Fold::DenyWins => counted.sort_by_key(|rule| !denies(rule)),
        }
        counted.first().map_or(Effect::Abstain, effect)
    }
}
