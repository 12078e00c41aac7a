//! Policy rules.

use super::{
    Harness,
    ground::{Ground, Two, own},
    samples::PLATFORM_SCOPE,
};
use keystead_domain::{
    ErrorKind, OrganizationId, PLATFORM, PageRequest, RuleId, Scope,
    access::{PolicyRule, RuleFilter, RuleTotals},
};

async fn add(ground: &Ground, organization: OrganizationId, rules: &[PolicyRule]) {
    change!(ground, Scope::organization(organization), |unit| unit.rules().insert(organization, rules));
}

async fn find(ground: &Ground, two: &Two, id: RuleId) -> Option<PolicyRule> {
    ask!(ground, two.home(), |unit| unit.rules().find(two.one, id))
}

fn ids(rules: &[PolicyRule]) -> Vec<RuleId> {
    rules.iter().map(|rule| rule.id).collect()
}

pub async fn a_rule_is_found_as_it_was_written(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let now = ground.now();
    let long = "x".repeat(2000);
    let full = PolicyRule {
        priority: Some(-5),
        not_before: Some(now),
        expires_at: Some(now.plus_seconds(60)),
        is_active: false,
        created_by: Some("user:ada".to_owned()),
        updated_by: Some("job:import".to_owned()),
        version: 5,
        ..ground.sample_rule(
            two.one,
            "p2",
            &["alice 😀", "*", "", "/a/:b?x='1'", "r.ctx.hour < 5 && \"x\" == 'y'", &long],
        )
    };
    let plain = ground.sample_rule(two.one, "g", &["alice", "role:admin"]);
    // A value in the middle may be missing, which is not the same as an empty one.
    let mut gap = ground.sample_rule(two.one, "p", &["alice", "dom", "obj"]);
    gap.values[1] = None;
    let all = [full, plain, gap];
    add(&ground, two.one, &all).await;
    for rule in &all {
        assert_eq!(find(&ground, &two, rule.id).await.as_ref(), Some(rule));
    }
    let inherited = ground.sample_rule(PLATFORM, "p", &["everyone"]);
    add(&ground, PLATFORM, std::slice::from_ref(&inherited)).await;
    let foreign = ground.sample_rule(two.other, "p", &["eve"]);
    add(&ground, two.other, std::slice::from_ref(&foreign)).await;
    assert_eq!(find(&ground, &two, inherited.id).await.as_ref(), Some(&inherited));
    let wanted = [inherited.id, all[2].id, foreign.id, ground.id(), all[0].id, all[2].id];
    let found = ask!(ground, two.home(), |unit| unit.rules().find_many(two.one, &wanted));
    assert_eq!(found, [all[0].clone(), all[2].clone(), inherited.clone()]);
    let mut everything = all.to_vec();
    everything.push(inherited);
    assert_eq!(ask!(ground, two.home(), |unit| unit.rules().all(two.one)), everything);
    assert_eq!(ask!(ground, two.home(), |unit| unit.rules().count(two.one)), 3);
}

pub async fn the_same_line_may_be_there_twice(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let twice = [ground.sample_rule(two.one, "p", &["a", "b"]), ground.sample_rule(two.one, "p", &["a", "b"])];
    add(&ground, two.one, &twice).await;
    assert_eq!(ask!(ground, two.home(), |unit| unit.rules().count(two.one)), 2);
}

pub async fn a_large_batch_is_written_whole_and_in_order(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let many: Vec<_> = (0..3_500)
        .map(|number| ground.sample_rule(two.one, "p", &[&format!("user-{number}"), "obj", "read"]))
        .collect();
    add(&ground, two.one, &many).await;
    add(&ground, two.one, &[]).await;
    assert_eq!(ask!(ground, two.home(), |unit| unit.rules().all(two.one)), many);
    let found = ask!(ground, two.home(), |unit| unit.rules().find_many(two.one, &ids(&many)));
    assert_eq!(found.len(), many.len());
    let gone = ids(&many[..2_500]);
    assert_eq!(change!(ground, two.home(), |unit| unit.rules().delete_many(two.one, &gone)), 2_500);
    assert_eq!(change!(ground, two.home(), |unit| unit.rules().delete_many(two.one, &gone)), 0);
    assert_eq!(ask!(ground, two.home(), |unit| unit.rules().all(two.one)), many[2_500..]);
    let new = [ground.sample_rule(two.one, "p", &["only"])];
    change!(ground, two.home(), |unit| unit.rules().replace_all(two.one, &new));
    assert_eq!(ask!(ground, two.home(), |unit| unit.rules().all(two.one)), new);
    change!(ground, two.home(), |unit| unit.rules().replace_all(two.one, &[]));
    assert_eq!(ask!(ground, two.home(), |unit| unit.rules().all(two.one)), []);
}

