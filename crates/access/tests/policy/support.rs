//! Short ways to write policies and requests.

use keystead_access::policy::{Effect, Entity, Model, Policy, Request, Rule, RuleId};
use keystead_domain::Timestamp;
use serde_json::{Map, Value};
use std::sync::Arc;
use uuid::Uuid;

pub(crate) fn id(number: usize) -> RuleId {
    RuleId::from_uuid(Uuid::from_u128(number as u128 + 1))
}

pub(crate) fn now() -> Timestamp {
    Timestamp::parse("2026-11-21T12:00:00Z").unwrap()
}

/// Rules as Casbin writes them: `p, alice, data1, read`. A value in quotes may have commas.
pub(crate) fn rules(csv: &str) -> Vec<Rule> {
    let lines = csv.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.enumerate().map(|(number, line)| rule(number, line)).collect()
}

pub(crate) fn rule(number: usize, line: &str) -> Rule {
    let mut values = Vec::new();
    let mut rest = line;
    loop {
        let (value, next) = match rest.trim_start().strip_prefix('"') {
            Some(quoted) => {
                let end = quoted.find("\",").or_else(|| quoted.strip_suffix('"').map(str::len)).unwrap();
                (quoted[..end].replace("\"\"", "\""), quoted[end + 1..].strip_prefix(','))
            }
            None => match rest.split_once(',') {
                Some((value, next)) => (value.trim().to_owned(), Some(next)),
                None => (rest.trim().to_owned(), None),
            },
        };
        values.push(value);
        match next {
            Some(next) => rest = next,
            None => break,
        }
    }
    let ptype = values.remove(0);
    Rule::new(id(number), &ptype, values)
}

pub(crate) fn model(text: &str) -> Arc<Model> {
    Arc::new(Model::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}")))
}

pub(crate) fn policy(text: &str, csv: &str) -> Policy {
    Policy::compile(model(text), &rules(csv)).unwrap_or_else(|errors| panic!("{errors:?}"))
}

/// The model of `sub, obj, act` with these definitions.
pub(crate) fn basic(policy: &str, roles: &str, effect: &str, matcher: &str) -> String {
    let roles = if roles.is_empty() { String::new() } else { format!("[role_definition]\n{roles}\n") };
    format!(
        "[request_definition]\nr = sub, obj, act\n[policy_definition]\np = {policy}\n{roles}[policy_effect]\ne = {effect}\n\
         [matchers]\nm = {matcher}\n"
    )
}

pub(crate) const ALLOW: &str = "some(where (p.eft == allow))";
pub(crate) const DENY: &str = "!some(where (p.eft == deny))";
pub(crate) const BOTH: &str = "some(where (p.eft == allow)) && !some(where (p.eft == deny))";
pub(crate) const PRIORITY: &str = "priority(p.eft) || deny";
pub(crate) const SUBJECT_PRIORITY: &str = "subjectPriority(p.eft) || deny";

pub(crate) fn json(text: &str) -> Map<String, Value> {
    serde_json::from_str(text).unwrap()
}

/// What a policy says, and that a scan and an explanation say the same.
pub(crate) fn effect(policy: &Policy, request: &Request<'_>) -> Effect {
    let verdict = policy.decide(request);
    let scanned = policy.decide_by_scan(request);
    assert_eq!(verdict.effect, scanned.effect, "index and scan differ for {request:?}: {verdict:?} {scanned:?}");
    let explanation = policy.explain(request);
    assert_eq!(explanation.verdict, verdict);
    if let Some(rule) = verdict.rule {
        assert_eq!(explanation.considered.first().map(|considered| considered.rule), Some(rule));
    }
    verdict.effect
}

/// `alice data1 read` or, in a domain, `alice domain1 data1 read`.
pub(crate) fn ask(policy: &Policy, request: &str) -> Effect {
    let words: Vec<&str> = request.split_whitespace().collect();
    let (subject, domain, object, action) = match words.as_slice() {
        [subject, object, action] => (*subject, None, *object, *action),
        [subject, domain, object, action] => (*subject, Some(*domain), *object, *action),
        _ => panic!("not a request: {request}"),
    };
    let (object_kind, object) = object.split_once(':').unwrap_or(("data", object));
    let (subject_kind, subject) = subject.split_once(':').unwrap_or(("user", subject));
    let mut request = Request::new(
        Entity::new(subject_kind, subject),
        Entity::new("action", action),
        Entity::new(object_kind, object),
        now(),
    );
    request.domain = domain;
    effect(policy, &request)
}

/// Asserts what a policy allows, denies and has nothing to say to.
pub(crate) fn expect(policy: &Policy, allowed: &[&str], denied: &[&str], abstained: &[&str]) {
    for (requests, expected) in [(allowed, Effect::Allow), (denied, Effect::Deny), (abstained, Effect::Abstain)] {
        for request in requests {
            assert_eq!(ask(policy, request), expected, "{request}");
        }
    }
}

/// `short` in the tests, `long` in a soak (`cargo xtask soak` sets `KEYSTEAD_TEST_SOAK`).
pub(crate) fn cases(short: usize, long: usize) -> usize {
    if std::env::var_os("KEYSTEAD_TEST_SOAK").is_some() { long } else { short }
}

/// Repeatable choices (SplitMix64).
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }
    pub(crate) fn of<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }
    pub(crate) fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }
}
