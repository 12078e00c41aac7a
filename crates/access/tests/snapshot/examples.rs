//! The sources one by one, and what is explained.

use crate::{
    questions::Question,
    world::{
        World, a_level, a_role, a_team, an_own, elsewhere, feature, here, level, module, role, rule, team, time, user,
        view,
    },
};
use keystead_access::{
    Decision, Denial, Reason, RulesOf, Version, Whose,
    entitlements::ModuleState,
    platform::Platform,
    policy::{Cause, Effect},
    roles::HeldRole,
    snapshot::{Change, ChangeError, Need, Rows, Snapshot, Source},
};
use keystead_domain::{
    PLATFORM,
    access::{LevelScope, ModuleFeature, ModuleView, PermissionScope, PermissionValue},
};
use serde_json::json;
use std::sync::Arc;

/// Invoices and the view `billing` in module 0, which the organization has; two members in one team, a third outside.
fn bought() -> World {
    let mut world = World::new(here());
    world.platform.catalogue.module_features.push(ModuleFeature { module_id: module(0), feature_id: feature(0) });
    world.platform.catalogue.module_features.push(ModuleFeature { module_id: module(1), feature_id: feature(1) });
    world.platform.catalogue.module_views.push(ModuleView { module_id: module(0), view_id: view(1) });
    world.module(0, true).member(0, true).member(1, true).member(2, true);
    world.rows.teams.push(a_team(0, &[0, 1]));
    world
}

fn level_of(world: &mut World, action: &str, value: PermissionValue, scope: LevelScope) -> Snapshot {
    let number = world.rows.levels.len();
    world.rows.levels.push(a_level(here(), number, &[], &[(0, action, value, scope)]));
    world.hold_level(0, number);
    world.snapshot()
}

#[test]
fn a_user_level_reaches_own_team_and_organization() {
    use LevelScope::{Organization, Own, Team};
    let ask = |snapshot: &Snapshot, owner: usize| {
        Question::new(0, "approve", "invoices", "i1").owned_by(owner).decide(snapshot).allowed
    };
    for (scope, expected) in [(Own, [true, false, false]), (Team, [true, true, false]), (Organization, [true; 3])] {
        let snapshot = level_of(&mut bought(), "approve", PermissionValue::Allow, scope);
        assert_eq!([0, 1, 2].map(|owner| ask(&snapshot, owner)), expected, "{scope}");
    }
    // Whose it is, is not known.
    let snapshot = level_of(&mut bought(), "approve", PermissionValue::Allow, Team);
    let question = Question::new(0, "approve", "invoices", "i1");
    assert!(!question.decide(&snapshot).allowed);
    assert!(question.sending("team", json!(team(0).to_string())).decide(&snapshot).allowed);
}

#[test]
fn a_denial_wins_also_where_it_is_not_known_whether_it_reaches() {
    let mut world = bought();
    level_of(&mut world, "approve", PermissionValue::Allow, LevelScope::Organization);
    let snapshot = level_of(&mut world, "approve", PermissionValue::Deny, LevelScope::Own);
    let question = Question::new(0, "approve", "invoices", "i1");
    assert!(question.clone().owned_by(1).decide(&snapshot).allowed);
    for question in [question.clone(), question.owned_by(0)] {
        let explanation = question.explain(&snapshot);
        let permission = world.rows.levels[1].features[0].id;
        let denial = Denial::Level { level: level(1), permission, scope: LevelScope::Own };
        assert_eq!(explanation.decision.reason, Reason::Denied(denial));
        let source =
            Source::Level { level: level(1), permission, value: PermissionValue::Deny, scope: LevelScope::Own };
        assert!(explanation.needed.contains(&Need::WithoutDenial(source)));
    }
}

