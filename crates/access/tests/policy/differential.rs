//! The engine against the `casbin` crate, over generated models, policies and requests.
//!
//! Casbin answers true or false. Where its effect is `!some(where (p.eft == deny))` and nothing matched it says true
//! and the engine abstains; everywhere else true is an allowance. What else differs is in the decision page
//! "Where rules differ from Casbin", and is not generated here.

use crate::support::{ALLOW, BOTH, Chance, DENY, PRIORITY, basic, cases, id, model, now};
use casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi};
use keystead_access::policy::{Change, Effect, Entity, Policy, Request, Rule};
use serde_json::{Map, Value, json};

struct Generated {
    text: String,
    /// How the engine reads what Casbin writes otherwise: a list is `[…]` in one and `(…)` in the other.
    rules: Vec<(String, Vec<String>)>,
    denies_only: bool,
    domains: bool,
}

const EFFECTS: [&str; 4] = [ALLOW, DENY, BOTH, PRIORITY];

fn generate(chance: &mut Chance) -> Generated {
    let domains = chance.one_in(3);
    let effect = chance.of(&EFFECTS);
    let subject = if domains {
        chance.of(&["g(r.sub, p.sub, r.dom)", "r.sub == p.sub"])
    } else {
        chance.of(&["g(r.sub, p.sub)", "g(r.sub, p.sub)", "r.sub == p.sub", "(g(r.sub, p.sub) || p.sub == \"any\")"])
    };
    let object = chance.of(&[
        "r.obj == p.obj",
        "keyMatch(r.obj, p.obj)",
        "keyMatch2(r.obj, p.obj)",
        "keyMatch3(r.obj, p.obj)",
        "keyMatch4(r.obj, p.obj)",
        "keyMatch5(r.obj, p.obj)",
        "(r.obj == p.obj || keyMatch(r.obj, p.obj))",
        "globMatch(r.obj, p.obj)",
        "regexMatch(r.obj, p.obj)",
    ]);
    let action = chance.of(&[
        "r.act == p.act",
        "(r.act == p.act || p.act == \"any\")",
        "regexMatch(r.act, p.act)",
        "r.act in [\"read\", \"write\"]",
        "r.act != p.act",
    ]);
    let mut terms = vec![subject, object, action];
    if domains {
        terms.push("r.dom == p.dom");
    }
    if chance.one_in(2) {
        terms.reverse();
    }
    let mut matcher = terms.join(" && ");
    match chance.below(6) {
        0 => matcher = format!("{matcher} || r.sub == \"u0\" && r.act == p.act"),
        1 => matcher = format!("({matcher}) && !(r.sub == \"u1\" && r.obj == \"/a\")"),
        2 => matcher = format!("r.sub != \"u2\" && ({matcher})"),
        _ => {}
    }
    let fields = if domains { "sub, dom, obj, act, eft" } else { "sub, obj, act, eft" };
    let roles = if domains { "g = _, _, _" } else { "g = _, _" };
    let mut text = basic(fields, roles, effect, &matcher);
    if domains {
        text = text.replace("r = sub, obj, act", "r = sub, dom, obj, act");
    }
    let mut rules: Vec<(String, Vec<String>)> = Vec::new();
    for _ in 0..chance.below(12) + 1 {
        let mut values = vec![chance.of(&["u0", "u1", "u2", "r0", "r1", "r2", "any"]).to_owned()];
        if domains {
            values.push(chance.of(&["d0", "d1"]).to_owned());
        }
        values.push(pattern(chance, object).to_owned());
        values.push(
            if action.contains("regex") {
                chance.of(&["read", "^(read|write)$", "w.*e", "any"])
            } else {
                chance.of(&["read", "write", "any"])
            }
            .to_owned(),
        );
        values.push(chance.of(&["allow", "allow", "deny"]).to_owned());
        rules.push(("p".to_owned(), values));
    }
    for _ in 0..chance.below(6) {
        // Roles lead upwards only: there are no cycles.
        let from = chance.below(5);
        let to = from.max(2) + 1 + chance.below(2);
        let name = |number: usize| if number < 3 { format!("u{number}") } else { format!("r{}", number - 3) };
        let mut values = vec![name(from), name(to)];
        if domains {
            values.push(chance.of(&["d0", "d1"]).to_owned());
        }
        rules.push(("g".to_owned(), values));
    }
    // Casbin keeps equal rows once, at the place of the first.
    let mut seen = std::collections::HashSet::new();
    rules.retain(|rule| seen.insert(rule.clone()));
    Generated { text, rules, denies_only: effect == DENY, domains }
}

