//! After any changes, the index says what the rows mean, and what a policy compiled anew says.

use crate::{
    naive::{Asked, Fold, Known, Naive, and, or},
    support::{ALLOW, BOTH, Chance, DENY, PRIORITY, SUBJECT_PRIORITY, basic, cases, effect, id, json, model, now},
};
use keystead_access::policy::{Change, DEFAULT_MODEL, Entity, Policy, Request, Rule, RuleId};
use serde_json::Value;
use std::collections::BTreeMap;

/// A model, and what it means.
struct Meaning {
    text: String,
    everywhere: Option<&'static str>,
    fold: Fold,
    /// Makes the values of a random row.
    row: fn(&mut Chance, &str) -> Vec<String>,
    denies: fn(&Rule) -> bool,
    matches: fn(&Naive<'_>, &Rule, &Asked) -> Known,
}

const CONDITIONS: [&str; 6] = [
    "",
    r#"r.obj.status == "draft""#,
    "r.sub.age >= 18",
    "r.obj.owner == r.sub",
    "!(r.sub.age < 18) || r.obj.status == \"draft\"",
    "r.sub.age > p.dom",
];

fn condition(text: &str, dom: &str, asked: &Asked) -> Known {
    let age = asked.sub_properties.get("age").and_then(Value::as_i64);
    let status = asked.obj_properties.get("status").and_then(Value::as_str).map(|status| status == "draft");
    let place = CONDITIONS.iter().position(|known| *known == text).unwrap();
    match place {
        0 => Some(true),
        1 => status,
        2 => age.map(|age| age >= 18),
        3 => {
            asked.obj_properties.get("owner").and_then(Value::as_str).map(|o| asked.sub_names().contains(&o.to_owned()))
        }
        4 => or(age.map(|age| age >= 18), status),
        // A text and a value of the rule are ordered as texts; a number and `d0` are not.
        _ => asked.sub_properties.get("age").and_then(Value::as_str).map(|age| age > dom),
    }
}

fn key_match(texts: &[String], pattern: &str) -> bool {
    texts.iter().any(|text| match pattern.find('*') {
        Some(at) => text.as_bytes().starts_with(&pattern.as_bytes()[..at]),
        None => text == pattern,
    })
}

fn name(chance: &mut Chance, letter: &str) -> String {
    format!("{letter}{}", chance.below(6))
}
fn subject(chance: &mut Chance) -> String {
    let letter = chance.of(&["u", "r", "r", "user:u"]);
    name(chance, letter)
}
fn action(chance: &mut Chance) -> String {
    chance.of(&["read", "write", "*"]).to_owned()
}
fn domain(chance: &mut Chance) -> String {
    chance.of(&["d0", "d1", "*"]).to_owned()
}
fn object(chance: &mut Chance) -> String {
    chance.of(&["o0", "o1", "o2", "o3", "o", "doc:o1", "doc:o2"]).to_owned()
}
fn pattern(chance: &mut Chance) -> String {
    chance.of(&["o0", "o1", "o*", "*", "doc:*", "o1*", "doc:o2", "doc:o1*x", "d"]).to_owned()
}
fn eft(chance: &mut Chance) -> String {
    chance.of(&["allow", "allow", "deny"]).to_owned()
}

fn default_row(chance: &mut Chance, ptype: &str) -> Vec<String> {
    if ptype != "p" {
        return vec![subject(chance), name(chance, "r"), domain(chance)];
    }
    let condition = chance.of(&CONDITIONS).to_owned();
    vec![subject(chance), domain(chance), pattern(chance), action(chance), eft(chance), condition]
}
fn default_matches(naive: &Naive<'_>, rule: &Rule, asked: &Asked) -> Known {
    let dom = asked.dom.as_deref().unwrap_or("*");
    let role = naive.distance("g", &asked.sub_names(), &rule.values[0], Some(dom), asked.now).is_some();
    let domain = rule.values[1] == "*" || rule.values[1] == dom;
    let action = rule.values[3] == "*" || rule.values[3] == asked.act;
    let plain = role && domain && key_match(&asked.obj_names(), &rule.values[2]) && action;
    and(Some(plain), condition(&rule.values[5], &rule.values[1], asked))
}

fn basic_row(chance: &mut Chance, ptype: &str) -> Vec<String> {
    match ptype {
        "p" => vec![subject(chance), object(chance), action(chance), eft(chance)],
        "g2" => vec![object(chance), object(chance)],
        _ => vec![subject(chance), name(chance, "r")],
    }
}
fn basic_matches(naive: &Naive<'_>, rule: &Rule, asked: &Asked) -> Known {
    let role = naive.distance("g", &asked.sub_names(), &rule.values[0], None, asked.now).is_some();
    let action = rule.values[2] == "*" || rule.values[2] == asked.act;
    Some(role && asked.obj_names().contains(&rule.values[1]) && action)
}
fn resources_match(naive: &Naive<'_>, rule: &Rule, asked: &Asked) -> Known {
    let role = naive.distance("g", &asked.sub_names(), &rule.values[0], None, asked.now).is_some();
    let object = naive.distance("g2", &asked.obj_names(), &rule.values[1], None, asked.now).is_some();
    let age = asked.sub_properties.get("age").and_then(Value::as_i64);
    let first = Some(role && object && rule.values[2] == asked.act);
    or(first, and(age.map(|age| age > 60), Some(asked.obj_names().contains(&rule.values[1]))))
}

fn meanings() -> Vec<Meaning> {
    let roles = "g(r.sub, p.sub) && r.obj == p.obj && (r.act == p.act || p.act == \"*\")";
    let basic = |fold, effect: &str, roles: &str, matcher: &str, matches| Meaning {
        text: basic("sub, obj, act, eft", roles, effect, matcher),
        everywhere: None,
        fold,
        row: basic_row,
        denies: |rule| rule.values[3] == "deny",
        matches,
    };
    let resources = "g(r.sub, p.sub) && g2(r.obj, p.obj) && r.act == p.act || r.sub.age > 60 && r.obj == p.obj";
    vec![
        Meaning {
            text: DEFAULT_MODEL.to_owned(),
            everywhere: Some("*"),
            fold: Fold::DenyWins,
            row: default_row,
            denies: |rule| rule.values[4] == "deny",
            matches: default_matches,
        },
        basic(Fold::AllowOverride, ALLOW, "g = _, _", roles, basic_matches),
        basic(Fold::DenyWins, DENY, "g = _, _", roles, basic_matches),
        basic(Fold::DenyWins, BOTH, "g = _, _\ng2 = _, _", resources, resources_match),
        basic(Fold::Priority, PRIORITY, "g = _, _", roles, basic_matches),
        basic(Fold::Priority, PRIORITY, "g = _, _\ng2 = _, _", resources, resources_match),
        basic(Fold::SubjectPriority, SUBJECT_PRIORITY, "g = _, _", roles, basic_matches),
    ]
}

fn random_rule(chance: &mut Chance, meaning: &Meaning, id: RuleId) -> Rule {
    let with_g2 = meaning.text.contains("g2");
    let ptype = match chance.below(10) {
        0..=5 => "p",
        6 | 7 if with_g2 => "g2",
        _ => "g",
    };
    let mut rule = Rule::new(id, ptype, (meaning.row)(chance, ptype));
    rule.active = !chance.one_in(10);
    if chance.one_in(4) {
        rule.priority = Some(chance.below(5) as i64);
    }
    if chance.one_in(8) {
        rule.not_before = Some(now().plus_seconds(chance.below(3) as i64 - 1));
    }
    if chance.one_in(8) {
        rule.expires_at = Some(now().plus_seconds(chance.below(3) as i64 - 1));
    }
    rule
}

fn random_request(chance: &mut Chance) -> Asked {
    let sub = json(chance.of(&["{}", r#"{"age": 17}"#, r#"{"age": 30}"#, r#"{"age": 70}"#, r#"{"age": "old"}"#]));
    let obj = json(chance.of(&[
        "{}",
        r#"{"status": "draft"}"#,
        r#"{"status": "final", "owner": "u1"}"#,
        r#"{"owner": "user:u2"}"#,
    ]));
    Asked {
        sub: name(chance, "u"),
        obj: chance.of(&["o0", "o1", "o2", "o11", "x"]).to_owned(),
        act: chance.of(&["read", "write", "share"]).to_owned(),
        dom: chance.of(&[Some("d0"), Some("d1"), Some("d9"), None].each_ref()).map(str::to_owned),
        sub_properties: sub,
        obj_properties: obj,
        now: now().plus_seconds(chance.below(3) as i64 - 1),
    }
}

fn check(policy: &Policy, meaning: &Meaning, rules: &BTreeMap<RuleId, Rule>, asked: &Asked) {
    let request = Request {
        subject: Entity::new("user", &asked.sub).with(&asked.sub_properties),
        resource: Entity::new("doc", &asked.obj).with(&asked.obj_properties),
        action: Entity::new("action", &asked.act),
        domain: asked.dom.as_deref(),
        context: &(),
        now: asked.now,
        matcher: 1,
    };
    let naive = Naive { rules, everywhere: meaning.everywhere };
    let expected = if rules.values().any(|rule| *rule.ptype == *"p" && rule.active) {
        naive.verdict(meaning.fold, asked, &meaning.denies, &|rule| (meaning.matches)(&naive, rule, asked))
    } else {
        keystead_access::policy::Effect::Abstain
    };
    let found = effect(policy, &request);
    assert_eq!(found, expected, "{asked:?}\n{}\n{rules:#?}", meaning.text);
}

#[test]
fn the_index_says_what_the_rows_mean() {
    let meanings = meanings();
    for seed in 0..cases(420, 30_000) {
        let meaning = &meanings[seed % meanings.len()];
        let mut chance = Chance(seed as u64);
        let mut rules: BTreeMap<RuleId, Rule> = BTreeMap::new();
        let mut policy = Policy::compile(model(&meaning.text), &[]).unwrap();
        for _ in 0..chance.below(40) + 5 {
            let id = id(chance.below(25));
            let naive = Naive { rules: &rules, everywhere: meaning.everywhere };
            if chance.one_in(5) {
                policy = policy.with(&[Change::Remove(id)]).unwrap();
                rules.remove(&id);
            } else {
                let rule = random_rule(&mut chance, meaning, id);
                let cyclic = &*rule.ptype != "p" && naive.closes_cycle(&rule);
                match policy.with(&[Change::Put(rule.clone())]) {
                    Ok(next) => {
                        assert!(!cyclic, "not refused: {rule:?}\n{rules:#?}");
                        policy = next;
                        rules.insert(id, rule);
                    }
                    Err(errors) => assert!(cyclic, "{errors:?}"),
                }
            }
            assert_eq!(policy.len(), rules.len());
            check(&policy, meaning, &rules, &random_request(&mut chance));
        }
        let all: Vec<Rule> = rules.values().cloned().collect();
        let anew = Policy::compile(model(&meaning.text), &all).unwrap();
        for _ in 0..10 {
            let asked = random_request(&mut chance);
            check(&policy, meaning, &rules, &asked);
            check(&anew, meaning, &rules, &asked);
        }
    }
}

#[test]
fn versions_do_not_change_each_other() {
    let first = crate::support::policy(
        &basic("sub, obj, act", "g = _, _", ALLOW, "g(r.sub, p.sub) && r.obj == p.obj"),
        "p, r, data1, x",
    );
    let second = first.with(&[Change::Put(Rule::new(id(7), "g", ["alice", "r"]))]).unwrap();
    let third = second.with(&[Change::Remove(id(0))]).unwrap();
    for _ in 0..2 {
        crate::support::expect(&first, &["r data1 x"], &[], &["alice data1 x"]);
        crate::support::expect(&second, &["alice data1 x"], &[], &["bob data1 x"]);
        crate::support::expect(&third, &[], &[], &["alice data1 x", "r data1 x"]);
    }
    assert_eq!((first.len(), second.len(), third.len()), (1, 2, 1));
}

#[test]
fn a_batch_is_all_or_nothing_and_its_order_does_not_matter() {
    let text = basic("sub, obj, act", "g = _, _", ALLOW, "g(r.sub, p.sub) && r.obj == p.obj");
    let first = crate::support::policy(&text, "p, b, data1, x\ng, a, b");
    // b → a instead of a → b: at no time are there both.
    let turned = [Change::Put(Rule::new(id(9), "g", ["b", "a"])), Change::Remove(id(1))];
    assert!(first.with(&turned).is_ok());
    let wrong = [Change::Remove(id(0)), Change::Put(Rule::new(id(9), "g", ["b", "a"]))];
    assert_eq!(first.with(&wrong).unwrap_err()[0].message, "cyclic roles: b → a → b");
    crate::support::expect(&first, &["a data1 x"], &[], &[]);
}

#[test]
fn a_policy_goes_between_threads() {
    fn anywhere<T: Send + Sync + 'static>() {}
    anywhere::<Policy>();
}