#[test]
fn nothing_is_reached_but_through_an_active_module() {
    let mut world = bought();
    world.rows.levels.push(a_level(
        here(),
        0,
        &[(1, PermissionValue::Allow)],
        &[(0, "read", PermissionValue::Allow, LevelScope::Organization)],
    ));
    world.hold_level(0, 0);
    world.rule(here(), &format!("p, {}, *, feature:reports, read", user(0)));
    let snapshot = world.snapshot();
    let ask =
        |snapshot: &Snapshot, kind: &str, id: &str, action: &str| Question::new(0, action, kind, id).decide(snapshot);
    assert!(ask(&snapshot, "feature", "invoices", "read").allowed);
    assert!(ask(&snapshot, "invoices", "i1", "read").allowed);
    assert!(ask(&snapshot, "view", "billing", "view").allowed);
    assert!(!ask(&snapshot, "view", "start", "view").allowed);
    // A rule does not buy a module.
    let explanation = Question::new(0, "read", "feature", "reports").explain(&snapshot);
    assert_eq!(explanation.decision.reason, Reason::Denied(Denial::Unreachable));
    assert_eq!(explanation.needed, [Need::Module { module: module(1), state: ModuleState::Missing }]);
    assert_eq!(ask(&snapshot, "feature", "unheard", "read").reason, Reason::Denied(Denial::Unreachable));
    let without = snapshot.with(2, vec![Change::Module { module: module(0), active: Some(false) }]).unwrap();
    assert_eq!(ask(&without, "invoices", "i1", "read").reason, Reason::Denied(Denial::Unreachable));
    assert_eq!(ask(&without, "view", "billing", "view").reason, Reason::Denied(Denial::Unreachable));
    assert!(ask(&snapshot, "invoices", "i1", "read").allowed, "the version before is as it was");
}

#[test]
fn a_feature_with_the_name_of_an_own_resource_opens_nothing_there() {
    let mut world = bought();
    world.platform.catalogue.module_features.push(ModuleFeature { module_id: module(0), feature_id: feature(2) });
    world.rows.levels.push(a_level(here(), 0, &[], &[(2, "delete", PermissionValue::Allow, LevelScope::Organization)]));
    world.hold_level(0, 0);
    let snapshot = world.snapshot();
    let whose = Whose { organization: Some(here()), ..Whose::default() };
    assert!(!Question::new(0, "delete", "teams", "t1").whose(whose).decide(&snapshot).allowed);
    assert!(Question::new(0, "delete", "feature", "teams").decide(&snapshot).allowed);
}

#[test]
fn roles_inherit_and_end() {
    let mut world = bought();
    world.rows.roles.push(a_role(here(), 0, &[("document", "read", PermissionScope::Organization)], &[]));
    world.rows.roles.push(a_role(here(), 1, &[("document", "update", PermissionScope::Own)], &[0]));
    world.rows.held_roles.push((
        keystead_access::Holder::User(user(0)),
        HeldRole { role: role(1), not_before: Some(time(50)), expires_at: Some(time(150)) },
    ));
    let snapshot = world.snapshot();
    let at = |seconds: i64| {
        let mut question = Question::new(0, "read", "document", "d1");
        question.now = time(seconds);
        question
    };
    assert_eq!([49, 50, 149, 150].map(|seconds| at(seconds).decide(&snapshot).allowed), [false, true, true, false]);
    let explanation = at(200).explain(&snapshot);
    let permission = world.rows.roles[0].permissions[0].id;
    let scope = PermissionScope::Organization;
    let source = Source::Role { role: role(1), of: role(0), permission, scope, in_time: false };
    assert!(explanation.considered.iter().any(|said| said.source == source && said.effect == Effect::Abstain));
    assert!(explanation.needed.contains(&Need::Role { role: role(0), permission, scope, reaches: true }));
    // What is inherited from changes what inherits, and a circle is refused.
    let rows = a_role(here(), 0, &[("document", "share", PermissionScope::Organization)], &[]);
    let changed = snapshot.with(2, vec![Change::Role { role: role(0), rows: Some(rows) }]).unwrap();
    assert!(!at(100).decide(&changed).allowed);
    let rows = a_role(here(), 0, &[], &[1]);
    let refused = snapshot.with(2, vec![Change::Role { role: role(0), rows: Some(rows) }]).unwrap_err();
    let ChangeError::Roles(circle) = refused else { panic!("{refused}") };
    assert_eq!((circle.0.len(), circle.0.first()), (3, circle.0.last()));
}

#[test]
fn an_administrator_of_the_platform_is_stopped_by_its_rules_only() {
    let mut world = bought();
    world.administrator(2).rule(here(), &format!("p, {}, *, *, *, deny", user(2)));
    world.rule(PLATFORM, &format!("p, {}, *, document:secret, *, deny", user(2)));
    let snapshot = world.snapshot();
    for (kind, id) in [("document", "d1"), ("feature", "reports"), ("feature", "unheard"), ("users", "u1")] {
        assert_eq!(
            Question::new(2, "explode", kind, id).decide(&snapshot).reason,
            Reason::Administrator,
            "{kind}:{id}"
        );
    }
    let denial = Denial::Rule { of: RulesOf::Platform, rule: Some(rule(1000)), cause: Cause::Matched };
    let explanation = Question::new(2, "read", "document", "secret").explain(&snapshot);
    assert_eq!(explanation.decision.reason, Reason::Denied(denial));
    assert!(explanation.subject.is_administrator);
    assert!(explanation.needed.contains(&Need::WithoutDenial(Source::PlatformRules)));
}

