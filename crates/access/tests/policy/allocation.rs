//! A decision allocates nothing.

use crate::support::{PRIORITY, basic, json, now, policy};
use keystead_access::policy::{DEFAULT_MODEL, Entity, Policy, Request};

fn allocations(policy: &Policy, request: &Request<'_>) -> u64 {
    // The first decision of a thread makes its working memory.
    let first = policy.decide(request);
    allocation_counter::measure(|| assert_eq!(policy.decide(request), first)).count_total
}

#[test]
fn deciding_allocates_nothing() {
    let mut csv = String::from("g, alice, editor, *\n");
    for number in 0..200 {
        csv.push_str(&format!("g, alice, role{number}, d1\np, role{number}, d1, doc{}*, read\n", number % 7));
    }
    csv.push_str("p, editor, *, document:*, write, allow, r.obj.status == 'draft' && 'x' + r.sub in (r.obj.owner)\n");
    csv.push_str("p, editor, *, document:*, delete, deny, r.obj.missing == 1\n");
    let default =
        policy(DEFAULT_MODEL, &csv.replace("write, allow, ", "write, allow, \"").replace("owner)", "owner)\""));
    let draft = json(r#"{"status": "draft", "owner": "xalice", "list": [1, 2, 3]}"#);
    for (object, action) in [("17", "write"), ("17", "delete"), ("doc3x", "read"), ("nothing", "share")] {
        let resource = Entity::new("document", object).with(&draft);
        let request = Request::new(Entity::new("user", "alice"), Entity::new("", action), resource, now());
        assert_eq!(allocations(&default, &request.in_domain("d1")), 0, "{object} {action}");
        assert_eq!(allocations(&default, &request), 0, "{object} {action}, no domain");
    }
}

#[test]
fn functions_allocate_nothing() {
    for matcher in [
        "keyMatch2(r.obj, p.obj)",
        "keyMatch3(r.obj, '/users/{id}/x')",
        "keyMatch4(r.obj, '/{a}/{a}')",
        "keyMatch5(r.obj, p.obj)",
        "keyGet2(r.obj, p.obj, 'id') == r.sub",
        "keyGet3(r.obj, '/users/{id}', 'id') == r.sub",
        "regexMatch(r.obj, '^/users/[a-z]+$')",
        "globMatch(r.obj, '/users/*')",
        "ipMatch(r.sub, '10.0.0.0/8') || r.sub.list == r.obj.list",
        "g(r.sub, p.sub) && r.act in ('read', 'write') && r.sub + ':' + r.act == 'alice:read'",
    ] {
        let policy =
            policy(&basic("sub, obj, act, eft", "g = _, _", PRIORITY, matcher), "p, alice, /users/:id, read, allow");
        let request = Request::new(
            Entity::new("user", "alice"),
            Entity::new("", "read"),
            Entity::new("path", "/users/alice"),
            now(),
        );
        assert_eq!(allocations(&policy, &request), 0, "{matcher}");
    }
}