pub async fn rules_are_filtered_and_listed_in_pages(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let mut all = Vec::new();
    for number in 0..12 {
        let (subject, object) = (format!("s{}", number % 3), format!("o{}", number % 2));
        let ptype = if number < 9 { "p" } else { "g" };
        let rule = ground.sample_rule(two.one, ptype, &[&subject, &object, "read"]);
        all.push(PolicyRule { is_active: number != 4, ..rule });
    }
    add(&ground, two.one, &all).await;
    // What is inherited is not listed among the own.
    let others = [ground.sample_rule(PLATFORM, "p", &["s0", "o0", "read"])];
    add(&ground, PLATFORM, &others).await;
    let value = |text: &str| Some(text.to_owned());
    let none = RuleFilter::default();
    let filters: Vec<(RuleFilter, Vec<usize>)> = vec![
        (none.clone(), (0..12).collect()),
        (RuleFilter { ptype: value("g"), ..none.clone() }, vec![9, 10, 11]),
        (RuleFilter { values: [value("s1"), None, None, None, None, None], ..none.clone() }, vec![1, 4, 7, 10]),
        (
            RuleFilter { values: [value("s1"), value("o0"), value("read"), None, None, None], ..none.clone() },
            vec![4, 10],
        ),
        (RuleFilter { values: [value("S1"), None, None, None, None, None], ..none.clone() }, vec![]),
        (RuleFilter { is_active: Some(false), ..none.clone() }, vec![4]),
        (
            RuleFilter {
                is_active: Some(true),
                ptype: value("p"),
                values: [None, value("o0"), None, None, None, None],
            },
            vec![0, 2, 6, 8],
        ),
    ];
    for (filter, expected) in &filters {
        let expected: Vec<_> = expected.iter().map(|&index| all[index].clone()).collect();
        for limit in [1, 5, 12] {
            let found = pages!(ground, two.home(), limit, |unit, page| unit.rules().list(two.one, filter, page));
            assert_eq!(found, expected, "{filter:?}");
        }
    }
    bad_cursors!(ground, two.home(), |unit, page| unit.rules().list(two.one, &none, page));
    let filter = &filters[3].0;
    assert_eq!(change!(ground, two.home(), |unit| unit.rules().delete_matching(two.one, filter)), 2);
    assert_eq!(change!(ground, two.home(), |unit| unit.rules().delete_matching(two.one, filter)), 0);
    all.remove(10);
    all.remove(4);
    all.extend(others);
    assert_eq!(ask!(ground, two.home(), |unit| unit.rules().all(two.one)), all);
}

pub async fn what_does_not_count_is_summed_up(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let totals = async || ask!(ground, two.home(), |unit| unit.rules().inactive_totals(two.one));
    assert_eq!(totals().await, RuleTotals::default());
    let resting = |rule: PolicyRule| PolicyRule { is_active: false, ..rule };
    let mut gap = ground.sample_rule(two.one, "p", &["é😀", "", "object", "read", "allow", "true"]);
    gap.values[1] = None;
    let all = [
        resting(gap),
        ground.sample_rule(two.one, "p", &["this", "one", "counts"]),
        resting(ground.sample_rule(two.one, "g", &["ada", ""])),
    ];
    add(&ground, two.one, &all).await;
    // Neither others' nor the inherited.
    add(&ground, PLATFORM, &[resting(ground.sample_rule(PLATFORM, "p", &["everyone"]))]).await;
    add(&ground, two.other, &[resting(ground.sample_rule(two.other, "p", &["eve"]))]).await;
    assert_eq!(totals().await, RuleTotals { count: 2, bytes: 6 + 6 + 4 + 5 + 4 + 3 });
    for (scope, _) in two.strangers_and_platform() {
        let seen = ask!(ground, scope, |unit| unit.rules().inactive_totals(two.one));
        assert_eq!(seen, RuleTotals::default(), "{scope:?}");
    }
}

pub async fn a_change_raises_the_version_and_a_stale_one_is_refused(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let before =
        PolicyRule { created_by: Some("user:ada".to_owned()), ..ground.sample_rule(two.one, "p", &["a", "b"]) };
    add(&ground, two.one, std::slice::from_ref(&before)).await;
    let changed = PolicyRule {
        ptype: "p2".to_owned(),
        priority: Some(1),
        is_active: false,
        updated_by: Some("user:bob".to_owned()),
        updated_at: ground.now(),
        ..ground.sample_rule(two.one, "p2", &["c"])
    };
    let changed = PolicyRule { id: before.id, created_by: None, created_at: before.created_at, ..changed };
    let after = change!(ground, two.home(), |unit| unit.rules().update(two.one, &changed));
    assert_eq!(after, PolicyRule { version: 2, ..changed.clone() });
    // Who made it made it.
    let expected = PolicyRule { created_by: before.created_by.clone(), ..after };
    assert_eq!(find(&ground, &two, before.id).await, Some(expected));
    let error = refused!(ground, two.home(), |unit| unit.rules().update(two.one, &changed));
    assert_eq!(error.kind, ErrorKind::PreconditionFailed);
    let error = refused!(ground, two.home(), |unit| unit.rules().delete(two.one, before.id, 1));
    assert_eq!(error.kind, ErrorKind::PreconditionFailed);
    change!(ground, two.home(), |unit| unit.rules().delete(two.one, before.id, 2));
    assert_eq!(find(&ground, &two, before.id).await, None);
}

