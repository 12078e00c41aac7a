//! What is explained, and to whom.

use super::{Asked, AskedThing, Explained, explain};
use crate::{
    access::effective::fixtures::{Entitled, id},
    testing::{TestApp, administrator, anonymous, caller, organization, service_account, user},
};
use keystead_domain::{
    Caller, ErrorKind, PLATFORM, Result,
    access::{ActiveRule, PermissionValue},
};
use keystead_store::mocks::MockUnitOfWork;

const SECRET: &str = "r.obj.project == \"unannounced\"";

fn rule(number: usize, values: [&str; 6]) -> ActiveRule {
    let mut all: [Option<String>; keystead_domain::access::RULE_VALUES] = Default::default();
    for (place, value) in all.iter_mut().zip(values) {
        *place = Some(value.to_owned());
    }
    ActiveRule {
        id: id(number),
        ptype: "p".to_owned(),
        values: all,
        priority: None,
        not_before: None,
        expires_at: None,
    }
}

/// The rule 1 allows user 0 to write documents, the rule 2 somebody else and only under a condition.
fn entitled() -> Entitled {
    let me = user(0).to_string();
    let rules = vec![
        rule(1, [&me, "*", "document:*", "write", "allow", ""]),
        rule(2, ["bob", "*", "document:*", "read", "allow", SECRET]),
    ];
    Entitled { rules, ..Entitled::open() }
}

fn asked(who: u128, action: &str, kind: &str, id: &str) -> Asked {
    Asked {
        subject: AskedThing::new("user", user(who).to_string()),
        action: action.to_owned(),
        resource: AskedThing::new(kind, id),
        ..Asked::default()
    }
}

async fn explained(entitled: &Entitled, caller: &Caller, asked: Asked) -> Result<Explained> {
    let (test, rows, mut unit) = (TestApp::new(), entitled.rows(), MockUnitOfWork::new());
    unit.access.access_snapshots.expect_load().returning(move |_, _| Ok(rows.clone()));
    test.unit(unit);
    let app = test.build();
    let mut platform = entitled.platform();
    platform.policy.rules = vec![rule(3, ["eve", "*", "*", "*", "deny", SECRET])];
    app.decisions.with_platform(platform);
    explain(&app, caller, asked, None).await
}

fn member() -> Caller {
    caller(organization(1), 0, &[])
}

#[tokio::test]
async fn what_decided_is_named_and_what_was_needed() {
    let admin = administrator(organization(1), 7);
    let by_rule = explained(&entitled(), &admin, asked(0, "write", "document", "d1")).await.unwrap();
    assert_eq!((by_rule.why.allowed, by_rule.why.reason, by_rule.why.rule), (true, "rule", Some(id(1))));
    assert_eq!((by_rule.subject.standing, by_rule.needed.len()), ("member", 0));
    let rules = by_rule.rules.unwrap();
    assert_eq!((rules.effect, rules.cause, rules.rule), ("allow", "matched", Some(id(1))));
    let by_level = explained(&entitled(), &admin, asked(0, "read", "feature-0", "x")).await.unwrap();
    assert!(by_level.considered.iter().any(|said| said.part.source == "module"), "{by_level:?}");
    let level = by_level.considered.iter().find(|said| said.part.source == "user_level").unwrap();
    assert_eq!((level.part.level.as_ref().unwrap().1.as_str(), level.part.value), ("Level 0", Some("allow")));
    let mut closed = entitled();
    closed.modules.clear();
    let missing = explained(&closed, &admin, asked(0, "read", "feature-0", "x")).await.unwrap();
    assert_eq!((missing.why.allowed, missing.why.reason), (false, "not_in_a_module"));
    let needed: Vec<_> = missing.needed.iter().map(|needed| (needed.need, needed.part.module_state)).collect();
    assert!(needed.contains(&("module", Some("missing"))), "{needed:?}");
    assert_eq!(missing.needed[0].part.module.as_ref().unwrap().1, "module-0");
}

