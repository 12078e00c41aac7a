//! What is wrong is refused with its place, and nothing of it is kept.

use crate::support::{ALLOW, BOTH, SUBJECT_PRIORITY, basic, id, model, now, policy, rule, rules};
use keystead_access::policy::{
    Cause, Change, DEFAULT_MODEL, Effect, Entity, Limits, Model, Policy, Request, Rule, RuleError,
};
use std::sync::Arc;

#[test]
fn malformed_models() {
    let head = "[request_definition]\nr = sub, obj, act\n[policy_definition]\np = sub, obj, act\n";
    let matcher = |text: &str| format!("{head}[policy_effect]\ne = {ALLOW}\n[matchers]\nm = {text}\n");
    let mut wrong = Vec::new();
    for (text, line, column, message) in [
        (String::new(), 1, 1, "`r` is missing"),
        ("m = true".to_owned(), 1, 1, "before the first section"),
        ("[matchers".to_owned(), 1, 1, "ends with `]`"),
        ("[macthers]".to_owned(), 1, 1, "unknown section `macthers`"),
        ("[matchers]\n  nothing".to_owned(), 2, 3, "key = value"),
        (format!("{head}r = sub"), 5, 1, "does not belong here"),
        (format!("{head}p = sub"), 5, 1, "`p` is defined already, at line 4, column 1"),
        (format!("{head}p2 = sub, , obj"), 5, 11, "not a name of a field"),
        (format!("{head}p2 = sub, sub"), 5, 11, "stands twice"),
        (format!("{head}p2 = a, b, c, d, e, f, g"), 5, 24, "more than 6 fields"),
        (format!("{head}[role_definition]\ng = _"), 6, 5, "a role definition is"),
        (format!("{head}[policy_effect]\ne = sometimes"), 6, 5, "unknown effect"),
        (format!("{head}[keystead]\nsubject_type = a b"), 6, 16, "a type is"),
        (format!("{head}[keystead]\nother = x"), 6, 1, "unknown option"),
        (format!("{head}[matchers]\nm = true"), 6, 1, "no policy effect"),
        (format!("{head}[policy_effect]\ne = {ALLOW}"), 1, 1, "`m` is missing"),
        (matcher("r.sub == "), 8, 13, "expected a term, found the end"),
        (matcher("r.sub == p.sub p.obj"), 8, 20, "expected an operator, found `p`"),
        (matcher("r.sub == \"a"), 8, 14, "the text has no end"),
        (matcher("r.sub == \"a\\d\""), 8, 16, "unknown escape"),
        (matcher("r.sub ~ p.sub"), 8, 11, "unexpected character '~'"),
        (matcher("(r.sub == p.sub"), 8, 20, "expected `,`"),
        (matcher("()"), 8, 5, "parentheses are empty"),
        (matcher("r.sub == p.sub == true"), 8, 20, "cannot be chained"),
        (matcher("1 < 2 < 3"), 8, 11, "cannot be chained"),
        (matcher("r.sub"), 8, 5, "must be true or false, but is an entity"),
        (matcher("1 + 2"), 8, 5, "must be true or false, but is a number"),
        (matcher("q.sub == p.sub"), 8, 5, "unknown name `q`"),
        (matcher("sub == p.sub"), 8, 5, "unknown name `sub`"),
        (matcher("r.what == p.sub"), 8, 5, "`r` has no field `what`"),
        (matcher("r.sub == p.what"), 8, 14, "`p` has no field `what`"),
        (matcher("r2.sub == p.sub"), 8, 5, "no request definition `r2`"),
        (matcher("r.sub == p2.sub"), 8, 14, "no policy definition `p2`"),
        (matcher("g(r.sub, p.sub)"), 8, 5, "unknown function `g`"),
        (matcher("system(\"rm\")"), 8, 5, "unknown function `system`"),
        (matcher("keyMatch(r.obj)"), 8, 5, "`keyMatch` takes 2 arguments, not 1"),
        (matcher("r.sub < p.sub"), 8, 5, "an entity cannot be compared with"),
        (matcher("r.sub == 1"), 8, 5, "cannot be compared"),
        (matcher("1 == \"1\""), 8, 5, "a number cannot be compared with a text"),
        (matcher("true == 1"), 8, 5, "cannot be compared"),
        (matcher("!r.sub"), 8, 6, "expected true or false, found an entity"),
        (matcher("r.sub && true"), 8, 5, "expected true or false, found an entity"),
        (matcher("r.sub in \"a\""), 8, 14, "expected a list, found a text"),
        (matcher("r.sub * 2 == 1"), 8, 5, "expected a number, found an entity"),
        (matcher("regexMatch(r.obj, r.act)"), 8, 23, "never of the request"),
        (matcher("keyMatch2(p.obj, r.obj)"), 8, 22, "never of the request"),
        (matcher("regexMatch(r.obj, \"(\")"), 8, 23, "unclosed group"),
        (matcher("regexMatch(r.obj, \"(?=a)\")"), 8, 23, "look-around"),
        (matcher("regexMatch(r.obj, \"(a{100}){100}{100}\")"), 8, 23, "more than 131072 bytes"),
        (matcher("globMatch(r.obj, \"[a\")"), 8, 22, "never closed"),
        (matcher("ipMatch(r.sub, \"1.2.3\")"), 8, 20, "neither an address nor a network"),
        (matcher("eval(r.sub)"), 8, 5, "`eval` takes a field of the rule"),
        (matcher("r.sub == p.sub \\\n  && r.what == p.obj"), 9, 6, "no field `what`"),
        (matcher("r.sub == p.sub # comment \\\n && x"), 9, 2, "key = value"),
        (matcher(&format!("{}true", "!".repeat(100))), 8, 54, "nested deeper than 48"),
        (matcher(&format!("{}true{}", "(".repeat(100), ")".repeat(100))), 8, 54, "nested deeper than 48"),
        (matcher(&format!("1{} == 1", " + 1".repeat(100))), 8, 0, "nested deeper than 48"),
        (matcher(&vec!["r.sub == p.sub"; 300].join(" && ")), 8, 0, "more than 512 terms"),
        ("#".repeat(70_000), 1, 1, "at most 65536 bytes"),
        (basic("sub, obj, act", "g = _, _", SUBJECT_PRIORITY, "r.sub == p.sub"), 10, 5, "needs a role term"),
    ] {
        let found = Model::parse(&text).map(|_| ());
        let as_wanted = found.as_ref().is_err_and(|error| {
            error.message.contains(message) && error.line == line && (column == 0 || error.column == column)
        });
        if !as_wanted {
            let short: String = text.chars().take(400).collect();
            wrong.push(format!("{found:?}, wanted {line}:{column} {message:?} in\n{short}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn malformed_rules() {
    let with_patterns = "keyMatch2(r.obj, p.obj) && regexMatch(r.act, p.act) && r.sub == p.sub";
    let patterns = basic("sub, obj, act", "g = _, _, (_, _)", ALLOW, with_patterns);
    let addresses = basic("net, obj", "", ALLOW, "ipMatch(r.sub, p.net)");
    let priority = basic("priority, sub, obj", "", ALLOW, "r.sub == p.sub");
    for (text, line, field, column, message) in [
        (DEFAULT_MODEL, "x, a, b", None, 1, "no definition `x`"),
        (DEFAULT_MODEL, "p2, a, b", None, 1, "no definition `p2`"),
        (DEFAULT_MODEL, "g2, a, b", None, 1, "no definition `g2`"),
        (DEFAULT_MODEL, "p, alice", None, 1, "`p` takes 4 to 6 values, not 1"),
        (DEFAULT_MODEL, "p, a, b, c, d, allow, true, more", None, 1, "1 to 6 values, not 7"),
        (DEFAULT_MODEL, "g, alice, admin", None, 1, "`g` takes 3 values, not 2"),
        (DEFAULT_MODEL, "g, alice, admin, *, extra", None, 1, "`g` takes 3 values, not 4"),
        (DEFAULT_MODEL, "g, alice, , *", Some(1), 1, "a name is missing"),
        (DEFAULT_MODEL, "g, alice, alice, *", Some(1), 1, "cyclic roles: alice → alice"),
        (DEFAULT_MODEL, "p, a, b, c, d, perhaps", Some(4), 1, "`allow` or `deny`"),
        (DEFAULT_MODEL, "p, a, b, c, d, allow, r.sub.age >", Some(5), 12, "expected a term"),
        (DEFAULT_MODEL, "p, a, b, c, d, allow, r.sub.age > 'x' == 1", Some(5), 1, "cannot be compared"),
        (DEFAULT_MODEL, "p, a, b, c, d, allow, r.sub", Some(5), 1, "must be true or false"),
        (DEFAULT_MODEL, "p, a, b, c, d, allow, eval(p.cond)", Some(5), 1, "cannot hold another one"),
        (DEFAULT_MODEL, "p, a, b, c, d, allow, true && what()", Some(5), 9, "unknown function `what`"),
        (DEFAULT_MODEL, "p, a, b, c, d, allow, \"regexMatch(r.obj, '(')\"", Some(5), 19, "unclosed group"),
        (DEFAULT_MODEL, "p, a, b, (, d, allow, \"regexMatch(r.obj, p.obj)\"", Some(5), 19, "unclosed group"),
        (&patterns, "p, a, /*(, x", Some(1), 1, "unclosed group"),
        (&patterns, "p, a, /, (?<x", Some(2), 1, ""),
        (&patterns, "p, a, /{x}/{x}:y/:z/:a/:b/:c/:d/:e/:f/:g/:h/:i/:j/:k/:l/:m/:n/:o/:p/:q, x", Some(1), 1, ""),
        (&patterns, "p, a, /, a{9999}{9999}", Some(2), 1, ""),
        (&patterns, "g, a, b, soon, _", Some(2), 1, "a time is"),
        (&patterns, "g, a, b, _, 2026-13-01 00:00:00", Some(3), 1, "a time is"),
        (&addresses, "p, 10.0.0.0/33, x", Some(0), 1, "neither an address nor a network"),
        (&priority, "p, high, a, b", Some(0), 1, "a priority is a whole number"),
    ] {
        let good = policy(text, "");
        let errors = Policy::compile(model(text), &[rule(3, line)]).map(|_| line).unwrap_err();
        assert_eq!((errors.len(), errors[0].rule, errors[0].field), (1, Some(id(3)), field), "{line}: {}", errors[0]);
        assert!(errors[0].message.contains(message), "{line}: {}, wanted {message:?}", errors[0]);
        assert_eq!(errors[0].column, column, "{line}: {}", errors[0]);
        assert_eq!(good.with(&[Change::Put(rule(3, line))]).map(|_| line).unwrap_err(), errors);
        assert!(good.is_empty() && !good.contains(id(3)));
        let mut inactive = rule(3, line);
        inactive.active = false;
        assert!(good.with(&[Change::Put(inactive)]).is_err(), "{line}: inactive rules are checked too");
    }
}

#[test]
fn cyclic_roles() {
    let text = basic("sub, obj, act", "g = _, _\ng2 = _, _", ALLOW, "g(r.sub, p.sub) && g2(r.obj, p.obj)");
    for csv in ["g, a, b\ng, b, c\ng, c, a", "g, x, a\ng, a, b\ng, b, a\np, q, o, x", "g2, a, b\ng2, b, a"] {
        let errors = Policy::compile(model(&text), &rules(csv)).map(|_| csv).unwrap_err();
        assert!(errors[0].message.starts_with("cyclic roles: ") && errors[0].rule.is_some(), "{errors:?}");
        let names: Vec<_> = errors[0].message["cyclic roles: ".len()..].split(" → ").collect();
        assert_eq!(names.first(), names.last(), "{errors:?}");
    }
    // In different graphs, or in different domains, it is no cycle.
    policy(&text, "g, a, b\ng2, b, a");
    let domains =
        format!("{}[keystead]\nany_domain = *", basic("sub, obj, act", "g = _, _, _", ALLOW, "g(r.sub, p.sub, r.act)"));
    let apart = policy(&domains, "g, a, b, d1\ng, b, a, d2");
    let everywhere = apart.with(&[Change::Put(rule(9, "g, b, c, *")), Change::Put(rule(10, "g, c, a, *"))]);
    assert_eq!(everywhere.map(|_| ()).unwrap_err()[0].message, "cyclic roles: c → a → b → c");
    assert!(Policy::compile(model(&domains), &rules("g, a, b, d1\ng, b, a, *")).is_err());
}

#[test]
fn huge_batches() {
    let limits = Limits { rules: 100, changes: 10, value_bytes: 64, ..Limits::default() };
    let model = Arc::new(Model::parse_within(DEFAULT_MODEL, limits).unwrap());
    let many: Vec<Rule> = (0..101).map(|n| Rule::new(id(n), "p", ["a", "*", "b", "c"])).collect();
    let message = |result: Result<Policy, Vec<RuleError>>| result.map(|_| ()).unwrap_err().remove(0).to_string();
    assert_eq!(message(Policy::compile(Arc::clone(&model), &many)), "a policy has at most 100 rules");
    let full = Policy::compile(Arc::clone(&model), &many[..100]).unwrap();
    assert_eq!(message(full.with(&[Change::Put(many[100].clone())])), "a policy has at most 100 rules");
    assert!(full.with(&[Change::Put(many[99].clone())]).is_ok());
    let changes: Vec<_> = many.iter().map(|rule| Change::Remove(rule.id)).collect();
    assert_eq!(message(full.with(&changes)), "at most 10 changes at once");
    let long = Rule::new(id(1), "p", ["a", "*", &"x".repeat(65), "c"]);
    assert!(message(Policy::compile(Arc::clone(&model), &[long])).ends_with("v2, column 1: longer than 64 bytes"));
    let wrong: Vec<_> = (0..100).map(|n| Rule::new(id(n), "p", ["a"])).chain([Rule::new(id(7), "p", ["a"])]).collect();
    assert_eq!(Policy::compile(Arc::clone(&model), &wrong[..100]).unwrap_err().len(), 100);
    let few = Limits { regexes: 2, ..Limits::default() };
    let text = basic("pattern", "", ALLOW, "regexMatch(r.obj, p.pattern)");
    let few = Arc::new(Model::parse_within(&text, few).unwrap());
    let patterns: Vec<_> = (0..4).map(|n| Rule::new(id(n), "p", [format!("^a{}$", n / 2)])).collect();
    let two = Policy::compile(few, &patterns).unwrap();
    let third = Change::Put(Rule::new(id(9), "p", ["^b$"]));
    assert!(message(two.with(&[third])).ends_with("a policy has at most 2 regular expressions"));
    let twice = [many[0].clone(), many[0].clone()];
    assert!(message(Policy::compile(model, &twice)).ends_with("the rule stands twice"));
}

#[test]
fn requests_that_cannot_be_asked() {
    let policy = policy(&basic("sub, obj, act", "", BOTH, "true"), "p, a, b, c");
    let long = "x".repeat(9_000);
    let good = Request::new(Entity::new("user", "x"), Entity::new("", "y"), Entity::new("data", "z"), now());
    assert_eq!(policy.decide(&good).effect, Effect::Allow);
    let mut bad = vec![
        Request { subject: Entity::new("user:x", "x"), ..good },
        Request { subject: Entity::new("user x", "x"), ..good },
        Request { resource: Entity::new("data", &long), ..good },
        Request { action: Entity::new("", &long), ..good },
        Request { domain: Some(&long), ..good },
        Request { matcher: 9, ..good },
    ];
    bad.push(Request { resource: Entity::new(&long, "x"), ..good });
    for request in bad {
        let verdict = policy.decide(&request);
        assert_eq!((verdict.effect, verdict.cause), (Effect::Deny, Cause::BadRequest));
        assert_eq!(policy.explain(&request).verdict, verdict);
    }
}