#[test]
fn the_platforms_rules_hold_in_the_organization_of_the_resource() {
    let mut world = bought();
    world.rule(PLATFORM, &format!("p, {}, {}, document:*, read", user(2), here()));
    world.rule(PLATFORM, &format!("p, {}, {}, *, delete, deny", user(2), elsewhere()));
    let snapshot = world.snapshot();
    let mut question = Question::new(2, "read", "document", "d1");
    assert!(question.decide(&snapshot).allowed);
    // No domain that the asker names changes that.
    question.domain = Some(elsewhere().to_string());
    assert!(question.decide(&snapshot).allowed);
}

#[test]
fn a_suspended_member_keeps_what_is_everybodys() {
    let mut world = World::new(here());
    world.member(0, false).hold_role(0, role(0));
    world.rows.roles.push(a_role(here(), 0, &[("document", "read", PermissionScope::Organization)], &[]));
    let snapshot = world.snapshot();
    let explanation = Question::new(0, "read", "document", "d1").explain(&snapshot);
    assert_eq!(explanation.decision.reason, Reason::Denied(Denial::Suspended));
    assert!(explanation.needed.contains(&Need::ActiveMembership));
    let mine = Whose { owner: Some(user(0)), ..Whose::default() };
    assert!(Question::new(0, "delete", "sessions", "s1").whose(mine).decide(&snapshot).allowed);
    assert!(!Question::new(1, "delete", "sessions", "s1").whose(mine).decide(&snapshot).allowed);
}

#[test]
fn whoever_has_no_active_account_may_do_nothing() {
    let mut world = World::new(here());
    world.member(0, true).hold_role(0, role(0)).administrator(0);
    world.rows.roles.push(a_role(here(), 0, &[("document", "read", PermissionScope::Organization)], &[]));
    for of in [here(), PLATFORM] {
        world.rule(of, &format!("p, {}, *, document:*, write", user(0)));
        world.rule(of, &format!("p, {}, *, document:*, write", user(1)));
    }
    let mine = Whose { owner: Some(user(0)), ..Whose::default() };
    let asked = [
        Question::new(0, "read", "document", "d1"),
        Question::new(0, "write", "document", "d1"),
        Question::new(0, "delete", "sessions", "s1").whose(mine),
        // Who is no member here, but may write by a rule.
        Question::new(1, "write", "document", "d1"),
    ];
    let open = world.snapshot();
    world.platform.closed_accounts = vec![user(0), user(1)];
    let closed = world.snapshot();
    for question in asked {
        assert!(question.decide(&open).allowed, "{question:?}");
        let explanation = question.explain(&closed);
        assert_eq!(explanation.decision.reason, Reason::Denied(Denial::AccountClosed), "{question:?}");
        assert!(explanation.considered.iter().all(|said| said.effect != Effect::Allow), "{explanation:?}");
        assert!(!explanation.subject.is_administrator);
    }
}

#[test]
fn where_the_rules_cannot_be_read_only_mending_them_is_allowed() {
    let mut world = World::new(here());
    world.member(0, true).hold_role(0, role(0)).administrator(2);
    let kinds = ["document", "teams", "policy_models", "policy_rules"];
    let permits: Vec<_> = kinds.iter().map(|kind| (*kind, "update", PermissionScope::Organization)).collect();
    world.rows.roles.push(a_role(here(), 0, &permits, &[]));
    world.platform.own_kinds.extend(["policy_models".to_owned(), "policy_rules".to_owned()]);
    let asked = |who: usize, kind: &str| {
        let inside = Whose { organization: Some(here()), ..Whose::default() };
        let question = Question::new(who, "update", kind, "x");
        if kind == "document" { question } else { question.whose(inside) }
    };
    let allowed = |snapshot: &Snapshot, who: usize, kind: &str| asked(who, kind).decide(snapshot);
    let platform = Arc::new(Platform::new(world.platform.clone()).unwrap());
    let (open, shut) = (world.snapshot(), Snapshot::shut(Rows { platform, ..world.rows.clone() }).unwrap());
    assert!(shut.is_unfit() && !open.is_unfit());
    for kind in kinds {
        assert!(allowed(&open, 0, kind).allowed);
        assert_eq!(allowed(&shut, 0, kind).allowed, kind.starts_with("policy"), "{kind}");
        assert!(allowed(&shut, 2, kind).allowed, "an administrator of the platform, {kind}");
        assert!(!allowed(&shut, 1, kind).allowed);
    }
    assert_eq!(allowed(&shut, 0, "teams").reason, Reason::Denied(Denial::RulesUnfit));
    // It is told what stands in the way of the role, and where nothing does, nothing is.
    for (kind, effect, needed) in
        [("teams", Effect::Deny, vec![Need::WithoutDenial(Source::Rules)]), ("policy_rules", Effect::Abstain, vec![])]
    {
        let explanation = asked(0, kind).explain(&shut);
        let rules = explanation.considered.iter().find(|said| said.source == Source::Rules).unwrap();
        assert_eq!((rules.effect, &explanation.needed), (effect, &needed), "{explanation:?}");
    }
}

