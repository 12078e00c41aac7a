//! The well-known shapes of Casbin models.

use crate::support::{ALLOW, BOTH, DENY, PRIORITY, SUBJECT_PRIORITY, ask, basic, effect, expect, json, now, policy};
use keystead_access::policy::{Cause, Effect, Entity, Request};

const PLAIN: &str = "r.sub == p.sub && r.obj == p.obj && r.act == p.act";
const ROLES: &str = "g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act";

#[test]
fn access_control_list() {
    let policy = policy(&basic("sub, obj, act", "", ALLOW, PLAIN), "p, alice, data1, read\np, bob, data2, write");
    expect(
        &policy,
        &["alice data1 read", "bob data2 write"],
        &[],
        &["alice data1 write", "alice data2 read", "bob data1 read", "carol data1 read"],
    );
}

#[test]
fn access_control_list_with_superuser() {
    let matcher = format!("{PLAIN} || r.sub == \"root\"");
    let policy = policy(&basic("sub, obj, act", "", ALLOW, &matcher), "p, alice, data1, read");
    expect(&policy, &["alice data1 read", "root data9 anything"], &[], &["bob data9 read"]);
}

#[test]
fn a_superuser_needs_no_rules() {
    let matcher = format!("{PLAIN} || r.sub == \"root\"");
    let policy = policy(&basic("sub, obj, act", "", ALLOW, &matcher), "");
    expect(&policy, &["root data1 read"], &[], &["alice data1 read"]);
    let root = Request::new(Entity::new("user", "root"), Entity::new("", "read"), Entity::new("data", "1"), now());
    assert_eq!(policy.decide(&root).cause, Cause::WithoutRules);
}

#[test]
fn without_users() {
    let text = "[request_definition]\nr = obj, act\n[policy_definition]\np = obj, act\n[policy_effect]\n\
                e = some(where (p.eft == allow))\n[matchers]\nm = r.obj == p.obj && r.act == p.act";
    let policy = policy(text, "p, data1, read");
    expect(&policy, &["anyone data1 read"], &[], &["anyone data1 write"]);
}

#[test]
fn without_resources() {
    let text = "[request_definition]\nr = sub, act\n[policy_definition]\np = sub, act\n[policy_effect]\n\
                e = some(where (p.eft == allow))\n[matchers]\nm = r.sub == p.sub && r.act == p.act";
    let policy = policy(text, "p, alice, read");
    expect(&policy, &["alice data1 read", "alice data2 read"], &[], &["bob data1 read"]);
}

#[test]
fn roles() {
    let policy = policy(
        &basic("sub, obj, act", "g = _, _", ALLOW, ROLES),
        "p, alice, data1, read
         p, admin, data2, read
         p, admin, data2, write
         g, alice, editor
         g, editor, admin",
    );
    expect(&policy, &["alice data1 read", "alice data2 write", "editor data2 read"], &[], &["bob data2 read"]);
}

#[test]
fn resource_roles() {
    let policy = policy(
        &basic("sub, obj, act", "g = _, _\ng2 = _, _", ALLOW, "g(r.sub, p.sub) && g2(r.obj, p.obj) && r.act == p.act"),
        "p, alice, data1, read
         p, data_group_admin, data_group, write
         g, alice, data_group_admin
         g2, data1, data_group
         g2, data2, data_group",
    );
    expect(
        &policy,
        &["alice data1 read", "alice data1 write", "alice data2 write"],
        &[],
        &["alice data2 read", "alice data3 write", "bob data1 write"],
    );
}

const DOMAINS: &str = "[request_definition]\nr = sub, dom, obj, act\n[policy_definition]\np = sub, dom, obj, act\n\
                       [role_definition]\ng = _, _, _\n[policy_effect]\ne = some(where (p.eft == allow))\n[matchers]\n\
                       m = g(r.sub, p.sub, r.dom) && r.dom == p.dom && r.obj == p.obj && r.act == p.act";

#[test]
fn roles_with_domains() {
    let policy = policy(
        DOMAINS,
        "p, admin, domain1, data1, read
         p, admin, domain2, data2, read
         g, alice, admin, domain1
         g, bob, admin, domain2",
    );
    expect(
        &policy,
        &["alice domain1 data1 read", "bob domain2 data2 read"],
        &[],
        &["alice domain2 data2 read", "bob domain1 data1 read", "alice domain3 data1 read", "alice data1 read"],
    );
}