fn pattern(chance: &mut Chance, object: &str) -> &'static str {
    let plain: &[&'static str] = &["/a", "/a/b", "/a/7", "/x", "/a/7/c/7"];
    let special: &[&'static str] = match object {
        _ if chance.one_in(3) => plain,
        o if o.contains("keyMatch2") => &["/a/*", "/:x", "/a/:x", "/:x/:y", "/a/:x/c/*", "/a/:x/c/:y", "*"],
        o if o.contains("keyMatch3") || o.contains("keyMatch5") => {
            &["/a/*", "/{x}", "/a/{x}", "/a/{x}/c/{y}", "/a/p_{x}"]
        }
        o if o.contains("keyMatch4") => &["/a/*", "/{x}", "/a/{x}/c/{x}", "/a/{x}/c/{y}", "/{x}/{x}"],
        o if o.contains("keyMatch") => &["/a*", "/*", "*", "/a/*", "/a/7*"],
        o if o.contains("glob") => {
            &["/a/*", "/*", "/a/**", "/a/?", "/a/[0-9]", "/a/[!0-9]", "/{a,x}", "/a/{b,7}", "**/7"]
        }
        o if o.contains("regex") => &["^/a", "/a/[0-9]+$", "b|7", "^/a/.$", "c", "^/a/(b|7)$"],
        _ => plain,
    };
    // The plain words may be unanchored regular expressions: they are for both.
    special[chance.below(special.len())]
}

const OBJECTS: [&str; 11] =
    ["/a", "/a/b", "/a/7", "/x", "/a/7/c/7", "/a/7/c/8", "/a/", "/", "/a/p_9", "/a/7?q=/x", "a"];

async fn oracle(generated: &Generated) -> Enforcer {
    let model = DefaultModel::from_str(&generated.text).await.unwrap();
    let mut enforcer = Enforcer::new(model, MemoryAdapter::default()).await.unwrap();
    for (ptype, values) in &generated.rules {
        if ptype == "g" {
            enforcer.add_named_grouping_policy(ptype, values.clone()).await.unwrap();
        } else {
            enforcer.add_named_policy(ptype, values.clone()).await.unwrap();
        }
    }
    enforcer
}

/// The policy: half of it compiled, half of it changed into place.
fn compile(generated: &Generated, chance: &mut Chance) -> Policy {
    let rules: Vec<Rule> = generated
        .rules
        .iter()
        .enumerate()
        .map(|(number, (ptype, values))| Rule::new(id(number), ptype, values.clone()))
        .collect();
    let split = chance.below(rules.len() + 1);
    let first = Policy::compile(model(&generated.text), &rules[..split]).unwrap();
    rules[split..].iter().fold(first, |policy, rule| policy.with(&[Change::Put(rule.clone())]).unwrap())
}

fn agree(found: Effect, oracle: bool, denies_only: bool) -> bool {
    match found {
        Effect::Allow => oracle,
        Effect::Deny => !oracle,
        Effect::Abstain => oracle == denies_only,
    }
}

/// Says now and then how far a soak has come.
#[expect(clippy::print_stdout, reason = "whoever waits for it wants to see it")]
fn progress(done: usize, wanted: usize) {
    if done.is_multiple_of(50_000) {
        println!("{done} of {wanted} cases agree with the casbin crate");
    }
}