#[test]
fn rules_allow_nothing_on_keysteads_own_resources_and_deny_there() {
    for of in [here(), PLATFORM] {
        let mut world = World::new(here());
        world.member(0, true).member(2, true).hold_role(2, role(0));
        world.rows.roles.push(a_role(here(), 0, &[("teams", "read", PermissionScope::Organization)], &[]));
        world.rule(of, &format!("p, {}, *, teams:*, *", user(0)));
        world.rule(of, &format!("p, {}, *, teams:*, read", user(1)));
        world.rule(of, &format!("p, {}, *, document:*, read", user(0)));
        world.rows.own_resources.push(an_own("teams", "t1", Whose { organization: Some(here()), ..Whose::default() }));
        let question = |who: usize| Question::new(who, "read", "teams", "t1");
        let snapshot = world.snapshot();
        let explanation = question(0).explain(&snapshot);
        assert_eq!(explanation.decision.reason, Reason::Denied(Denial::NoPermission));
        assert!(explanation.considered.iter().all(|said| said.effect == Effect::Abstain), "{explanation:?}");
        assert!(explanation.needed.iter().any(|need| matches!(need, Need::Role { reaches: true, .. })));
        assert_eq!(question(1).decide(&snapshot).reason, Reason::Denied(Denial::Stranger));
        // On a product's resources they do.
        assert!(Question::new(0, "read", "document", "d1").decide(&snapshot).allowed);
        // And what a role permits, they deny.
        assert!(question(2).decide(&snapshot).allowed);
        world.rule(of, &format!("p, {}, *, teams:t1, read, deny", user(2)));
        assert!(matches!(question(2).decide(&world.snapshot()).reason, Reason::Denied(Denial::Rule { .. })));
    }
}

#[test]
fn subjects_of_the_products_own_are_nobodys_members() {
    let mut world = World::new(here());
    world.rule(here(), "p, alice, *, document:*, read");
    let mut question = Question::new(0, "read", "document", "d1");
    question.subject = ("user".to_owned(), "alice".to_owned());
    let decision = question.decide(&world.snapshot());
    let reason = Reason::Rule { of: RulesOf::Organization, rule: Some(rule(0)) };
    assert_eq!(decision, Decision { allowed: true, reason, version: Version { organization: 1, platform: 1 } });
}

#[test]
fn the_platforms_new_model_must_be_read_with_the_rules() {
    let snapshot = World::new(here()).snapshot();
    let mut world = World::new(here());
    let text = "[request_definition]\nr = sub, obj, act\n[policy_definition]\np = sub, obj, act\n[policy_effect]\n\
                e = some(where (p.eft == allow))\n[matchers]\nm = r.sub == p.sub && r.obj == p.obj && r.act == p.act\n";
    world.platform.model = Some(std::sync::Arc::new(keystead_access::policy::Model::parse(text).unwrap()));
    let platform = world.snapshot().platform().clone();
    let refused = snapshot.with(2, vec![Change::Platform(platform)]);
    assert_eq!(refused.unwrap_err(), ChangeError::Model);
}

#[test]
fn what_cannot_be_asked_is_denied_to_everybody() {
    let mut world = bought();
    world.administrator(0);
    let snapshot = world.snapshot();
    let long = "x".repeat(10_000);
    for (kind, id, action) in [("a b", "d1", "read"), ("document", &*long, "read"), ("document", "d1", &*long)] {
        let denial = Denial::Rule { of: RulesOf::Platform, rule: None, cause: Cause::BadRequest };
        let question = Question::new(0, action, kind, id);
        assert_eq!(question.decide(&snapshot).reason, Reason::Denied(denial));
        assert_eq!(question.explain(&snapshot).decision.reason, Reason::Denied(denial));
    }
}