#[tokio::test]
async fn what_would_open_a_view_is_said_by_name() {
    let admin = administrator(organization(1), 7);
    let mut without = entitled();
    without.held.clear();
    let denied = explained(&without, &admin, asked(0, "view", "view", "view-1")).await.unwrap();
    assert!(!denied.why.allowed);
    let levels: Vec<_> = denied.needed.iter().filter(|needed| needed.need == "view").collect();
    assert_eq!(levels.len(), 3, "{:?}", denied.needed);
    without.held.insert((0, 0));
    without.on_views.insert((0, 1), PermissionValue::Deny);
    let denied = explained(&without, &admin, asked(0, "view", "view", "view-1")).await.unwrap();
    assert_eq!(
        (denied.needed[0].need, denied.needed[0].part.level.as_ref().unwrap().1.as_str()),
        ("no_denial", "Level 0")
    );
}

#[tokio::test]
async fn people_are_told_about_themselves_and_not_what_rules_say_of_others() {
    let mine = explained(&entitled(), &member(), asked(0, "read", "document", "d1")).await.unwrap();
    assert!(!mine.why.allowed);
    let everything = format!("{mine:?}");
    assert!(!everything.contains("unannounced") && !everything.contains("bob"), "{everything}");
    assert!(mine.rules.unwrap().detail.is_none());
    let admin = administrator(organization(1), 7);
    let whole = explained(&entitled(), &admin, asked(0, "read", "document", "d1")).await.unwrap();
    let detail = whole.rules.unwrap().detail.unwrap();
    assert_eq!((detail.asked, detail.nearest.as_ref().unwrap().values[0].as_str()), (2, &*user(0).to_string()));
    assert!(detail.considered.iter().any(|rule| rule.values[5] == SECRET));
    // What the platform's rules say is for the platform.
    assert!(whole.platform_rules.unwrap().detail.is_none());
    let operator = Caller { organization_id: organization(1), ..Caller::operator(crate::testing::context()) };
    let shown = operator_explains(&operator).await;
    assert!(shown.platform_rules.unwrap().detail.is_some());
}

/// The operator is asked for the newest versions, which a person's request brings along.
async fn operator_explains(operator: &Caller) -> Explained {
    let entitled = entitled();
    let (mut test, rows, mut unit) = (TestApp::new(), entitled.rows(), MockUnitOfWork::new());
    unit.access.access_snapshots.expect_load().returning(move |_, _| Ok(rows.clone()));
    test.unit(unit);
    let versions = vec![(organization(1), 0), (PLATFORM, 0)];
    test.store.access.expect_access_versions().returning(move |_| Ok(versions.clone()));
    let app = test.build();
    app.decisions.with_platform(entitled.platform());
    explain(&app, operator, asked(0, "read", "document", "d1"), None).await.unwrap()
}

#[tokio::test]
async fn others_are_for_who_may_read_access() {
    let question = || asked(1, "read", "document", "d1");
    let of = async |caller: &Caller| explained(&entitled(), caller, question()).await.map(drop);
    assert!(of(&administrator(organization(1), 7)).await.is_ok());
    assert!(of(&service_account(1, &["access:read:organization"])).await.is_ok());
    let person = of(&member()).await.unwrap_err();
    assert_eq!((person.kind, person.code), (ErrorKind::Forbidden, "only_about_oneself"));
    assert_eq!(of(&anonymous()).await.unwrap_err().kind, ErrorKind::Unauthenticated);
    for scopes in [&[][..], &["access:evaluate:organization", "access:search:organization"]] {
        let refused = of(&service_account(1, scopes)).await.unwrap_err();
        assert!([ErrorKind::NotFound, ErrorKind::Forbidden].contains(&refused.kind), "{refused:?}");
    }
    // Another form of one's own identifier is somebody else's.
    let mut shouted = asked(0, "read", "document", "d1");
    shouted.subject.id.insert(0, ' ');
    assert_eq!(explained(&entitled(), &member(), shouted).await.unwrap_err().kind, ErrorKind::Forbidden);
}

#[tokio::test]
async fn names_have_limits() {
    let admin = administrator(organization(1), 7);
    for (field, question) in [
        ("subject.id", asked_of("", "read", "d1")),
        ("action.name", asked_of("alice", "", "d1")),
        ("resource.id", asked_of("alice", "read", &"x".repeat(1001))),
    ] {
        let error = explained(&entitled(), &admin, question).await.unwrap_err();
        assert_eq!((error.kind, error.fields[0].field.as_str()), (ErrorKind::Invalid, field));
    }
}

fn asked_of(who: &str, action: &str, id: &str) -> Asked {
    Asked {
        subject: AskedThing::new("user", who),
        action: action.to_owned(),
        resource: AskedThing::new("document", id),
        ..Asked::default()
    }
}
