//! Nothing that an organization's rows contain can allow anything on what belongs to another one, or to nobody.

use crate::{
    chance::{Chance, cases},
    questions::{Question, a_question},
    steps::step,
    world::{OWN_KINDS, World, a_role, an_entity, elsewhere, here, holder, role, rule, user},
};
use keystead_access::{
    Context, Decision, Denial, Reason, RulesOf, Whose,
    policy::{Change as RuleChange, Model, Rule},
    roles::HeldRole,
    snapshot::{Change, ChangeError},
};
use keystead_domain::{PLATFORM, access::PermissionScope};
use proptest::prelude::*;
use serde_json::json;
use std::sync::Arc;

/// What the organization `here` can be the reason of.
fn is_by_the_organization(decision: &Decision) -> bool {
    match decision.reason {
        Reason::Granted { role, .. } => role != keystead_domain::access::USER.id,
        Reason::Level { .. } | Reason::View { .. } | Reason::Rule { of: RulesOf::Organization, .. } => true,
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(200, 10_000)))]

    #[test]
    fn an_organization_decides_about_its_own_resources_only(
        steps in prop::collection::vec(any::<u64>(), 10..60), questions in any::<u64>(),
    ) {
        let mut world = World::open(here());
        let mut snapshot = world.snapshot();
        for seed in steps {
            snapshot = step(&mut world, &snapshot, seed);
        }
        // The same platform, and an organization without any rows.
        let mut bare = World::new(here());
        bare.platform = world.platform.clone();
        let bare = bare.snapshot();
        let mut chance = Chance(questions);
        for _ in 0..150 {
            let mut question = a_question(&mut chance);
            question.kind = chance.of(&OWN_KINDS).to_owned();
            let organization = chance.of(&[None, Some(elsewhere()), Some(PLATFORM)]);
            question.whose = Some(Whose { organization, ..question.whose.unwrap_or_default() });
            let decision = question.decide(&snapshot);
            prop_assert!(!is_by_the_organization(&decision), "{:?}: {:?}", question, decision);
            // It is neither allowed nor denied by what the organization says, sends or stores.
            question.sent.clear();
            prop_assert_eq!(decision.allowed, question.decide(&bare).allowed, "{:?}: {:?}", question, decision);
        }
    }

    #[test]
    fn no_name_that_a_subject_may_choose_makes_it_somebody_else(text in "[A-Za-z0-9:{}*-]{0,40}") {
        let mut world = World::new(here());
        world.member(0, true).hold_role(0, role(0));
        world.rows.roles.push(a_role(here(), 0, &[("teams", "read", PermissionScope::Organization)], &[]));
        let snapshot = world.snapshot();
        let mut question = Question::new(0, "read", "teams", "t1")
            .whose(Whose { organization: Some(here()), ..Whose::default() });
        prop_assert!(question.decide(&snapshot).allowed);
        prop_assume!(text != user(0).to_string());
        question.subject.1 = text;
        prop_assert!(!question.decide(&snapshot).allowed);
    }
}

#[test]
fn entities_do_not_say_whose_one_of_keysteads_own_resources_is() {
    let mut world = World::new(here());
    world.member(0, true).hold_role(0, role(0));
    world.rows.roles.push(a_role(here(), 0, &[("teams", "delete", PermissionScope::Own)], &[]));
    let mine = json!({"owner": user(0).to_string(), "organization": here().to_string()});
    world.rows.entities.push(an_entity(here(), "teams", "t1", mine));
    world.rows.entities.push(an_entity(here(), "document", "t1", json!({"owner": user(0).to_string()})));
    let snapshot = world.snapshot();
    let question = Question::new(0, "delete", "teams", "t1").owned_by(0);
    assert!(matches!(question.decide(&snapshot).reason, Reason::Denied(Denial::OutOfScope { .. })));
    let whose = Whose { organization: Some(here()), owner: Some(user(0)), team: None };
    assert!(question.whose(whose).decide(&snapshot).allowed);
}

