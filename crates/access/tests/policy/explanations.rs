//! Why a decision came out as it did.

use crate::support::{id, json, now, policy};
use keystead_access::policy::{
    Cause, DEFAULT_MODEL, Effect, Entity, Explanation, MAX_CONSIDERED, Policy, Request, Truth,
};

const RULES: &str = r#"p, editor, *, document:*, write, allow, "r.obj.status == ""draft"" && r.sub.age >= 18"
                       p, editor, *, document:*, read
                       p, intern, *, document:*, delete, deny, r.ctx.night
                       g, alice, editor, *
                       g, editor, reader, *"#;

fn explain(policy: &Policy, object: &str, action: &str) -> Explanation {
    let subject = json(r#"{"age": 17}"#);
    let resource = json(r#"{"status": "final"}"#);
    let subject = Entity::new("user", "alice").with(&subject);
    let request =
        Request::new(subject, Entity::new("", action), Entity::new("document", object).with(&resource), now());
    policy.explain(&request)
}

#[test]
fn it_names_the_rule_that_decided() {
    let found = explain(&policy(DEFAULT_MODEL, RULES), "1", "read");
    assert_eq!((found.verdict.effect, found.verdict.rule), (Effect::Allow, Some(id(1))));
    assert_eq!((found.total, found.matched, found.considered.len()), (3, 1, 3));
    assert_eq!(found.considered[0].rule, id(1));
    assert_eq!(found.considered[0].values, ["editor", "*", "document:*", "read", "allow", ""]);
    assert_eq!((found.considered[0].truth, found.considered[0].failed.len()), (Truth::True, 0));
    assert_eq!(found.roles, ["alice", "editor", "reader"]);
    assert!(found.nearest.is_none());
}

#[test]
fn it_says_what_would_have_been_needed() {
    let found = explain(&policy(DEFAULT_MODEL, RULES), "1", "write");
    assert_eq!((found.verdict.effect, found.verdict.cause), (Effect::Abstain, Cause::NothingMatched));
    let nearest = found.nearest.unwrap();
    assert_eq!(nearest.rule, id(0));
    let terms: Vec<_> = nearest.failed.iter().map(|term| (term.text.as_str(), term.truth)).collect();
    assert_eq!(terms, [(r#"r.obj.status == "draft""#, Truth::False), ("r.sub.age >= 18", Truth::False)]);
    assert_eq!(nearest.failed[0].values, [("r.obj.status".to_owned(), "\"final\"".to_owned())]);
    assert_eq!(nearest.failed[1].values, [("r.sub.age".to_owned(), "17".to_owned())]);
}

#[test]
fn it_names_what_is_unknown() {
    let with_role = policy(DEFAULT_MODEL, &format!("{RULES}\ng, alice, intern, *"));
    let found = explain(&with_role, "1", "delete");
    assert_eq!((found.verdict.effect, found.verdict.cause), (Effect::Deny, Cause::UnknownCondition));
    assert_eq!(found.verdict.rule, Some(id(2)));
    assert_eq!(found.considered[0].failed[0].values, [("r.ctx.night".to_owned(), "unknown".to_owned())]);
    assert_eq!(found.unknown, ["r.ctx.night"]);
}

#[test]
fn its_list_is_bounded() {
    let csv: String = (0..200).map(|number| format!("p, role{number}, *, doc{number}, read\n")).collect();
    let found = explain(&policy(DEFAULT_MODEL, &csv), "doc7", "read");
    assert_eq!((found.total, found.considered.len()), (200, MAX_CONSIDERED));
    let nearest = found.nearest.unwrap();
    assert_eq!(nearest.rule, id(7));
    assert_eq!(nearest.failed[0].text, "g(r.sub, p.sub, r.dom)");
}

#[test]
fn a_rule_out_of_its_time_says_so() {
    let mut rules = crate::support::rules("p, alice, *, document:1, read");
    rules[0].expires_at = Some(now());
    let policy = Policy::compile(crate::support::model(DEFAULT_MODEL), &rules).unwrap();
    let found = explain(&policy, "1", "read");
    assert_eq!(found.verdict.effect, Effect::Abstain);
    assert!(!found.considered[0].in_time && found.considered[0].failed.is_empty());
}