#[test]
fn rules_say_what_casbin_says() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (mut done, mut seed) = (0, 0);
    let wanted = cases(16_000, 900_000);
    let mut allowed = 0;
    while done < wanted {
        seed += 1;
        let mut chance = Chance(seed);
        let generated = generate(&mut chance);
        let enforcer = runtime.block_on(oracle(&generated));
        let policy = compile(&generated, &mut chance);
        for _ in 0..40 {
            let sub = chance.of(&["u0", "u1", "u2", "u3", "r0"]);
            let dom = chance.of(&["d0", "d1", "d2"]);
            let obj = chance.of(&OBJECTS);
            let act = chance.of(&["read", "write", "any", "share"]);
            let expected = if generated.domains {
                enforcer.enforce((sub, dom, obj, act)).unwrap()
            } else {
                enforcer.enforce((sub, obj, act)).unwrap()
            };
            let mut request =
                Request::new(Entity::new("user", sub), Entity::new("action", act), Entity::new("path", obj), now());
            request.domain = generated.domains.then_some(dom);
            let verdict = policy.decide(&request);
            assert!(
                agree(verdict.effect, expected, generated.denies_only),
                "seed {seed}: {verdict:?}, Casbin {expected} for {sub} {dom} {obj} {act}\n{}\n{:#?}",
                generated.text,
                generated.rules
            );
            allowed += usize::from(verdict.effect == Effect::Allow);
            done += 1;
            progress(done, wanted);
        }
    }
    assert!(allowed > wanted / 20, "of {wanted} only {allowed} were allowed: that shows little");
}

/// Conditions over attributes: the ones that Casbin can evaluate without failing.
#[test]
fn conditions_say_what_casbin_says() {
    const CONDITIONS: [&str; 8] = [
        "r.sub.age > 18",
        "r.sub.age >= 18 && r.sub.age < 60",
        "r.sub.name == \"alice\" || r.obj.size < 10",
        "!(r.obj.size == 10)",
        "r.sub.age + r.obj.size > 40",
        "r.sub.age * 2 - 6 <= 30 && r.sub.age % 2 == 0",
        "r.obj.owner == r.sub.name",
        "r.sub.name in [\"alice\", \"bob\"]",
    ];
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (mut done, mut seed, wanted) = (0, 0, cases(4_000, 100_000));
    while done < wanted {
        seed += 1;
        let mut chance = Chance(seed);
        let effect = chance.of(&EFFECTS);
        let text = basic("rule, act, eft", "", effect, "eval(p.rule) && r.act == p.act");
        let mut rules: Vec<(String, Vec<String>)> = Vec::new();
        for _ in 0..chance.below(5) + 1 {
            let values =
                [chance.of(&CONDITIONS), chance.of(&["read", "write"]), chance.of(&["allow", "allow", "deny"])];
            let rule = ("p".to_owned(), values.map(str::to_owned).to_vec());
            if !rules.contains(&rule) {
                rules.push(rule);
            }
        }
        let generated = Generated { text, rules, denies_only: *effect == *DENY, domains: false };
        let enforcer = runtime.block_on(oracle(&generated));
        let policy = compile(&generated, &mut chance);
        for _ in 0..20 {
            let map = |value: Value| value.as_object().cloned().unwrap_or_else(Map::new);
            let sub = map(json!({"age": chance.below(70), "name": chance.of(&["alice", "bob", "carol"])}));
            let obj = map(json!({"size": chance.below(20), "owner": chance.of(&["alice", "bob"])}));
            let act = chance.of(&["read", "write"]);
            let expected = enforcer.enforce((Hashable(&sub), Hashable(&obj), act)).unwrap();
            let request = Request::new(
                Entity::new("user", "u").with(&sub),
                Entity::new("action", act),
                Entity::new("doc", "1").with(&obj),
                now(),
            );
            let verdict = policy.decide(&request);
            assert!(
                agree(verdict.effect, expected, generated.denies_only),
                "seed {seed}: {verdict:?}, Casbin {expected} for {sub:?} {obj:?} {act}\n{:#?}",
                generated.rules
            );
            done += 1;
            progress(done, wanted);
        }
    }
}

/// Casbin wants arguments that can be hashed, for a cache that is not used here.
#[derive(serde::Serialize)]
#[serde(transparent)]
struct Hashable<'a>(&'a Map<String, Value>);

impl std::hash::Hash for Hashable<'_> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.len().hash(state);
    }
}
