//! Any text as a model, a matcher, a condition, a pattern: an error or an answer, never a panic, never too many steps.

use crate::support::{BOTH, Chance, basic, cases, effect, json, model, now, rules};
use keystead_access::policy::{Cause, DEFAULT_MODEL, Effect, Entity, Limits, Model, Policy, Request, Rule};
use proptest::prelude::*;
use std::{panic::AssertUnwindSafe, sync::Arc};

fn config(short: u32, long: u32) -> ProptestConfig {
    let cases = if std::env::var_os("KEYSTEAD_TEST_SOAK").is_some() { long } else { short };
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Pieces of the languages, so that random texts get past the first words.
const PIECES: [&str; 62] = [
    "r.sub",
    "r.obj",
    "r.act",
    "p.sub",
    "p.obj",
    "p.act",
    "p.eft",
    "r.sub.age",
    "r.ctx.x.y",
    "r.dom",
    "r2.sub",
    "p2.x",
    "g",
    "g2",
    "(",
    ")",
    "[",
    "]",
    ",",
    "&&",
    "||",
    "!",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    " in ",
    "+",
    "-",
    "*",
    "/",
    "%",
    "\"a\"",
    "'b'",
    "\"",
    "'",
    "\\",
    "1",
    "2.5",
    "99999999999999999999999999999999999999999",
    "true",
    "false",
    "keyMatch",
    "keyMatch2",
    "keyGet2",
    "regexMatch",
    "ipMatch",
    "globMatch",
    "eval",
    " ",
    "\n",
    "#",
    ";",
    "=",
    ".",
    "_",
    "[matchers]\n",
    "m = ",
    "é",
    "\u{0}",
];

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(config(2_000, 200_000))]

    #[test]
    fn any_bytes_as_a_model(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = Model::parse(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_pieces_as_a_model(text in soup()) {
        if let Err(error) = Model::parse(&format!("{}{text}", basic("sub, obj, act", "g = _, _", BOTH, "r.sub == p.sub"))) {
            prop_assert!(error.line >= 1 && error.column >= 1 && !error.message.is_empty());
        }
    }

    #[test]
    fn any_pieces_as_a_matcher(text in soup()) {
        let text = text.replace(['\n', '\u{0}'], " ");
        if let Err(error) = Model::parse(&basic("sub, obj, act", "g = _, _", BOTH, &text)) {
            prop_assert!(error.line == 10 || error.line == 1, "{error}");
        }
    }

    #[test]
    fn any_text_as_a_value(values in prop::collection::vec(prop_oneof![soup(), any::<String>()], 0..8), ptype in "[pg]2?") {
        let rule = Rule::new(crate::support::id(1), &ptype, values);
        let _ = Policy::compile(model(DEFAULT_MODEL), &[rule]);
    }

    #[test]
    fn any_text_as_a_pattern(pattern in "[a-z/*:{}()\\[\\]?.+^$|\\\\!,-]{0,20}", text in "[a-z/*:{}]{0,20}") {
        for function in ["keyMatch2", "keyMatch3", "keyMatch4", "keyMatch5", "regexMatch", "globMatch", "ipMatch"] {
            let model = model(&basic("pattern", "", BOTH, &format!("{function}(r.obj, p.pattern)")));
            let rule = Rule::new(crate::support::id(1), "p", [pattern.clone()]);
            if let Ok(policy) = Policy::compile(model, &[rule]) {
                let request = Request::new(Entity::new("user", "x"), Entity::new("", "x"), Entity::new("d", &text), now());
                effect(&policy, &request);
            }
        }
    }
}

/// Models that call everything there is to be called, with a field of the rule for each pattern.
const CALLS: [&str; 8] = [
    "keyMatch(r.obj, p.pattern) || keyMatch(r.sub, r.obj.pattern)",
    "keyMatch2(r.obj, p.pattern) || keyMatch3(r.act, p.pattern)",
    "keyMatch4(r.obj.name, p.pattern) || keyMatch5(r.obj, p.pattern)",
    "globMatch(r.obj, p.pattern) || regexMatch(r.obj, p.pattern)",
    "ipMatch(r.sub.address, p.pattern) || ipMatch(r.ctx.address, r.obj.name)",
    "keyGet(r.obj, p.pattern) == r.sub.name || keyGet2(r.obj, p.pattern, 'x') == r.sub",
    "eval(p.pattern)",
    "r.sub.age + r.obj.size * 2 > 7 / r.obj.size || r.sub.name in (r.obj.name, p.pattern) || r.ctx.x.y == p.pattern",
];

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any_name().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(any_name(), inner, 0..4)
                .prop_map(|map| Value::from_iter(map.into_iter().collect::<Vec<_>>())),
        ]
    })
}

