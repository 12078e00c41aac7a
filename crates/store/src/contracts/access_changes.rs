//! Access versions, and what is known of the changes between them.

use super::{Harness, ground::Ground, samples::PLATFORM_SCOPE};
use keystead_domain::{
    ErrorKind, OrganizationId, PLATFORM, Scope, Timestamp,
    access::{AccessChange, AccessTable, ChangesSince, HeldVersion},
};
use uuid::Uuid;

pub(super) fn put(table: AccessTable, row: impl Into<Uuid>) -> AccessChange {
    AccessChange::put(table, row)
}
fn all(table: AccessTable) -> AccessChange {
    AccessChange::all(table)
}

pub(super) async fn since(ground: &Ground, organization: OrganizationId, version: i64) -> ChangesSince {
    let scope = Scope::organization(organization);
    ask!(ground, scope, |unit| unit.access_changes().since(organization, organization, version, 1_000))
}

pub async fn a_transaction_raises_each_version_once(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let (one, other) = (ground.versions(two.one).await.organization, ground.versions(two.other).await.organization);
    let teams = [ground.sample_team(two.one, "A"), ground.sample_team(two.one, "B")];
    let there = ground.sample_team(two.other, "There");
    let mut unit = ground.store.begin(two.home()).await.unwrap();
    unit.teams().insert(&teams[0]).await.unwrap();
    unit.enter(two.elsewhere()).await.unwrap();
    unit.teams().insert(&there).await.unwrap();
    unit.enter(two.home()).await.unwrap();
    unit.teams().insert(&teams[1]).await.unwrap();
    unit.enter(Scope::NONE).await.unwrap();
    unit.commit().await.unwrap();
    let put = |id: keystead_domain::TeamId| put(AccessTable::Teams, id);
    let expected = ChangesSince { version: one + 1, changes: Some(teams.iter().map(|team| put(team.id)).collect()) };
    assert_eq!(since(&ground, two.one, one).await, expected);
    let expected = ChangesSince { version: other + 1, changes: Some(vec![put(there.id)]) };
    assert_eq!(since(&ground, two.other, other).await, expected);

    // What is rolled back has raised nothing.
    let unit = ground.store.begin(two.home()).await.unwrap();
    unit.teams().delete(two.one, teams[0].id, 1).await.unwrap();
    drop(unit);
    assert_eq!(ground.versions(two.one).await.organization, one + 1);
}

pub async fn the_version_is_raised_when_it_is_asked_for(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let before = ground.versions(two.one).await.organization;
    let (team, late) = (ground.sample_team(two.one, "A"), ground.sample_team(two.one, "B"));
    let by_hand = AccessChange::all(AccessTable::Views);
    let unit = ground.store.begin(two.home()).await.unwrap();
    unit.teams().insert(&team).await.unwrap();
    assert_eq!(unit.access_changes().raise(two.one, &[by_hand]).await.unwrap(), before + 1);
    assert_eq!(unit.roles().raise_version(two.one).await.unwrap(), before + 1);
    unit.teams().insert(&late).await.unwrap();
    unit.commit().await.unwrap();
    let put = |id: keystead_domain::TeamId| put(AccessTable::Teams, id);
    let expected = ChangesSince { version: before + 1, changes: Some(vec![put(team.id), by_hand, put(late.id)]) };
    assert_eq!(since(&ground, two.one, before).await, expected);

    // Who raises it and notes nothing has changed everything.
    let version = change!(ground, two.home(), |unit| unit.access_changes().raise(two.one, &[]));
    assert_eq!(version, before + 2);
    let everything = AccessChange::all(AccessTable::Everything);
    let expected = ChangesSince { version, changes: Some(vec![everything]) };
    assert_eq!(since(&ground, two.one, before + 1).await, expected);
}

pub async fn an_organization_that_is_not_there_has_no_version(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let nowhere = OrganizationId::from_uuid(Uuid::from_u128(0x0190_ffff_0000_7000_8000_0000_0000_0001));
    let error = refused!(ground, Scope::organization(nowhere), |unit| unit.access_changes().raise(nowhere, &[]));
    assert_eq!(error.kind, ErrorKind::NotFound, "{error}");
}