#[test]
fn one_domain_may_stand_for_every_one() {
    let text = format!("{DOMAINS}\n[keystead]\nany_domain = *");
    let policy = policy(
        &text,
        "p, reader, domain1, data1, read
         p, reader, *, data2, read
         g, alice, admin, domain1
         g, admin, reader, *",
    );
    expect(
        &policy,
        &["alice domain1 data1 read"],
        &[],
        &["alice domain2 data1 read", "alice domain1 data2 read", "admin data1 read"],
    );
    assert_eq!(ask(&policy, "admin data2 read"), Effect::Allow, "asked in the domain *");
}

#[test]
fn deny_override() {
    let policy = policy(
        &basic("sub, obj, act, eft", "g = _, _", DENY, ROLES),
        "p, alice, data1, read, allow
         p, admin, data2, write, allow
         p, alice, data2, write, deny
         g, alice, admin",
    );
    expect(&policy, &["alice data1 read"], &["alice data2 write"], &["bob data1 read"]);
}

#[test]
fn allow_and_deny() {
    let policy = policy(
        &basic("sub, obj, act, eft", "g = _, _", BOTH, ROLES),
        "p, admin, data2, read, allow
         p, admin, data2, write, allow
         p, alice, data2, write, deny
         g, alice, admin",
    );
    expect(&policy, &["alice data2 read", "admin data2 write"], &["alice data2 write"], &["bob data2 write"]);
}

#[test]
fn allow_override() {
    let policy = policy(
        &basic("sub, obj, act, eft", "g = _, _", ALLOW, ROLES),
        "p, admin, data2, write, allow
         p, alice, data2, write, deny
         p, alice, data3, write, deny
         g, alice, admin",
    );
    expect(&policy, &["alice data2 write"], &["alice data3 write"], &["alice data1 read"]);
}

#[test]
fn priority_is_the_order_of_the_rules() {
    let policy = policy(
        &basic("sub, obj, act, eft", "g = _, _", PRIORITY, ROLES),
        "p, alice, data1, read, allow
         p, group, data1, read, deny
         p, group, data2, read, deny
         p, alice, data2, read, allow
         g, alice, group",
    );
    expect(&policy, &["alice data1 read"], &["alice data2 read", "group data1 read"], &["bob data1 read"]);
}

#[test]
fn explicit_priority() {
    let policy = policy(
        &basic("priority, sub, obj, act, eft", "g = _, _", PRIORITY, ROLES),
        "p, 10, data1_deny_group, data1, read, deny
         p, 10, data1_deny_group, data1, write, deny
         p, 10, data2_allow_group, data2, read, allow
         p, 10, data2_allow_group, data2, write, allow
         p, 1, alice, data1, write, allow
         p, -1, alice, data1, read, allow
         p, 1, bob, data2, read, deny
         g, bob, data2_allow_group
         g, alice, data1_deny_group",
    );
    expect(
        &policy,
        &["alice data1 write", "alice data1 read", "bob data2 write"],
        &["bob data2 read", "data1_deny_group data1 read"],
        &["carol data1 read"],
    );
}

#[test]
fn subject_priority() {
    let policy = policy(
        &basic("sub, obj, act, eft", "g = _, _", SUBJECT_PRIORITY, ROLES),
        "p, root, data1, read, deny
         p, admin, data1, read, deny
         p, editor, data1, read, deny
         p, subscriber, data1, read, deny
         p, jane, data1, read, allow
         p, alice, data1, read, allow
         g, admin, root
         g, editor, admin
         g, subscriber, admin
         g, jane, editor
         g, alice, subscriber
         g, bob, subscriber",
    );
    expect(
        &policy,
        &["jane data1 read", "alice data1 read"],
        &["bob data1 read", "editor data1 read"],
        &["x data1 read"],
    );
}

