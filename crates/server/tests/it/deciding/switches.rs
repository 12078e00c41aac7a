//! What decides, each as something that is switched on and off.

use super::place::{Answer, Place, answered, change, done, made, request, text};
use crate::support::{Person, Server};
use reqwest::Method;
use serde_json::{Value, json};

/// A question, and a write that changes its answer.
pub(super) struct Switch {
    pub(super) name: &'static str,
    /// Written by the platform, whose writes tell the platform's version.
    pub(super) by_the_platform: bool,
    method: Method,
    path: String,
    /// Where the version stands for which it is changed.
    of: Option<String>,
    /// What is written to switch it off, and on.
    bodies: [Value; 2],
    question: Value,
}

impl Switch {
    pub(super) async fn set(&self, server: &Server, place: &Place, on: bool) -> Answer {
        let who = if self.by_the_platform { &place.root } else { &place.ada };
        let body = &self.bodies[usize::from(on)];
        change(server, who, self.method.clone(), &self.path, self.of.as_deref(), body).await
    }
    /// Asks, for this version or a newer one when it is given.
    pub(super) async fn ask(&self, server: &Server, program: &Person, at_least: Option<i64>) -> Answer {
        let mut asking = request(server, program, Method::POST, "/access/v1/evaluation").json(&self.question);
        if let Some(version) = at_least {
            asking = asking.header("keystead-at-least", version);
        }
        answered(asking).await
    }
}

/// Asks all of them at once, by one state.
pub(super) async fn ask_all(server: &Server, program: &Person, switches: &[Switch]) -> Answer {
    let questions: Vec<_> = switches.iter().map(|switch| &switch.question).collect();
    let asking = request(server, program, Method::POST, "/access/v1/evaluations");
    answered(asking.json(&json!({ "evaluations": questions }))).await
}

fn question(who: &str, action: &str, kind: &str, id: &str) -> Value {
    json!({
        "subject": { "type": "user", "id": who }, "action": { "name": action }, "resource": { "type": kind, "id": id }
    })
}

/// One for each source of decisions, all of them off. The place has three members.
pub(super) async fn switches(server: &Server, place: &Place) -> Vec<Switch> {
    let (ada, organization) = (&place.ada, &place.organization);
    let [ben, cat, eve] = [0, 1, 2].map(|number| place.member(number));
    let of_members = [0, 1, 2].map(|number| place.membership(number));
    for name in ["report:print:organization", "invoice:send:organization"] {
        made(server, ada, "/api/v1/permissions", json!({ "name": name })).await;
    }
    let printer = json!({ "name": "printer", "permissions": ["report:print:organization"] });
    made(server, ada, "/api/v1/roles", printer).await;
    let sender = made(server, ada, "/api/v1/roles", json!({ "name": "sender" })).await;
    for (number, roles) in [(0, ["user", "sender"]), (2, ["user", "printer"])] {
        let (path, body) = (format!("{}/roles", of_members[number]), json!({ "roles": roles }));
        let answer = change(server, ada, Method::PUT, &path, Some(&of_members[number]), &body).await;
        assert!(answer.status.is_success(), "{answer:?}");
    }
    let rules = json!({ "rules": [
        { "ptype": "p", "values": [ben, "*", "document:1", "read"], "is_active": false },
        { "ptype": "p", "values": [cat, "*", "document:2", "read", "allow", "r.obj.status == \"open\""] },
    ]});
    let rules = done(server, ada, Method::POST, "/api/v1/access/rules", rules).await;
    let rule = format!("/api/v1/access/rules/{}", text(&rules["ids"][0]));
    let level = made(server, ada, "/api/v1/user-levels", json!({ "name": "Clerks" })).await;
    let level = format!("/api/v1/user-levels/{level}");
    done(server, ada, Method::PUT, &format!("{level}/members/{ben}"), Value::Null).await;
    let mut items = Vec::new();
    for key in ["planning", "archive"] {
        let named = json!({ "key": key, "name": key });
        let module = made(server, &place.root, "/api/v1/modules", named.clone()).await;
        let feature = made(server, &place.root, "/api/v1/features", named).await;
        let (path, linked) = (format!("/api/v1/modules/{module}"), json!({ "features": [feature] }));
        let answer = change(server, &place.root, Method::PUT, &format!("{path}/features"), Some(&path), &linked).await;
        assert!(answer.status.is_success(), "{answer:?}");
        let path = format!("/api/v1/organizations/{organization}/modules/{module}");
        done(server, &place.root, Method::PUT, &path, json!({ "is_active": key == "planning" })).await;
        items.push((path, feature));
    }
    let (archive_module, archive) = items.pop().unwrap();
    let planning = &items[0].1;
    let cell = |feature: &str, value: &str| {
        json!({ "permissions": [
            { "feature_id": feature, "action": "edit", "value": value, "scope": "organization" }
        ]})
    };
    let cells = format!("{level}/feature-permissions");
    done(server, ada, Method::PUT, &cells, cell(&archive, "allow")).await;

    let roles = |roles: &[&str]| json!({ "roles": roles });
    let active = |on: bool| json!({ "is_active": on });
    let entity =
        |status: &str| json!({ "entities": [{ "type": "document", "id": "2", "properties": { "status": status } }] });
    let switch = |name, method, path: &str, of: Option<&str>, bodies, question| Switch {
        name,
        by_the_platform: false,
        method,
        path: path.to_owned(),
        of: of.map(str::to_owned),
        bodies,
        question,
    };
    let [_, of_cat, of_eve] = &of_members;
    let of_sender = format!("/api/v1/roles/{sender}");
    let all = vec![
        switch(
            "a rule",
            Method::PATCH,
            &rule,
            Some(&rule),
            [active(false), active(true)],
            question(ben, "read", "document", "1"),
        ),
        switch(
            "a role of a member",
            Method::PUT,
            &format!("{of_cat}/roles"),
            Some(of_cat),
            [roles(&["user"]), roles(&["user", "printer"])],
            question(cat, "print", "report", "1"),
        ),
        switch(
            "the permissions of a role",
            Method::PUT,
            &format!("{of_sender}/permissions"),
            Some(&of_sender),
            [json!({ "permissions": [] }), json!({ "permissions": ["invoice:send:organization"] })],
            question(ben, "send", "invoice", "1"),
        ),
        switch(
            "a permission of a user level",
            Method::PUT,
            &cells,
            None,
            [cell(planning, "deny"), cell(planning, "allow")],
            question(ben, "edit", "feature", "planning"),
        ),
        switch(
            "an entity",
            Method::PUT,
            "/api/v1/access/entities",
            None,
            [entity("closed"), entity("open")],
            question(cat, "read", "document", "2"),
        ),
        switch(
            "a membership",
            Method::PATCH,
            of_eve,
            Some(of_eve),
            [json!({ "status": "suspended" }), json!({ "status": "active" })],
            question(eve, "print", "report", "2"),
        ),
        Switch {
            by_the_platform: true,
            ..switch(
                "a module",
                Method::PUT,
                &archive_module,
                None,
                [active(false), active(true)],
                question(ben, "edit", "feature", "archive"),
            )
        },
    ];
    for switch in &all {
        let answer = switch.set(server, place, false).await;
        assert!(answer.status.is_success(), "{}: {answer:?}", switch.name);
    }
    all
}
