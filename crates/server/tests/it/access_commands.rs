//! `keystead access`: what it answers, how it fails, and what it says about files that it cannot use.

use crate::{
    command::{Said, keystead},
    support::{StoreKind, TestStore},
};
use serde_json::{Value, json};

/// A store with the organization Engines, whose administrator is ada.
struct Place {
    store: TestStore,
    organization: String,
}

impl Place {
    async fn new() -> Self {
        let place = Self { store: TestStore::new(StoreKind::Sqlite).await, organization: String::new() };
        for line in ["migrate up", "seed system", "user create ada --email ada@example.org"] {
            let said = place.said(line);
            assert!(said.succeeded, "{line}: {}", said.all());
        }
        let made = place.said("organization create Engines --admin ada --json");
        let made: Value = serde_json::from_str(&made.out).unwrap();
        Self { organization: made["id"].as_str().unwrap().to_owned(), ..place }
    }
    fn said(&self, line: &str) -> Said {
        let line = line.replace("{org}", &self.organization);
        let settings = [("KEYSTEAD_PASSWORDS_ARGON2_MEMORY_KIB", "8192"), ("KEYSTEAD_PASSWORDS_ARGON2_PASSES", "1")];
        keystead(&self.store, &settings, &line.split_whitespace().collect::<Vec<_>>())
    }
    /// Asks in the organization.
    fn access(&self, line: &str) -> Said {
        self.said(&format!("access {line} --organization {}", self.organization))
    }
    /// Writes a file and returns its path.
    fn file(&self, name: &str, text: &str) -> String {
        let path = self.store.folder.path().join(name);
        std::fs::write(&path, text.replace("{org}", &self.organization)).unwrap();
        path.display().to_string()
    }
}

fn read(said: &Said) -> Value {
    serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {}", said.all()))
}

#[tokio::test]
async fn one_question_is_checked_and_explained() {
    let place = Place::new().await;
    let check = place.access("check ada read organizations:{org}");
    assert!(check.succeeded && check.out.starts_with("allowed: role, role admin ("), "{}", check.all());
    let check = read(&place.access("check ada@example.org paint document:d1 --json"));
    assert_eq!((&check["decision"], &check["reason"]), (&json!(false), &json!("no_permission")));
    assert!(check["access_version"].is_i64());
    let explained = place.access("explain ada delete organizations:{org}");
    assert!(explained.succeeded, "{}", explained.all());
    for words in ["allowed: role", "considered", "role admin, scope organization", "platform rules"] {
        assert!(explained.out.contains(words), "{words}: {}", explained.out);
    }
    let denied = place.access("explain group:guests read organizations:{org}");
    assert!(
        denied.out.contains("What would have been needed") && denied.out.contains("an active membership"),
        "{}",
        denied.out
    );
    let denied = read(&place.access("explain group:guests read organizations:{org} --json"));
    assert_eq!((&denied["decision"], &denied["subject"]["standing"]), (&json!(false), &json!("stranger")));
    // The operator is shown everything.
    assert!(denied["platform_rules"]["detail"].is_object() && denied["rules"]["detail"].is_object(), "{denied}");
    let asked = place
        .access("check ada read document:d1 --resource-properties {\"status\":\"draft\"} --context {\"ip\":\"::1\"}");
    assert!(asked.succeeded, "{}", asked.all());
}

#[tokio::test]
async fn decisions_are_held_against_a_file() {
    let place = Place::new().await;
    let good = "context: { ip: 10.0.0.1 }\nexpect:\n  - { subject: ada, action: update, resource: 'organizations:{org}', allowed: true, because: role }\n  - subject: { type: group, id: guests, properties: { size: 3 } }\n    action: read\n    resource: { type: document, id: d1 }\n    allowed: false\n";
    let said = place.access(&format!("test {}", place.file("good.yaml", good)));
    assert!(said.succeeded && said.out.contains("All 2 decisions are as expected."), "{}", said.all());
    let wrong = json!({ "expect": [
        { "subject": "ada", "action": "read", "resource": "organizations:{org}", "allowed": true, "because": "rule" },
        { "name": "guests may read", "subject": "group:guests", "action": "read", "resource": "document:d1", "allowed": true },
        { "subject": "ada", "action": "read", "resource": "organizations:{org}", "allowed": true },
    ]});
    let file = place.file("wrong.json", &wrong.to_string());
    let said = place.access(&format!("test {file}"));
    assert!(
        !said.succeeded && said.err.contains("2 of 3 decisions differ") && said.err.contains("access explain"),
        "{}",
        said.all()
    );
    for words in ["expect[0]", "allowed because of rule", "expect[1]", "guests may read", "no_permission"] {
        assert!(said.out.contains(words), "{words}: {}", said.out);
    }
    assert!(!said.out.contains("expect[2]"));
    let said = place.access(&format!("test {file} --json"));
    assert!(!said.succeeded);
    let report = read(&said);
    assert_eq!((&report["asked"], &report["as_expected"]), (&json!(3), &json!(1)));
    assert_eq!(report["differences"][1]["name"], "guests may read");
    assert!(said.err.contains("decisions_differ"), "{}", said.err);
}

