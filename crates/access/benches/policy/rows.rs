//! The rows of the benchmark: roles, users and rules of a large organization.

use keystead_access::policy::{Rule, RuleId};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// Repeatable numbers (SplitMix64).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % bound
    }
}

/// How many of everything there are.
pub(crate) struct Shape {
    pub(crate) rules: u64,
    pub(crate) roles: u64,
    pub(crate) users: u64,
    pub(crate) objects: u64,
}

impl Shape {
    pub(crate) fn of(rules: u64) -> Self {
        Self { rules, roles: rules / 10, users: rules / 10, objects: rules / 2 }
    }
}

const ACTIONS: [&str; 4] = ["read", "write", "delete", "share"];

/// One in ten a prefix pattern, one in a hundred conditional; users have three roles, roles two levels above them.
pub(crate) fn rules(shape: &Shape) -> Vec<Rule> {
    let mut random = Random::new(3);
    let mut rules = Vec::new();
    let mut next = 0u128;
    let mut id = || {
        next += 1;
        RuleId::from_uuid(Uuid::from_u128(next))
    };
    for number in 0..shape.rules {
        let role = format!("role{}", random.below(shape.roles));
        let object = random.below(shape.objects);
        let object = if number % 10 == 0 { format!("doc{}*", object / 10) } else { format!("doc{object}") };
        let action = ACTIONS[random.below(4) as usize].to_owned();
        let effect = if number % 50 == 0 { "deny" } else { "allow" };
        let condition = if number % 100 == 1 { r#"r.obj.status == "draft""# } else { "" };
        rules.push(Rule::new(id(), "p", [role, "main".into(), object, action, effect.into(), condition.into()]));
    }
    for user in 0..shape.users {
        for _ in 0..3 {
            let role = random.below(shape.roles);
            rules.push(Rule::new(id(), "g", [format!("u{user}"), format!("role{role}"), "main".into()]));
        }
    }
    // The first tenth of the roles stands above the next fifth, which stands above the rest.
    let (top, middle) = (shape.roles / 10, shape.roles * 3 / 10);
    for role in top..shape.roles {
        let above = if role < middle { random.below(top) } else { top + random.below(middle - top) };
        rules.push(Rule::new(id(), "g", [format!("role{role}"), format!("role{above}"), "main".into()]));
    }
    rules
}

/// A user with 1,000 roles, and a resource that 10,000 rules for other roles are about.
pub(crate) fn crowded() -> Vec<Rule> {
    let mut rules = Vec::new();
    for number in 0..10_000u128 {
        let id = RuleId::from_uuid(Uuid::from_u128(number + 1));
        rules.push(Rule::new(id, "p", [format!("other{number}"), "main".into(), "crowded".into(), "read".into()]));
    }
    for number in 0..1_000u128 {
        let id = RuleId::from_uuid(Uuid::from_u128(number + 20_000));
        rules.push(Rule::new(id, "g", ["busy".to_owned(), format!("role{number}"), "main".into()]));
        // Each of its roles has rules, elsewhere.
        let id = RuleId::from_uuid(Uuid::from_u128(number + 30_000));
        rules.push(Rule::new(id, "p", [format!("role{number}"), "main".into(), "elsewhere".into(), "read".into()]));
    }
    rules
}

pub(crate) struct Asked {
    pub(crate) user: String,
    pub(crate) object: String,
    pub(crate) action: &'static str,
    pub(crate) draft: bool,
}

/// A user, and a rule for one of the user's own roles: what it is about, and the action.
pub(crate) type Aim = (String, String, &'static str);

/// Requests that a rule is about.
pub(crate) fn aims(shape: &Shape) -> Vec<Aim> {
    let all = rules(shape);
    let mut of_role: HashMap<&str, Vec<&Rule>> = HashMap::new();
    for rule in all.iter().filter(|rule| &*rule.ptype == "p") {
        of_role.entry(&rule.values[0]).or_default().push(rule);
    }
    let users = all.iter().filter(|rule| &*rule.ptype == "g" && rule.values[0].starts_with('u'));
    users
        .filter_map(|link| {
            let rules = of_role.get(link.values[1].as_str())?;
            let rule = rules[link.values[0].len() % rules.len()];
            let action = ACTIONS.iter().find(|action| **action == rule.values[3])?;
            Some((link.values[0].clone(), rule.values[2].replace('*', "7"), *action))
        })
        .collect()
}

/// A random request; from `aims` if there are any.
pub(crate) fn request(random: &mut Random, shape: &Shape, aims: &[Aim]) -> Asked {
    let draft = random.below(2) == 0;
    if !aims.is_empty() {
        let (user, object, action) = &aims[random.below(aims.len() as u64) as usize];
        return Asked { user: user.clone(), object: object.clone(), action, draft };
    }
    Asked {
        user: format!("u{}", random.below(shape.users)),
        object: format!("doc{}", random.below(shape.objects)),
        action: ACTIONS[random.below(4) as usize],
        draft,
    }
}

pub(crate) fn properties(draft: bool) -> Map<String, Value> {
    let status = if draft { "draft" } else { "final" };
    Map::from_iter([("status".to_owned(), json!(status)), ("size".to_owned(), json!(12))])
}