pub async fn a_transaction_knows_what_it_holds_and_has_changed(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let before = ground.versions(two.one).await.organization;
    let (team, rule) = (ground.sample_team(two.one, "A"), ground.sample_rule(two.one, "p", &["a"]));
    let held = |changed: &[AccessChange]| Some(HeldVersion { before, changed: changed.to_vec() });
    let (team_put, rule_put) = (put(AccessTable::Teams, team.id), put(AccessTable::CasbinRules, rule.id));
    let unit = ground.store.begin(two.home()).await.unwrap();
    assert_eq!(unit.access_changes().held(two.one), None, "others may still change it");
    unit.access_changes().raise(two.one, &[]).await.unwrap();
    assert_eq!(unit.access_changes().held(two.one), held(&[]));
    assert_eq!(unit.access_changes().held(two.other), None);
    unit.teams().insert(&team).await.unwrap();
    assert_eq!(unit.access_changes().held(two.one), held(&[team_put]));
    drop(unit);

    // What was written before the version was raised counts, too; and so does what is told.
    let unit = ground.store.begin(two.home()).await.unwrap();
    unit.rules().insert(two.one, &[rule]).await.unwrap();
    assert_eq!(unit.access_changes().held(two.one), None);
    unit.access_changes().raise(two.one, &[]).await.unwrap();
    assert_eq!(unit.access_changes().held(two.one), held(&[rule_put]));
    unit.rules().replace_all(two.one, &[]).await.unwrap();
    let everything = all(AccessTable::Everything);
    unit.access_changes().raise(two.one, &[everything]).await.unwrap();
    assert_eq!(unit.access_changes().held(two.one), held(&[everything, all(AccessTable::CasbinRules)]));
}

pub async fn what_changed_between_two_versions_is_told(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let before = ground.versions(two.one).await.organization;
    let new: Vec<_> = ["a", "b", "c"].map(|name| ground.sample_rule(two.one, "p", &[name])).into();
    for rule in &new {
        change!(ground, two.home(), |unit| unit.rules().insert(two.one, std::slice::from_ref(rule)));
    }
    let written = |number: usize| put(AccessTable::CasbinRules, new[number].id);
    let unit = ground.store.begin(two.home()).await.unwrap();
    // Whoever holds the next version, which has no changes yet, sees those before it.
    assert_eq!(unit.access_changes().raise(two.one, &[]).await.unwrap(), before + 4);
    for (after, until, most, expected) in [
        (before, before + 3, 3, Some(vec![written(0), written(1), written(2)])),
        (before, before + 3, 2, None),
        (before + 1, before + 2, 9, Some(vec![written(1)])),
        (before + 3, before + 3, 9, Some(vec![])),
        (before + 3, before + 4, 9, None),
        (before + 4, before + 3, 9, None),
    ] {
        let found = unit.access_changes().between(two.one, after, until, most).await.unwrap();
        assert_eq!(found, expected, "{after} {until} {most}");
    }
    drop(unit);
    for (scope, _) in two.strangers_and_platform() {
        let unit = ground.store.begin(scope).await.unwrap();
        assert_eq!(unit.access_changes().between(two.one, before, before + 3, 9).await.unwrap(), None, "{scope:?}");
    }
}