#[test]
fn what_is_stored_and_sent_does_not_move_the_platforms_rules_elsewhere() {
    let mut world = World::new(here());
    world.member(0, true).hold_role(0, role(0));
    world.rows.roles.push(a_role(here(), 0, &[("teams", "read", PermissionScope::Organization)], &[]));
    let line = format!(r#"p, {}, *, *, read, deny, r.obj.status != "draft""#, user(0));
    world.rule(PLATFORM, &line);
    world.rows.entities.push(an_entity(here(), "teams", "t1", json!({"status": "draft"})));
    let question = |organization| {
        Question::new(0, "read", "teams", "t1")
            .sending("status", json!("draft"))
            .whose(Whose { organization: Some(organization), ..Whose::default() })
    };
    let snapshot = world.snapshot();
    assert!(question(here()).decide(&snapshot).allowed);
    let elsewhere = question(elsewhere()).decide(&snapshot);
    assert!(matches!(elsewhere.reason, Reason::Denied(Denial::Rule { of: RulesOf::Platform, .. })), "{elsewhere:?}");
    // What the platform says of it wins everywhere.
    world.platform.entities.push(an_entity(PLATFORM, "teams", "t1", json!({"status": "final"})));
    assert!(!question(here()).decide(&world.snapshot()).allowed);
}

#[test]
fn rows_of_another_organization_are_refused() {
    let mut world = World::new(here());
    world.rule(here(), "p, alice, *, document:*, read");
    world.rows.rules[0].organization_id = elsewhere();
    let rows = keystead_access::snapshot::Rows { ..world.rows.clone() };
    assert_eq!(keystead_access::snapshot::Snapshot::new(rows).unwrap_err(), ChangeError::Elsewhere(elsewhere()));
    let snapshot = World::new(here()).snapshot();
    let rows = Some(a_role(elsewhere(), 0, &[], &[]));
    let refused = snapshot.with(2, vec![Change::Role { role: role(0), rows }]);
    assert_eq!(refused.unwrap_err(), ChangeError::Elsewhere(elsewhere()));
}

#[test]
fn a_rule_that_is_refused_changes_nothing() {
    let snapshot = World::new(here()).snapshot();
    let bad = Rule::new(rule(0), "p", ["alice", "*"]);
    let holder = holder(0);
    let changes = vec![
        Change::Member { holder, active: Some(true) },
        Change::RolesOf { holder, roles: vec![HeldRole::always(role(0))] },
        Change::Rules(vec![RuleChange::Put(bad)]),
    ];
    assert!(matches!(snapshot.with(2, changes), Err(ChangeError::Rules(_))));
    assert_eq!(snapshot.version().organization, 1);
    assert!(snapshot.known_subjects("user").is_empty());
}

#[test]
fn without_the_time_nothing_is_allowed() {
    let mut world = World::new(here());
    world.administrator(0).member(0, true);
    let snapshot = world.snapshot();
    let question = Question::new(0, "read", "document", "d1");
    assert!(question.decide(&snapshot).allowed);
    let decision =
        question.ask(|subject, action, target, _| snapshot.decide(subject, action, target, &Context::default()));
    assert_eq!(decision.reason, Reason::Denied(Denial::NoTime));
}

/// Whatever model and rules an organization brings, and however it asks: they open a product's resources, and none of
/// Keystead's own, be it the organization's.
#[test]
fn no_matcher_opens_one_of_keysteads_own_resources() {
    let with = |matcher: &str, effect: &str| {
        format!(
            "[request_definition]\nr = sub, obj, act\n[policy_definition]\np = sub, obj, act\n[role_definition]\ng = _, _\n\
             [policy_effect]\ne = {effect}\n[matchers]\nm = {matcher}\nm2 = 1 == 1\n"
        )
    };
    let allow = "some(where (p.eft == allow))";
    let models = [
        with("1 == 1", allow),
        with("r.sub == r.sub", "!some(where (p.eft == deny))"),
        with("r.obj.owner == r.sub || r.ctx.root == true || 1 == 1", "priority(p.eft) || deny"),
        with("g(r.sub, p.sub) || 2 > 1", allow),
    ];
    for text in models {
        for rules in [vec![], vec!["p, a, b, c"]] {
            let mut world = World::new(here());
            world.member(0, true);
            world.rows.model = Some(Arc::new(Model::parse(&text).unwrap()));
            rules.iter().for_each(|line| {
                world.rule(here(), line);
            });
            let snapshot = world.snapshot();
            let root = serde_json::Map::from_iter([("root".to_owned(), json!(true))]);
            for matcher in [None, Some(1), Some(2), Some(3)] {
                let ask = |kind: &str, organization: Option<keystead_domain::OrganizationId>| {
                    let whose = Whose { organization, owner: Some(user(1)), team: None };
                    let question = Question::new(0, "delete", kind, "x").whose(whose).owned_by(0);
                    question.ask(|subject, action, target, context| {
                        let context = Context { matcher, domain: Some("*"), ..context.with(&root) };
                        snapshot.decide(subject, action, target, &context).allowed
                    })
                };
                for kind in OWN_KINDS {
                    for organization in [None, Some(here()), Some(elsewhere()), Some(PLATFORM)] {
                        assert!(!ask(kind, organization), "{text}");
                    }
                }
                let question = Question::new(0, "delete", "document", "x");
                let opened = question.ask(|subject, action, target, context| {
                    let context = Context { matcher, domain: Some("*"), ..context.with(&root) };
                    snapshot.decide(subject, action, target, &context).allowed
                });
                assert_eq!(opened, matcher != Some(3), "{text}");
            }
        }
    }
}