pub async fn not_from_another_organization(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let before = ground.sample_rule(two.one, "p", &["ada", "obj", "read"]);
    add(&ground, two.one, std::slice::from_ref(&before)).await;
    let inherited = ground.sample_rule(PLATFORM, "p", &["everyone"]);
    add(&ground, PLATFORM, std::slice::from_ref(&inherited)).await;
    let (page, filter) = (PageRequest::first(200), RuleFilter::default());
    for (scope, organization) in two.strangers_and_platform() {
        assert_eq!(ask!(ground, scope, |unit| unit.rules().find(organization, before.id)), None, "{scope:?}");
        let found = ask!(ground, scope, |unit| unit.rules().find_many(organization, &[before.id]));
        assert_eq!(found, [], "{scope:?}");
        let list = ask!(ground, scope, |unit| unit.rules().list(organization, &filter, &page));
        assert!(!list.items.contains(&before), "{scope:?}");
        assert!(!ask!(ground, scope, |unit| unit.rules().all(organization)).contains(&before), "{scope:?}");
        assert_eq!(ask!(ground, scope, |unit| unit.rules().count(two.one)), 0, "{scope:?}");
        for organization_id in [two.one, organization] {
            let changed = PolicyRule { organization_id, is_active: false, ..before.clone() };
            let error = refused!(ground, scope, |unit| unit.rules().update(organization, &changed));
            assert_eq!(error.kind, ErrorKind::PreconditionFailed, "{scope:?}");
        }
        let error = refused!(ground, scope, |unit| unit.rules().delete(organization, before.id, 1));
        assert_eq!(error.kind, ErrorKind::PreconditionFailed, "{scope:?}");
        let gone = change!(ground, scope, |unit| unit.rules().delete_many(organization, &[before.id]));
        assert_eq!(gone, 0, "{scope:?}");
        let own_line = RuleFilter { ptype: Some("p".to_owned()), values: before.values.clone(), is_active: None };
        let gone = change!(ground, scope, |unit| unit.rules().delete_matching(two.one, &own_line));
        assert_eq!(gone, 0, "{scope:?}");
        let new = [ground.sample_rule(two.one, "p", &["eve", "obj", "read"])];
        refused!(ground, scope, |unit| unit.rules().insert(two.one, &new));
        refused!(ground, scope, |unit| unit.rules().insert(two.other, &new));
        refused!(ground, scope, |unit| unit.rules().replace_all(two.one, &new));
    }
    // An organization inherits the platform's rules and changes none of them; nor does it give its own away.
    let changed = PolicyRule { is_active: false, ..inherited.clone() };
    for place in [two.one, PLATFORM] {
        let error = refused!(ground, two.home(), |unit| unit.rules().update(place, &changed));
        assert_eq!(error.kind, ErrorKind::PreconditionFailed);
        let error = refused!(ground, two.home(), |unit| unit.rules().delete(place, inherited.id, 1));
        assert_eq!(error.kind, ErrorKind::PreconditionFailed);
        assert_eq!(change!(ground, two.home(), |unit| unit.rules().delete_many(place, &[inherited.id])), 0);
    }
    let new = [ground.sample_rule(PLATFORM, "p", &["ada"])];
    refused!(ground, two.home(), |unit| unit.rules().insert(PLATFORM, &new));
    let given = PolicyRule { organization_id: two.other, ..before.clone() };
    change!(ground, two.home(), |unit| unit.rules().update(two.one, &given));
    let expected = [PolicyRule { version: 2, ..before }, inherited.clone()];
    assert_eq!(ask!(ground, two.home(), |unit| unit.rules().all(two.one)), expected);
    change!(ground, two.home(), |unit| unit.rules().replace_all(two.one, &[]));
    assert_eq!(ask!(ground, PLATFORM_SCOPE, |unit| unit.rules().all(PLATFORM)), [inherited]);
    // Without an organization nothing is inherited.
    for scope in [Scope::NONE, own(two.ada)] {
        assert_eq!(ask!(ground, scope, |unit| unit.rules().all(two.one)), []);
    }
}