pub async fn what_is_not_known_any_more_is_read_anew(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let before = ground.versions(two.one).await.organization;
    for name in ["A", "B", "C"] {
        let team = ground.sample_team(two.one, name);
        change!(ground, two.home(), |unit| unit.teams().insert(&team));
    }
    let of = async |version, most| {
        let found = ask!(ground, two.home(), |unit| unit.access_changes().since(two.one, two.one, version, most));
        assert_eq!(found.version, before + 3);
        found.changes.map(|changes| changes.len())
    };
    assert_eq!(of(before + 3, 3).await, Some(0));
    assert_eq!(of(before, 3).await, Some(3));
    assert_eq!(of(before + 1, 2).await, Some(2));
    // Too many.
    assert_eq!(of(before, 2).await, None);
    // Of a version that there never was: the store is another one, or an older one.
    assert_eq!(of(before + 4, 3).await, None);
    // The oldest are removed first, so that what is left of a version lacks its beginning.
    let far = Timestamp::parse("2999-01-01T00:00:00Z").unwrap();
    let mut known = of(before, 9).await;
    for _ in 0..1_000 {
        if known != Some(3) {
            break;
        }
        assert_eq!(ground.store.delete_expired_access(far, 1).await.unwrap().changes, 1);
        known = of(before, 9).await;
    }
    assert_eq!(known, None);
    assert_eq!(of(before + 1, 9).await, Some(2));
    while ground.store.delete_expired_access(far, 100).await.unwrap().changes > 0 {}
    assert_eq!(of(before + 2, 9).await, None);
    assert_eq!(of(before + 3, 9).await, Some(0));
}

pub async fn changes_at_the_same_moment_have_versions_of_their_own(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let before = ground.versions(two.one).await.organization;
    let tasks: Vec<_> = (0..8)
        .map(|number| {
            let (store, scope) = (ground.store.clone(), two.home());
            let team = ground.sample_team(two.one, &format!("Team {number}"));
            tokio::spawn(async move {
                let unit = store.begin(scope).await.unwrap();
                unit.teams().insert(&team).await.unwrap();
                unit.commit().await.unwrap();
                team.id
            })
        })
        .collect();
    let mut teams = Vec::new();
    for task in tasks {
        teams.push(AccessChange::put(AccessTable::Teams, task.await.unwrap()));
    }
    let found = since(&ground, two.one, before).await;
    assert_eq!(found.version, before + 8);
    let mut changes = found.changes.unwrap();
    changes.sort_unstable();
    teams.sort_unstable();
    assert_eq!(changes, teams);
}

pub async fn versions_of_several_organizations_are_read_at_once(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let unknown: OrganizationId = ground.id();
    let wanted = [two.other, PLATFORM, two.one, unknown];
    let mut found = ground.store.access_versions(&wanted).await.unwrap();
    found.sort_unstable();
    let mut expected = Vec::new();
    for organization in [PLATFORM, two.one, two.other] {
        expected.push((organization, ground.versions(organization).await.organization));
    }
    expected.sort_unstable();
    assert_eq!(found, expected);
    assert_eq!(ground.store.access_versions(&[]).await.unwrap(), []);
}

pub async fn not_from_another_organization(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let team = ground.sample_team(two.one, "Team");
    change!(ground, two.home(), |unit| unit.teams().insert(&team));
    let before = ground.versions(two.one).await;
    for (scope, organization) in two.strangers_and_platform() {
        for from in [organization, two.one] {
            let found = ask!(ground, scope, |unit| unit.access_changes().since(from, two.one, 0, 100));
            let seen = found.changes.unwrap_or_default();
            assert!(!seen.iter().any(|change| change.row == Some(team.id.as_uuid())), "{scope:?}");
        }
        let versions = ask!(ground, scope, |unit| unit.access_changes().versions(two.one));
        assert_eq!(versions.organization, 0, "{scope:?}");
        refused!(ground, scope, |unit| unit.access_changes().raise(two.one, &[]));
    }
    assert_eq!(ground.versions(two.one).await, before);
    // Everyone sees what the platform has changed.
    let from = before.platform;
    let view = ground.view("view").await;
    let found = ask!(ground, two.home(), |unit| unit.access_changes().since(two.one, PLATFORM, from, 100));
    let expected = ChangesSince { version: from + 1, changes: Some(vec![AccessChange::put(AccessTable::Views, view)]) };
    assert_eq!(found, expected);
    refused!(ground, two.home(), |unit| unit.access_changes().raise(PLATFORM, &[]));
    assert_eq!(ground.versions(PLATFORM).await.organization, from + 1);
    assert_eq!(ask!(ground, PLATFORM_SCOPE, |unit| unit.access_changes().versions(PLATFORM)).platform, from + 1);
}
