//! Whether rules are known or read, the same mistakes are found.

use super::*;
use crate::{
    access::{decisions::by_rows, policy::rules::fixtures::rule},
    testing::{TestApp, deciding_rows, now, organization},
};
use keystead_access::policy::{DEFAULT_MODEL, Limits, Model};
use keystead_domain::{
    PLATFORM, Random, SeededRandom,
    access::{AccessChange, AccessTable, AccessVersions, ActiveRule, HeldVersion, PolicyModel},
};
use keystead_store::mocks::MockUnitOfWork;
use std::collections::BTreeMap;

/// The version that the transaction finds.
const BEFORE: i64 = 6;

fn active(row: &PolicyRule) -> Option<ActiveRule> {
    let PolicyRule { id, ptype, values, priority, not_before, expires_at, is_active, .. } = row.clone();
    is_active.then_some(ActiveRule { id, ptype, values, priority, not_before, expires_at })
}

/// An app that has made what decides in organization 1 out of these rules, at `version`.
fn knowing(version: i64, rules: &[PolicyRule]) -> App {
    let app = TestApp::new().build();
    let mut rows = deciding_rows(organization(1), &[]);
    rows.versions = AccessVersions { organization: version, platform: 0 };
    rows.policy.rules = rules.iter().filter_map(active).collect();
    app.decisions.with_snapshot(by_rows(&rows));
    app
}

/// A transaction that holds the version after [`BEFORE`] and must not read any rules: what is not expected panics.
fn holding() -> MockUnitOfWork {
    let mut unit = MockUnitOfWork::new();
    unit.access.policy_models.expect_in_force_held().returning(|_| Ok(None));
    unit.access.access_changes.expect_held().returning(|asked| {
        assert_eq!(asked, organization(1));
        Some(HeldVersion { before: BEFORE, changed: vec![] })
    });
    unit.access.rules.expect_inactive_totals().returning(|_| Ok(RuleTotals { count: 2, bytes: 30 }));
    unit
}

/// The same, that may read `rules` whole, once.
fn reading(rules: &[PolicyRule]) -> MockUnitOfWork {
    let (mut unit, rules) = (holding(), rules.to_vec());
    unit.access.rules.expect_all().once().return_once(move |_| Ok(rules));
    unit
}

async fn wrong(app: &App, unit: &MockUnitOfWork, new: Vec<PolicyRule>) -> Vec<String> {
    let kept = Kept::of(app, unit, organization(1)).await.unwrap();
    kept.mistakes(new).await.unwrap().into_iter().map(|error| error.message).collect()
}

#[tokio::test]
async fn of_ten_rules_and_of_ten_thousand_none_is_read() {
    for count in [10_u128, 10_000] {
        let text = |number: u128| format!("document:{number}");
        let rules: Vec<_> = (0..count).map(|number| rule(number, "p", &["a", "*", &text(number), "read"])).collect();
        let (app, unit) = (knowing(BEFORE, &rules), holding());
        let kept = Kept::of(&app, &unit, organization(1)).await.unwrap();
        let expected = totals_of(&rules);
        assert_eq!(kept.totals(), RuleTotals { count: expected.count + 2, bytes: expected.bytes + 30 });
        assert_eq!(kept.mistakes(vec![rule(count, "p", &["b", "*", "x", "read"])]).await.unwrap(), []);
        // What is wrong by itself, too.
        let new = vec![rule(count, "p", &["b"]), rule(count + 1, "g", &["x", "x", "*"])];
        assert_eq!(wrong(&app, &unit, new).await, ["`p` takes 4 to 6 values, not 1", "cyclic roles: x → x"]);
        // Replacing one of them.
        assert!(wrong(&app, &unit, vec![rule(3, "g", &["a", "b", "*"])]).await.is_empty());
    }
}

#[tokio::test]
async fn what_does_not_stand_beside_others_is_found() {
    let rules = [rule(1, "g", &["y", "x", "*"]), rule(2, "p", &["x", "*", "x", "read"])];
    let (app, unit) = (knowing(BEFORE, &rules), holding());
    assert_eq!(wrong(&app, &unit, vec![rule(3, "g", &["x", "y", "*"])]).await, ["cyclic roles: x → y → x"]);
    // It is not in its own way.
    assert!(wrong(&app, &holding(), vec![rule(1, "g", &["x", "y", "*"])]).await.is_empty());
}