fn any_name() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[a-z0-9/.:*{}-]{0,12}", "x|u1|user:u1|10.0.0.1|::ffff:10.0.0.1|/a/b"]
}

proptest! {
    #![proptest_config(config(600, 100_000))]

    /// Whatever is asked, and whatever is told with it: an answer, and the same from the index, the scan and the explanation.
    #[test]
    fn any_request_of_anything(
        call in prop::sample::select(&CALLS[..]),
        patterns in prop::collection::vec("[a-z/*:{x}.0-9]{0,10}|10\\.0\\.0\\.0/8|r\\.sub\\.age > 1", 1..4),
        names in prop::array::uniform5(any_name()), domain in prop::option::of(any_name()),
        told in prop::collection::btree_map("age|size|name|pattern|address|x", any_json(), 0..6),
    ) {
        let model = model(&basic("pattern", "", BOTH, call));
        let rows: Vec<_> =
            patterns.into_iter().enumerate().map(|(n, pattern)| Rule::new(crate::support::id(n), "p", [pattern])).collect();
        let Ok(policy) = Policy::compile(model, &rows) else { return Ok(()) };
        let told: serde_json::Map<_, _> = told.into_iter().collect();
        let [kind, sub, act, of, obj] = &names;
        let mut request = Request::new(
            Entity::new(kind, sub).with(&told), Entity::new("", act).with(&told), Entity::new(of, obj).with(&told), now(),
        );
        (request.context, request.domain) = (&told, domain.as_deref());
        effect(&policy, &request);
    }

    /// A condition is a matcher of its own, in a rule.
    #[test]
    fn any_pieces_as_a_condition(text in soup()) {
        let values = ["u1", "*", "*", "*", "allow", &text];
        let rule = Rule::new(crate::support::id(1), "p", values);
        match Policy::compile(model(DEFAULT_MODEL), &[rule]) {
            Ok(policy) => {
                let request = Request::new(Entity::new("user", "u1"), Entity::new("", "x"), Entity::new("d", "x"), now());
                effect(&policy, &request.in_domain("here"));
            }
            Err(errors) => prop_assert!(errors.iter().all(|error| error.column >= 1 && !error.message.is_empty())),
        }
    }
}

/// A random matcher of the grammar; most of them have types that fit.
fn boolean(chance: &mut Chance, depth: usize) -> String {
    let deeper = |chance: &mut Chance| boolean(chance, depth - 1);
    match if depth == 0 { 5 + chance.below(9) } else { chance.below(14) } {
        0 | 1 => format!("{} && {}", deeper(chance), deeper(chance)),
        2 | 3 => format!("({} || {})", deeper(chance), deeper(chance)),
        4 => format!("!({})", deeper(chance)),
        5 => chance.of(&["g(r.sub, p.sub)", "g(r.sub, 'r1')", "g(p.sub, 'r2')", "g2(r.obj, p.obj)"]).to_owned(),
        6 => format!("keyMatch({}, p.obj)", text(chance)),
        7 => format!("{} in ({}, {})", text(chance), text(chance), text(chance)),
        8 => format!("{} {} {}", number(chance, 2), chance.of(&["<", "<=", ">", ">=", "==", "!="]), number(chance, 2)),
        9 if chance.one_in(2) => chance.of(&["true", "false", "r.sub.flag", "r.sub.missing"]).to_owned(),
        9 => chance
            .of(&[
                "p.obj == r.sub.missing || p.obj == 'o1'",
                "p.act == r.sub.age",
                "p.obj == r.sub.name",
                "keyMatch(r.sub.name, p.obj)",
                "p.sub == r.sub.list",
            ])
            .to_owned(),
        10 => format!("p.obj == {} || keyMatch(r.obj, p.obj)", text(chance)),
        _ => format!("{} {} {}", text(chance), chance.of(&["==", "==", "!="]), text(chance)),
    }
}
fn text(chance: &mut Chance) -> String {
    let all = [
        "r.sub",
        "r.obj",
        "r.act",
        "p.sub",
        "p.obj",
        "p.act",
        "p.sub",
        "p.obj",
        "'r1'",
        "'o*'",
        "r.sub.name",
        "r.sub + ''",
    ];
    chance.of(&all).to_owned()
}
fn number(chance: &mut Chance, depth: usize) -> String {
    if depth == 0 || chance.one_in(2) {
        return chance.of(&["1", "2.5", "r.sub.age", "r.sub.missing", "p.act", "r.obj.size"]).to_owned();
    }
    format!("({} {} {})", number(chance, depth - 1), chance.of(&["+", "-", "*", "/", "%"]), number(chance, depth - 1))
}

