//! Missing attributes: unknown allows nothing, and an unknown condition on a denying rule denies.

use crate::support::{BOTH, basic, effect, json, now, policy};
use keystead_access::policy::{Cause, Effect, Entity, Request};

/// `t`, `f` and `u` as conditions.
const VALUES: [(&str, Option<bool>); 3] =
    [("r.sub.yes", Some(true)), ("r.sub.no", Some(false)), ("r.sub.missing", None)];

fn outcome(condition: &str, eft: &str) -> (Effect, Cause) {
    let text = basic("sub, eft, cond", "", BOTH, "r.sub == p.sub && eval(p.cond)");
    let policy = policy(&text, &format!("p, alice, {eft}, \"{condition}\""));
    let properties =
        json(r#"{"yes": true, "no": false, "age": 30, "text": "30", "list": [1, "a", null], "deep": {"x": 1}}"#);
    let subject = Entity::new("user", "alice").with(&properties);
    let request = Request::new(subject, Entity::new("", "read"), Entity::new("data", "1"), now());
    effect(&policy, &request);
    let verdict = policy.decide(&request);
    (verdict.effect, verdict.cause)
}

fn assert_truth(condition: &str, expected: Option<bool>) {
    let (allow, deny) = match expected {
        Some(true) => ((Effect::Allow, Cause::Matched), (Effect::Deny, Cause::Matched)),
        Some(false) => ((Effect::Abstain, Cause::NothingMatched), (Effect::Abstain, Cause::NothingMatched)),
        None => ((Effect::Abstain, Cause::NothingMatched), (Effect::Deny, Cause::UnknownCondition)),
    };
    assert_eq!(outcome(condition, "allow"), allow, "{condition}");
    assert_eq!(outcome(condition, "deny"), deny, "{condition}");
}

#[test]
fn truth_tables() {
    for (left, first) in VALUES {
        assert_truth(left, first);
        assert_truth(&format!("!{left}"), first.map(|truth| !truth));
        for (right, second) in VALUES {
            let both = crate::naive::and(first, second);
            let either = crate::naive::or(first, second);
            assert_truth(&format!("{left} && {right}"), both);
            assert_truth(&format!("{left} || {right}"), either);
            assert_truth(&format!("!({left} && {right})"), both.map(|truth| !truth));
        }
    }
}

#[test]
fn what_does_not_fit_is_unknown() {
    for (condition, expected) in [
        ("r.sub.age > 18", Some(true)),
        ("r.sub.age > r.sub.text", None),
        ("r.sub.age == r.sub.text", Some(false)),
        ("r.sub.age != r.sub.text", Some(true)),
        ("r.sub.missing == 1", None),
        ("r.sub.missing != 1", None),
        ("r.sub.age", None),
        ("r.sub.text && true", None),
        ("r.sub.age / 0 == 1", None),
        ("r.sub.age % 7 == 2", Some(true)),
        ("-r.sub.age < 0", Some(true)),
        ("1 + 2 * 3 == 7 && (1 + 2) * 3 == 9 && 7 / 2 == 3.5", Some(true)),
        ("1 in r.sub.list", Some(true)),
        ("'b' in r.sub.list", None),
        ("'a' in r.sub.list", Some(true)),
        ("1 in r.sub.age", None),
        ("r.sub.missing in (1, 2)", None),
        ("3 in (1, 2)", Some(false)),
        ("3 in (1, r.sub.missing)", None),
        ("r.sub.deep.x == 1", Some(true)),
        ("r.sub.deep.y == 1", None),
        ("r.sub.deep == 1", Some(false)),
        ("r.sub.age.x == 1", None),
        ("r.sub.id == 'alice' && r.sub.type == 'user' && r.act.name == 'read'", Some(true)),
        ("r.sub == 'alice' && r.sub == 'user:alice' && r.sub in ('bob', 'user:alice')", Some(true)),
        ("r.sub != 'user:alice'", Some(false)),
        ("'x' + r.sub + r.sub.text == 'xalice30'", Some(true)),
        ("r.sub.text + r.sub.age == 'x'", None),
        ("r.ctx.missing == 1", None),
        ("r.ctx.missing == 1 || true", Some(true)),
        ("r.sub.text < 'a'", Some(true)),
        ("keyMatch(r.sub.text, '3*') && !keyMatch(r.sub, 'b*') && keyMatch(r.sub, 'user:*')", Some(true)),
        ("keyMatch(r.sub.missing, '*')", None),
        ("keyGet(r.sub.text, '3*') == '0'", Some(true)),
        ("keyGet(r.sub, 'user:*') == 'alice'", Some(true)),
    ] {
        assert_truth(condition, expected);
    }
}

#[test]
fn an_unknown_domain_finds_no_roles_but_denies() {
    let text = "[request_definition]\nr = sub, dom, obj, act\n[policy_definition]\np = sub, dom, eft\n[role_definition]\n\
                g = _, _, _\n[policy_effect]\ne = some(where (p.eft == allow)) && !some(where (p.eft == deny))\n\
                [matchers]\nm = g(r.sub, p.sub, r.dom) && r.dom == p.dom";
    let request = Request::new(Entity::new("user", "alice"), Entity::new("", "x"), Entity::new("d", "1"), now());
    let allows = policy(text, "p, admin, d1, allow\ng, alice, admin, d1");
    assert_eq!(effect(&allows, &request), Effect::Abstain);
    assert_eq!(effect(&allows, &request.in_domain("d1")), Effect::Allow);
    let denies = policy(text, "p, admin, d1, deny\ng, alice, admin, d1");
    assert_eq!(effect(&denies, &request), Effect::Deny);
    assert_eq!(effect(&denies, &request.in_domain("d2")), Effect::Abstain);
}

#[test]
fn properties_never_name_an_entity() {
    let policy =
        policy(&basic("sub, obj, act", "", BOTH, "r.sub.id == p.sub && r.sub.type == 'user'"), "p, alice, x, y");
    let forged = json(r#"{"id": "alice", "type": "user"}"#);
    for (kind, id, expected) in
        [("user", "alice", Effect::Allow), ("user", "bob", Effect::Abstain), ("service", "alice", Effect::Abstain)]
    {
        let request =
            Request::new(Entity::new(kind, id).with(&forged), Entity::new("", "x"), Entity::new("d", "1"), now());
        assert_eq!(effect(&policy, &request), expected);
    }
}