#[tokio::test]
async fn what_others_have_written_since_is_brought_in() {
    let link = |number, from, to| rule(number, "g", &[from, to, "*"]);
    let (old, gone, resting) = (rule(1, "p", &["a", "*", "b", "c"]), link(2, "x", "z"), link(3, "w", "x"));
    let (written, inherited) = (link(4, "y", "x"), PolicyRule { organization_id: PLATFORM, ..link(5, "x", "z") });
    let put = |row: &PolicyRule| AccessChange::put(AccessTable::CasbinRules, row.id);
    let changes =
        vec![put(&written), AccessChange::remove(AccessTable::CasbinRules, gone.id), put(&resting), put(&inherited)];
    let now_there = vec![PolicyRule { is_active: false, ..resting.clone() }, written.clone(), inherited];
    let behind = |unit: &mut MockUnitOfWork| {
        let (changes, now_there) = (changes.clone(), now_there.clone());
        unit.access.access_changes.expect_between().once().returning(move |asked, after, until, _| {
            assert_eq!((asked, after, until), (organization(1), BEFORE - 2, BEFORE));
            Ok(Some(changes.clone()))
        });
        unit.access.rules.expect_find_many().once().returning(move |_, ids| {
            assert_eq!(ids.len(), 4);
            Ok(now_there.clone())
        });
    };
    let app = knowing(BEFORE - 2, &[old, gone, resting]);
    let mut unit = holding();
    behind(&mut unit);
    // Both would be circles by what the node knew.
    assert!(wrong(&app, &unit, vec![link(6, "z", "x"), link(7, "x", "w")]).await.is_empty());
    // This would not.
    let mut unit = holding();
    behind(&mut unit);
    assert_eq!(wrong(&app, &unit, vec![link(6, "x", "y")]).await, ["cyclic roles: x → y → x"]);
}

#[tokio::test]
async fn whatever_is_not_known_for_sure_is_read() {
    let written = [rule(4, "g", &["y", "x", "*"])];
    let circle = || vec![rule(6, "g", &["x", "y", "*"])];
    let since = |changes: Option<Vec<AccessChange>>| {
        let mut unit = reading(&written);
        unit.access.access_changes.expect_between().once().return_once(move |_, _, _, _| Ok(changes));
        unit
    };
    let behind = || knowing(BEFORE - 1, &[]);
    let all = |table| Some(vec![AccessChange::all(table)]);
    let other_model = || {
        let mut unit = reading(&written);
        let text = DEFAULT_MODEL.replace("any_domain = *", "any_domain = *\n");
        let row = PolicyModel {
            id: keystead_domain::PolicyModelId::from_uuid(uuid::Uuid::from_u128(1)),
            organization_id: organization(1),
            text,
            created_by: None,
            updated_by: None,
            created_at: now(),
            updated_at: now(),
            version: 1,
        };
        unit.access.policy_models.checkpoint();
        unit.access.policy_models.expect_in_force_held().return_once(move |_| Ok(Some(row)));
        unit
    };
    let with_held = |held: Option<HeldVersion>| {
        let mut unit = reading(&written);
        unit.access.access_changes.checkpoint();
        unit.access.access_changes.expect_held().once().return_once(|_| held);
        unit
    };
    let has_replaced = HeldVersion { before: BEFORE, changed: vec![AccessChange::all(AccessTable::CasbinRules)] };
    for (case, app, unit) in [
        ("nothing is known", TestApp::new().build(), reading(&written)),
        ("what came since is not known", behind(), since(None)),
        ("all rules were written since", behind(), since(all(AccessTable::CasbinRules))),
        ("everything was written since", behind(), since(all(AccessTable::Everything))),
        ("what is known is newer", knowing(BEFORE + 1, &[]), reading(&written)),
        ("another model", knowing(BEFORE, &written), other_model()),
        ("the version is not held", knowing(BEFORE, &[]), with_held(None)),
        ("the transaction has replaced all itself", knowing(BEFORE, &[]), with_held(Some(has_replaced))),
        // They are not in the snapshot then.
        ("the rules did not fit", knowing(BEFORE, &[rule(1, "p", &["no longer fits"])]), reading(&written)),
    ] {
        assert_eq!(wrong(&app, &unit, circle()).await, ["cyclic roles: x → y → x"], "{case}");
    }
    // What it has written one by one, it reads one by one.
    let mut unit = holding();
    unit.access.access_changes.checkpoint();
    let changed = vec![AccessChange::put(AccessTable::CasbinRules, written[0].id)];
    unit.access.access_changes.expect_held().return_once(|_| Some(HeldVersion { before: BEFORE, changed }));
    let there = written.to_vec();
    unit.access.rules.expect_find_many().once().return_once(move |_, _| Ok(there));
    let kept = Kept::of(&knowing(BEFORE, &[]), &unit, organization(1)).await.unwrap();
    assert_eq!(kept.totals().count, 1 + 2);
    // Changes of something else are none of rules.
    let mut unit = holding();
    let teams = all(AccessTable::Teams);
    unit.access.access_changes.expect_between().once().return_once(|_, _, _, _| Ok(teams));
    assert!(wrong(&behind(), &unit, circle()).await.is_empty());
}