/// The index and the scan agree on any matcher, whatever shape the planner finds in it.
#[test]
fn any_matcher_of_the_grammar() {
    let effects = [crate::support::ALLOW, BOTH, crate::support::PRIORITY];
    let mut compiled = 0;
    for seed in 0..cases(2_500, 200_000) {
        let mut chance = Chance(seed as u64);
        let matcher = boolean(&mut chance, 3);
        let Ok(model) =
            Model::parse(&basic("sub, obj, act, eft", "g = _, _\ng2 = _, _", chance.of(&effects), &matcher))
        else {
            continue;
        };
        compiled += 1;
        let mut csv = String::from("g, u1, r1\ng, user:u2, r2\ng, r1, r2\ng2, o1, o2\ng2, d:o, o1\n");
        for _ in 0..chance.below(12) {
            let (sub, obj) =
                (chance.of(&["u1", "user:u2", "r1", "r2", "*"]), chance.of(&["o1", "o2", "o*", "*", "d:o", "d:*"]));
            csv.push_str(&format!(
                "p, {sub}, {obj}, {}, {}\n",
                chance.of(&["x", "2", "y"]),
                chance.of(&["allow", "deny"])
            ));
        }
        let policy = Policy::compile(Arc::new(model), &rules(&csv)).unwrap();
        let subject = json(chance.of(&[
            r#"{"age": 2, "flag": true, "name": "r1"}"#,
            r#"{"name": 7, "list": ["u1"]}"#,
            r#"{"age": "x", "flag": 0}"#,
        ]));
        let object = json(chance.of(&[r#"{"size": 2.5}"#, "{}"]));
        for sub in ["u1", "u2", "u3"] {
            for obj in ["o1", "o", "o*", "z"] {
                let request = Request::new(
                    Entity::new("user", sub).with(&subject),
                    Entity::new("", chance.of(&["x", "2"])),
                    Entity::new("d", obj).with(&object),
                    now(),
                );
                let checked = std::panic::catch_unwind(AssertUnwindSafe(|| effect(&policy, &request)));
                assert!(checked.is_ok(), "seed {seed}: {matcher}\n{csv}");
            }
        }
    }
    assert!(compiled > 500, "only {compiled} matchers had fitting types");
}

/// The step limit holds, and reaching it denies.
#[test]
fn too_many_steps_deny() {
    let limits = Limits { steps: 500, ..Limits::default() };
    let text = basic("sub, obj, act", "g = _, _", crate::support::ALLOW, "r.obj != p.obj && r.sub == p.sub + 'x'");
    let model = Arc::new(Model::parse_within(&text, limits).unwrap());
    let many: Vec<Rule> =
        (0..1_000).map(|n| Rule::new(crate::support::id(n), "p", [format!("u{n}"), "o".into(), "a".into()])).collect();
    let request = Request::new(Entity::new("user", "nobody"), Entity::new("", "a"), Entity::new("d", "q"), now());
    let few = Policy::compile(Arc::clone(&model), &many[..10]).unwrap();
    assert_eq!(few.decide(&request).effect, Effect::Abstain);
    let verdict = Policy::compile(model, &many).unwrap().decide(&request);
    assert_eq!((verdict.effect, verdict.cause), (Effect::Deny, Cause::TooManySteps));
}

/// A pattern that makes a backtracking matcher slow: the step limit ends it soon.
#[test]
fn catastrophic_patterns_end() {
    let start = std::time::Instant::now();
    for (function, pattern) in [
        ("regexMatch", "^(a+)+$".to_owned()),
        ("regexMatch", "^(a|a)*(a|a)*(a|a)*$".to_owned()),
        ("keyMatch3", format!("/{}", "{x}a".repeat(15))),
        ("keyMatch4", format!("/{}", "{x}a".repeat(15))),
        ("keyMatch2", "/*a".repeat(15)),
        ("globMatch", "*a".repeat(15)),
    ] {
        let policy = crate::support::policy(&basic("pattern", "", BOTH, &format!("{function}(r.obj, p.pattern)")), "");
        let rule = Rule::new(crate::support::id(1), "p", [pattern.clone()]);
        let policy = policy.with(&[keystead_access::policy::Change::Put(rule)]).unwrap();
        let text = format!("/{}b", "a".repeat(2_000));
        let request = Request::new(Entity::new("user", "x"), Entity::new("", "x"), Entity::new("d", &text), now());
        assert_ne!(policy.decide(&request).effect, Effect::Allow, "{function} {pattern}");
    }
    assert!(start.elapsed() < std::time::Duration::from_secs(20), "{:?}", start.elapsed());
}