#[test]
fn attributes() {
    let policy = policy(&basic("sub, obj, act", "", ALLOW, "r.sub == r.obj.owner"), "p, a, b, c");
    let owned = json(r#"{"owner": "alice"}"#);
    let request = |subject| {
        let object = Entity::new("doc", "1").with(&owned);
        Request::new(Entity::new("user", subject), Entity::new("action", "read"), object, now())
    };
    assert_eq!(effect(&policy, &request("alice")), Effect::Allow);
    assert_eq!(effect(&policy, &request("bob")), Effect::Abstain);
}

#[test]
fn rules_with_conditions() {
    let text = basic("sub_rule, obj, act", "", ALLOW, "eval(p.sub_rule) && r.obj == p.obj && r.act == p.act");
    let policy = policy(&text, "p, r.sub.age > 18 && r.sub.age < 60, data1, read\np, r.sub.age >= 60, data1, write");
    for (age, action, expected) in [
        ("30", "read", Effect::Allow),
        ("17.5", "read", Effect::Abstain),
        ("60", "read", Effect::Abstain),
        ("60", "write", Effect::Allow),
        ("\"30\"", "read", Effect::Abstain),
        ("null", "read", Effect::Abstain),
    ] {
        let properties = json(&format!("{{\"age\": {age}}}"));
        let subject = Entity::new("user", "x").with(&properties);
        let request = Request::new(subject, Entity::new("action", action), Entity::new("data", "data1"), now());
        assert_eq!(effect(&policy, &request), expected, "{age} {action}");
    }
}

#[test]
fn restful_paths() {
    let text =
        basic("sub, obj, act", "", ALLOW, "r.sub == p.sub && keyMatch(r.obj, p.obj) && regexMatch(r.act, p.act)");
    let policy = policy(
        &text,
        "p, alice, /alice_data/*, GET
         p, alice, /alice_data/resource1, POST
         p, bob, /bob_data/*, ^(POST|PUT)$",
    );
    expect(
        &policy,
        &["alice /alice_data/anything/deep GET", "alice /alice_data/resource1 POST", "bob /bob_data/x PUT"],
        &[],
        &["alice /alice_data/resource2 POST", "bob /bob_data/x GET", "bob /alice_data/x POST"],
    );
}

#[test]
fn paths_with_names() {
    for (function, pattern, fits, fails) in [
        ("keyMatch2", "/users/:id/posts", "/users/7/posts", "/users/7/8/posts"),
        ("keyMatch3", "/users/{id}/posts", "/users/7/posts", "/users//posts"),
        ("keyMatch4", "/parent/{id}/child/{id}", "/parent/1/child/1", "/parent/1/child/2"),
        ("keyMatch5", "/users/{id}/*", "/users/7/posts?page=2", "/people/7/posts"),
        ("globMatch", "/users/*/posts", "/users/7/posts", "/users/7/8/posts"),
        ("regexMatch", "^/users/[0-9]+$", "/users/77", "/users/x"),
    ] {
        let matcher = format!("r.sub == p.sub && {function}(r.obj, p.obj) && r.act == p.act");
        let policy = policy(&basic("sub, obj, act", "", ALLOW, &matcher), &format!("p, alice, {pattern}, GET"));
        expect(&policy, &[&format!("alice {fits} GET")], &[], &[&format!("alice {fails} GET")]);
    }
}

#[test]
fn addresses() {
    let text = "[request_definition]\nr = sub, obj, act, ip\n[policy_definition]\np = net, obj, act\n[policy_effect]\n\
                e = some(where (p.eft == allow))\n[matchers]\nm = ipMatch(r.ip, p.net) && r.obj == p.obj && r.act == p.act";
    let policy = policy(text, "p, 192.168.2.0/24, data1, read\np, 10.0.0.0/16, data2, write");
    for (ip, object, action, expected) in [
        ("192.168.2.123", "data1", "read", Effect::Allow),
        ("192.168.3.1", "data1", "read", Effect::Abstain),
        ("10.0.7.7", "data2", "write", Effect::Allow),
        ("not an address", "data2", "write", Effect::Abstain),
    ] {
        let context = json(&format!("{{\"ip\": \"{ip}\"}}"));
        let request =
            Request::new(Entity::new("user", "x"), Entity::new("", action), Entity::new("data", object), now());
        assert_eq!(effect(&policy, &request.with_context(&context)), expected, "{ip}");
    }
}

#[test]
fn lists() {
    let matcher = "r.sub == p.sub && r.obj in (\"data2\", \"data3\") && r.act in [\"read\", \"list\"]";
    let policy = policy(&basic("sub, obj, act", "", ALLOW, matcher), "p, alice, x, y");
    expect(&policy, &["alice data2 read", "alice data3 list"], &[], &["alice data1 read", "alice data2 write"]);
}

#[test]
fn roles_for_a_time() {
    let policy = policy(
        &basic("sub, obj, act", "g = _, _, (_, _)", ALLOW, ROLES),
        "p, admin, data1, read
         g, alice, admin, 2026-01-01 00:00:00, 2026-11-21 12:00:01
         g, bob, admin, 2026-01-01 00:00:00, 2026-11-21 12:00:00
         g, carol, admin, 2026-11-21 12:00:01, _
         g, dave, admin, _, _
         g, erin, admin, 2026-11-21T13:00:00+01:00, 2030-01-01T00:00:00Z
         g, frank, admin",
    );
    expect(
        &policy,
        &["alice data1 read", "dave data1 read", "erin data1 read", "frank data1 read"],
        &[],
        &["bob data1 read", "carol data1 read"],
    );
}

#[test]
fn several_definitions() {
    let text = "[request_definition]\nr = sub, obj, act\nr2 = sub, act\n[policy_definition]\np = sub, obj, act\n\
                p2 = rule, act\n[policy_effect]\ne = some(where (p.eft == allow))\ne2 = some(where (p2.eft == allow))\n\
                [matchers]\nm = r.sub == p.sub && r.obj == p.obj && r.act == p.act\nm2 = eval(p2.rule) && r2.act == p2.act";
    let policy = policy(text, "p, alice, data1, read\np2, r2.sub.age > 18, vote");
    let adult = json(r#"{"age": 20}"#);
    let request = |action| {
        let subject = Entity::new("user", "alice").with(&adult);
        Request::new(subject, Entity::new("", action), Entity::new("data", "data1"), now())
    };
    assert_eq!(effect(&policy, &request("read")), Effect::Allow);
    assert_eq!(effect(&policy, &request("vote")), Effect::Abstain);
    assert_eq!(effect(&policy, &request("vote").to_matcher(2)), Effect::Allow);
    assert_eq!(effect(&policy, &request("read").to_matcher(2)), Effect::Abstain);
    assert_eq!(policy.decide(&request("read").to_matcher(3)).cause, Cause::BadRequest);
}

#[test]
fn the_default_model() {
    let policy = policy(
        keystead_access::policy::DEFAULT_MODEL,
        r#"p, editor, *, document:*, write, allow, "r.obj.status == ""draft"""
           p, editor, *, document:*, read
           p, intern, *, document:*, delete, deny
           p, owner, shop1, *, *, allow
           p, service:backup, *, *, read
           g, alice, editor, *
           g, bob, owner, shop1
           g, bob, intern, *
           g, editor, reader, *"#,
    );
    let draft = json(r#"{"status": "draft"}"#);
    let document = Entity::new("document", "17").with(&draft);
    let request = Request::new(Entity::new("user", "alice"), Entity::new("", "write"), document, now());
    assert_eq!(effect(&policy, &request), Effect::Allow);
    assert_eq!(effect(&policy, &request.in_domain("shop1")), Effect::Allow);
    expect(
        &policy,
        &["alice document:17 read", "bob shop1 folder:3 share", "service:backup folder:1 read"],
        &["bob shop1 document:17 delete", "bob document:17 delete"],
        &["alice document:17 write", "bob folder:3 share", "bob shop2 folder:3 share", "backup folder:1 read"],
    );
}

#[test]
fn the_model_says_which_types_may_be_left_out() {
    let text =
        format!("{}[keystead]\nsubject_type = service\nobject_type = page", basic("sub, obj, act", "", ALLOW, PLAIN));
    let policy = policy(&text, "p, alice, 1, read\np, user:bob, book:2, read");
    expect(
        &policy,
        &["service:alice page:1 read", "user:bob book:2 read"],
        &[],
        &["user:alice page:1 read", "service:alice book:1 read", "service:bob book:2 read", "user:bob page:2 read"],
    );
}