/// The platform's own rules are known by the part that all organizations share.
#[tokio::test]
async fn the_platforms_rules_are_known_too() {
    let kept = PolicyRule { organization_id: PLATFORM, ..rule(1, "g", &["y", "x", "*"]) };
    let app = TestApp::new().build();
    let mut rows = deciding_rows(PLATFORM, &[]);
    rows.policy.rules = active(&kept).into_iter().collect();
    app.decisions.with_platform(rows);
    let unit = || {
        let mut unit = MockUnitOfWork::new();
        unit.access.policy_models.expect_in_force_held().returning(|_| Ok(None));
        unit.access.access_changes.expect_held().returning(|_| Some(HeldVersion { before: i64::MAX, changed: vec![] }));
        unit.access.rules.expect_inactive_totals().returning(|_| Ok(RuleTotals::default()));
        unit
    };
    let new = |from: &str, to: &str| vec![PolicyRule { organization_id: PLATFORM, ..rule(2, "g", &[from, to, "*"]) }];
    for (to, mistakes) in [("z", 0), ("y", 1)] {
        let unit = unit();
        let known = Kept::of(&app, &unit, PLATFORM).await.unwrap();
        assert_eq!(known.totals().count, 1);
        assert_eq!(known.mistakes(new("x", to)).await.unwrap().len(), mistakes);
    }
}

/// Numbers at random, always the same ones.
struct Chance(SeededRandom);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        u64::from_le_bytes(bytes) % most
    }
    fn rule(&mut self) -> PolicyRule {
        let letter = |chance: &mut Self| ["a", "b", "c", "d", "e"][chance.below(5) as usize];
        let (id, one, other) = (u128::from(self.below(14)), letter(self), letter(self));
        let pattern = format!("regexMatch(r.obj.status, \"{other}+\")");
        let row = match self.below(16) {
            0..6 => rule(id, "g", &[one, other, ["*", "*", "d1", "d2"][self.below(4) as usize]]),
            6..9 => rule(id, "p", &[one, "*", "x", "read"]),
            9..12 => rule(id, "p", &[one, "*", "x", "read", "allow", &pattern]),
            12 => rule(id, "p", &[one, "*", "x", "read", "maybe", &pattern]),
            13 => rule(id, "p", &[one, "*", "x", "read", "deny", "regexMatch(r.obj.status, \"(\")"]),
            14 => rule(id, "p", &[one, other]),
            _ => rule(id, "q", &[one]),
        };
        PolicyRule { is_active: self.below(5) > 0, ..row }
    }
}

/// A policy that has become what it is by many changes, and the rows that it was made of.
fn grown(chance: &mut Chance, model: &Arc<Model>) -> (Policy, BTreeMap<RuleId, PolicyRule>) {
    let mut policy = Policy::compile(Arc::clone(model), &[]).unwrap();
    let mut rows: BTreeMap<RuleId, PolicyRule> = BTreeMap::new();
    for _ in 0..chance.below(40) {
        let row = chance.rule();
        let change = match chance.below(4) {
            0 => Change::Remove(row.id),
            _ if !row.is_active => Change::Remove(row.id),
            _ => Change::Put(Rule::from(&row)),
        };
        let removes = matches!(change, Change::Remove(_));
        if let Ok(next) = policy.with(&[change]) {
            policy = next;
            if removes { drop(rows.remove(&row.id)) } else { drop(rows.insert(row.id, row)) }
        }
        if chance.below(20) == 0 {
            policy = Policy::compile(Arc::clone(model), &rows.values().map(Rule::from).collect::<Vec<_>>()).unwrap();
        }
    }
    (policy, rows)
}

#[tokio::test]
async fn a_policy_says_of_new_rules_what_its_rows_say() {
    // So few regular expressions that they run out.
    let limits = Limits { regexes: 3, ..Limits::default() };
    let model = Arc::new(Model::parse_within(DEFAULT_MODEL, limits).unwrap());
    let mut chance = Chance(SeededRandom::new(1));
    let (mut fitting, mut wrong, mut circles, mut unsure, mut left_behind) = (0, 0, 0, 0, 0);
    for case in 0..3_000 {
        let (policy, rows) = grown(&mut chance, &model);
        let kept: Vec<_> = rows.into_values().collect();
        let totals = RuleTotals { count: policy.len() as u64, bytes: policy.bytes() as u64 };
        assert_eq!(totals, totals_of(&kept), "{case}");
        let count = 1 + chance.below(4);
        let new: BTreeMap<_, _> = (0..count).map(|_| chance.rule()).map(|row| (row.id, row)).collect();
        let others: Vec<_> = kept.iter().filter(|row| !new.contains_key(&row.id)).cloned().collect();
        let new: Vec<_> = new.into_values().collect();
        let by_rows = mistakes(Arc::clone(&model), others, new.clone()).await.unwrap();
        let found = by_compiled(Arc::new(policy), &new).await.unwrap();
        match &found {
            Some(found) if found.is_empty() => fitting += 1,
            Some(found) if found.iter().any(|error| error.message.starts_with("cyclic roles")) => circles += 1,
            Some(_) => wrong += 1,
            None if by_rows.is_empty() => left_behind += 1,
            None => unsure += 1,
        }
        assert_eq!(found.unwrap_or_else(|| by_rows.clone()), by_rows, "{case}: {new:?} beside {kept:?}");
    }
    println!(
        "{fitting} fit, {wrong} are wrong, {circles} are circles; {left_behind} of {} only by leftovers",
        unsure + left_behind
    );
    assert!(fitting > 300 && wrong > 300 && circles > 100 && left_behind > 10);
}