#[tokio::test]
async fn what_cannot_be_used_is_said_with_its_place() {
    let place = Place::new().await;
    let one = |rest: &str| {
        format!("expect:\n  - {{ subject: ada, action: read, resource: 'document:d1', allowed: false{rest} }}\n")
    };
    for (name, text, words) in [
        ("unknown.yaml", one(", alowed: true"), "expect[0].alowed"),
        ("type.yaml", one(", because: [1]"), "expect[0].because"),
        ("empty.yaml", "expect: []".to_owned(), "1 to 10000 expected decisions"),
        ("broken.json", "{".to_owned(), "line 1"),
        ("anchors.yaml", "expect: &all []\ncontext: *all".to_owned(), "not YAML"),
        ("person.yaml", one("").replace("ada", "nobody"), "expect[0].subject"),
        ("thing.yaml", one("").replace("document:d1", "d1"), "expect[0].resource"),
    ] {
        let said = place.access(&format!("test {}", place.file(name, &text)));
        assert!(!said.succeeded && said.err.contains(words), "{name}: {}", said.all());
        assert!(said.out.is_empty(), "{name}");
    }
    for (line, words) in [
        ("test nowhere.yaml".to_owned(), "nowhere.yaml"),
        ("check ada read d1".to_owned(), "must be type:id"),
        ("check nobody read document:d1".to_owned(), "Write type:id"),
        ("check ada read document:d1 --context [1]".to_owned(), "must be a JSON object"),
        (format!("check ada read document:{}", "x".repeat(1001)), "must have 1 to 1000 bytes"),
    ] {
        let said = place.access(&line);
        assert!(!said.succeeded && said.err.contains(words), "{line}: {}", said.all());
    }
    let said = place.said("access check ada read document:d1 --organization 0198c0de-0000-7000-8000-000000000000");
    assert!(!said.succeeded && said.err.contains("no such organization"), "{}", said.all());
}

#[tokio::test]
async fn changes_are_tried_before_they_are_saved() {
    let place = Place::new().await;
    let changes = "changes:\n  - put_entities: { entities: [{ type: document, id: d1 }, { type: user, id: clerk }] }\n  - add_rules: { rules: [{ ptype: p, values: ['user:clerk', '*', 'document:*', read] }] }\n";
    let file = place.file("changes.yaml", changes);
    let said = place.access(&format!("diff {file}"));
    assert!(said.succeeded, "{}", said.all());
    for words in ["user:clerk", "document:d1", "denied: no_permission", "allowed: rule"] {
        assert!(said.out.contains(words), "{words}: {}", said.out);
    }
    let flips = read(&place.access(&format!("diff {file} --json")));
    assert_eq!(flips["flips"].as_array().map(Vec::len), Some(1), "{flips}");
    // Nothing was saved, and a file of expected decisions can be held against what would be.
    let expected = "expect:\n  - { subject: 'user:clerk', action: read, resource: 'document:d7', allowed: true }\n";
    let expected = place.file("expected.yaml", expected);
    let now = place.access(&format!("test {expected}"));
    assert!(!now.succeeded && now.err.contains("1 of 1 decisions differ"), "{}", now.all());
    let then = place.access(&format!("test {expected} --with {file}"));
    assert!(then.succeeded, "{}", then.all());
    let nothing =
        place.file("nothing.json", r#"{"changes": [{"put_entities": {"entities": []}}], "actions": ["read"]}"#);
    let said = place.access(&format!("diff {nothing}"));
    assert!(said.succeeded && said.out.contains("No decision"), "{}", said.all());
    for (name, text, words) in [
        ("rule.yaml", changes.replace(", read]", "]"), "changes[1].add_rules: rules[0]: `p` takes 4 to 6 values"),
        ("word.yaml", changes.replace("add_rules", "add_rule"), "changes[1]"),
        ("none.yaml", "changes: []".to_owned(), "must be 1 to 100 changes"),
        ("limit.yaml", format!("{changes}limit: 0\n"), "limit"),
    ] {
        let said = place.access(&format!("diff {}", place.file(name, &text)));
        assert!(!said.succeeded && said.err.contains(words), "{name}: {}", said.all());
    }
}

#[tokio::test]
async fn help_has_examples() {
    let place = Place::new().await;
    for command in ["check", "explain", "diff", "test"] {
        let said = place.said(&format!("access {command} --help"));
        assert!(
            said.out.contains("Examples:") && said.out.contains(&format!("keystead access {command}")),
            "{}",
            said.out
        );
    }
}
