//! What is listed and kept agrees with the rows, after random changes.

use super::{
    EffectivePermission, EffectivePermissions, ListEffective, PermissionKind,
    fixtures::{ACTIONS, Entitled, MANY, Owner, id},
    own_permissions, permissions_of_user,
};
use crate::{
    paging::PageInput,
    testing::{TestApp, administrator, anonymous, caller, member, now, organization, user},
};
use keystead_domain::{
    Caller, ErrorKind, FeatureId, MembershipId, Result, UserId, ViewId,
    access::{
        AccessVersions, ActiveRule, EffectiveFeature, EffectiveView, LevelScope, PermissionValue, SnapshotChange,
    },
    organizations::{Member, Membership, MembershipStatus},
};
use keystead_store::mocks::{MockUnitOfWork, Step};
use proptest::prelude::*;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

/// The effective tables, as the store shows them: rows of the current version that have not expired.
#[derive(Clone, Default)]
struct Tables {
    views: Arc<Mutex<BTreeMap<(UserId, ViewId), EffectiveView>>>,
    features: Arc<Mutex<BTreeMap<FeatureKey, EffectiveFeature>>>,
}

/// Who, on which feature, which action.
type FeatureKey = (UserId, FeatureId, String);

impl Tables {
    fn wire(&self, unit: &mut MockUnitOfWork, version: i64) {
        let effective = &mut unit.access.effective_permissions;
        let (store, read) = (self.clone(), self.clone());
        effective.expect_store_views().returning(move |_, rows| {
            let mut views = store.views.lock().unwrap();
            views.extend(rows.iter().map(|row| ((row.user_id, row.view_id), row.clone())));
            Ok(())
        });
        effective.expect_views().returning(move |_, user, _| Ok(read.current_views(user, version)));
        let (store, read) = (self.clone(), self.clone());
        effective.expect_store_features().returning(move |_, rows| {
            let mut features = store.features.lock().unwrap();
            features.extend(rows.iter().map(|row| ((row.user_id, row.feature_id, row.action.clone()), row.clone())));
            Ok(())
        });
        effective.expect_features().returning(move |_, user, _| Ok(read.current_features(user, version)));
    }
    fn current_views(&self, user: UserId, version: i64) -> Vec<EffectiveView> {
        let views = self.views.lock().unwrap();
        views.values().filter(|row| row.user_id == user && row.access_version == version).cloned().collect()
    }
    fn current_features(&self, user: UserId, version: i64) -> Vec<EffectiveFeature> {
        let features = self.features.lock().unwrap();
        features.values().filter(|row| row.user_id == user && row.access_version == version).cloned().collect()
    }
}

fn at_version(caller: Caller, version: i64) -> Caller {
    Caller { versions: AccessVersions { organization: version, platform: 0 }, ..caller }
}

/// What `asks` finds where `entitled` decides at `version`, and how many transactions wrote.
async fn list(
    entitled: &Entitled,
    tables: &Tables,
    version: i64,
    caller: &Caller,
    of: Option<UserId>,
    input: ListEffective,
) -> (Result<EffectivePermissions>, usize) {
    let test = TestApp::new();
    for _ in 0..4 {
        let (mut unit, mut rows) = (MockUnitOfWork::new(), entitled.rows());
        rows.versions = AccessVersions { organization: version, platform: 0 };
        unit.access.access_snapshots.expect_load().returning(move |_, _| Ok(rows.clone()));
        unit.access.access_snapshots.expect_changed().returning(|_, _, _| Ok(SnapshotChange::Anew));
        unit.memberships.expect_find().returning(|organization_id, user_id| Ok(place(organization_id, user_id)));
        tables.wire(&mut unit, version);
        test.unit(unit);
    }
    let journal = test.journal();
    let app = test.build();
    app.decisions.with_platform(entitled.platform());
    let caller = at_version(caller.clone(), version);
    let found = match of {
        Some(user) => permissions_of_user(&app, &caller, user, input).await,
        None => own_permissions(&app, &caller, input).await,
    };
    (found, journal.steps().iter().filter(|step| matches!(step, Step::Begin(_))).count())
}

/// The people of the fixtures are members.
fn place(organization_id: keystead_domain::OrganizationId, user_id: UserId) -> Option<Member> {
    let number = (0..MANY).find(|number| user(*number as u128) == user_id)?;
    let (id, status) = (MembershipId::from_uuid(user_id.as_uuid()), MembershipStatus::Active);
    let (created_at, updated_at, version) = (now(), now(), 1);
    let membership = Membership { id, organization_id, user_id, status, created_at, updated_at, version };
    let user = crate::testing::account(number as u128);
    Some(Member { membership, user, roles: vec![] })
}

fn person(number: usize) -> Caller {
    caller(organization(1), number as u128, &[])
}

/// The row that follows for a feature and an action; none where one does not say it, or nothing is said of it at all.
fn expected(entitled: &Entitled, who: usize, feature: usize, action: usize) -> Option<(PermissionValue, LevelScope)> {
    if !entitled.reaches_feature(feature) || !entitled.is_said(feature, action) {
        return None;
    }
    let may = |owner| entitled.may(who, feature, action, owner);
    match (may(Owner::Self_), may(Owner::Colleague), may(Owner::Somebody)) {
        (true, true, true) => Some((PermissionValue::Allow, LevelScope::Organization)),
        (true, true, false) => Some((PermissionValue::Allow, LevelScope::Team)),
        (true, false, false) => Some((PermissionValue::Allow, LevelScope::Own)),
        (false, false, false) => Some((PermissionValue::Deny, LevelScope::Organization)),
        _ => None,
    }
}

async fn holds_after(changes: &[u64], tables: &Tables, entitled: &mut Entitled) {
    for (place, seed) in changes.iter().enumerate() {
        entitled.change(*seed);
        let version = i64::try_from(place).unwrap() + 1;
        let (who, limit) = (place % MANY, Some(200));
        let me = user(who as u128);
        assert!(tables.current_views(me, version).is_empty() && tables.current_features(me, version).is_empty());
        let input = || ListEffective { kind: None, page: PageInput { limit, cursor: None } };
        let (found, _) = list(entitled, tables, version, &person(who), None, input()).await;
        let found = found.unwrap();
        assert_eq!((found.access_version, found.page.next_cursor), (version, None));
        for view in 0..MANY {
            let sees = entitled.sees(who, view);
            let kept = tables.current_views(me, version);
            let kept = kept.iter().find(|row| row.view_id == id(view)).unwrap();
            assert_eq!(kept.value == PermissionValue::Allow, sees, "view {view}: {entitled:?}");
            assert_eq!((kept.computed_at, kept.expires_at), (now(), now().plus_seconds(3_600)));
            let listed = found.page.items.iter().find(|item| item.view == Some(id(view))).unwrap();
            assert_eq!(listed.reach.organization.allowed, sees);
        }
        let kept = tables.current_features(me, version);
        for (feature, action) in (0..MANY).flat_map(|feature| (0..ACTIONS.len()).map(move |action| (feature, action))) {
            let is_this = |found: FeatureId, does: &str| found == id(feature) && does == ACTIONS[action];
            let row = kept.iter().find(|row| is_this(row.feature_id, &row.action)).map(|row| (row.value, row.scope));
            assert_eq!(row, expected(entitled, who, feature, action), "{feature} {action}: {entitled:?}");
            let listed = found.page.items.iter();
            let mut listed = listed.filter(|item| item.kind == PermissionKind::Feature);
            let listed = listed.find(|item| is_this(item.feature.unwrap(), &item.action));
            let is_listed = entitled.reaches_feature(feature) && entitled.is_said(feature, action);
            assert_eq!(listed.is_some(), is_listed);
            if let Some(EffectivePermission { reach, doors, .. }) = listed {
                let may = |owner| entitled.may(who, feature, action, owner);
                let says = [reach.own.as_ref().unwrap(), reach.team.as_ref().unwrap(), &reach.organization];
                let expected = [may(Owner::Self_), may(Owner::Colleague), may(Owner::Somebody)];
                assert_eq!(says.map(|why| why.allowed), expected);
                assert!(!doors.is_empty());
            }
        }
        // What is there is not written again.
        let (again, writes) = list(entitled, tables, version, &person(who), None, input()).await;
        assert_eq!((again.unwrap().page.items, writes), (found.page.items, 0));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn what_is_listed_and_kept_agrees_with_the_rows(changes in prop::collection::vec(any::<u64>(), 1..30), open in any::<bool>()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let mut entitled = if open { Entitled::open() } else { Entitled::default() };
        runtime.block_on(holds_after(&changes, &Tables::default(), &mut entitled));
    }
}

#[tokio::test]
async fn a_page_follows_the_other_and_a_kind_stands_alone() {
    let (entitled, tables) = (Entitled::open(), Tables::default());
    let one = |kind, limit, cursor| {
        let (entitled, tables) = (&entitled, &tables);
        async move {
            let input = ListEffective { kind, page: PageInput { limit, cursor } };
            list(entitled, tables, 1, &person(0), None, input).await.0.unwrap().page
        }
    };
    let all = one(None, Some(200), None).await.items;
    assert!(all.len() > 10 && all.is_sorted_by_key(EffectivePermission::place), "{}", all.len());
    let first = one(None, Some(7), None).await;
    let second = one(None, Some(200), first.next_cursor).await;
    assert_eq!([first.items, second.items].concat(), all);
    for kind in PermissionKind::ALL {
        let only: Vec<_> = all.iter().filter(|item| item.kind == *kind).cloned().collect();
        assert_eq!(one(Some(*kind), Some(200), None).await.items, only, "{kind}");
    }
}

#[tokio::test]
async fn reasons_name_the_level_the_module_and_the_role() {
    let (entitled, tables) = (Entitled::open(), Tables::default());
    let input = ListEffective { kind: None, page: PageInput { limit: Some(200), cursor: None } };
    let found = list(&entitled, &tables, 1, &person(1), None, input).await.0.unwrap().page.items;
    let view = found.iter().find(|item| item.key == "view-0").unwrap();
    let why = &view.reach.organization;
    assert_eq!((why.reason, why.level.as_ref().unwrap().1.as_str()), ("user_level", "Level 1"));
    assert_eq!(view.doors.iter().map(|door| &*door.key).collect::<Vec<_>>(), ["module-0", "module-1", "module-2"]);
    let own = found.iter().find(|item| (&*item.key, &*item.action) == ("users", "read")).unwrap();
    let why = own.reach.own.as_ref().unwrap();
    assert_eq!((why.allowed, why.reason, why.scope), (true, "role", Some("own")));
    assert!(!own.reach.organization.allowed && !own.reach.elsewhere.as_ref().unwrap().allowed);
}

#[tokio::test]
async fn rows_end_with_what_they_follow_from() {
    let (mut entitled, tables) = (Entitled::open(), Tables::default());
    entitled.on_views.clear();
    let (me, ends) = (user(0), now().plus_seconds(600));
    let values = [&*me.to_string(), "*", "view:view-1", "view"].map(|value| Some(value.to_owned()));
    let [subject, domain, object, action] = values;
    entitled.rules.push(ActiveRule {
        id: id(1),
        ptype: "p".to_owned(),
        values: [subject, domain, object, action, None, None],
        priority: None,
        not_before: None,
        expires_at: Some(ends),
    });
    list(&entitled, &tables, 1, &person(0), None, ListEffective::default()).await.0.unwrap();
    let kept = tables.current_views(me, 1);
    let opened: Vec<_> = kept.iter().filter(|row| row.value == PermissionValue::Allow).map(|row| row.view_id).collect();
    assert_eq!(opened, [id(1)]);
    assert!(kept.iter().all(|row| row.expires_at == ends));
}

#[tokio::test]
async fn what_is_newer_is_not_replaced() {
    let (entitled, tables) = (Entitled::open(), Tables::default());
    list(&entitled, &tables, 2, &person(0), None, ListEffective::default()).await.0.unwrap();
    let newer = Tables { views: tables.views.clone(), features: tables.features.clone() };
    let mut units = Vec::new();
    for _ in 0..3 {
        let (mut unit, mut rows) = (MockUnitOfWork::new(), entitled.rows());
        rows.versions = AccessVersions { organization: 1, platform: 0 };
        unit.access.access_snapshots.expect_load().returning(move |_, _| Ok(rows.clone()));
        // The store is at version 2 already.
        newer.wire(&mut unit, 2);
        units.push(unit);
    }
    let test = TestApp::new();
    units.into_iter().for_each(|unit| _ = test.unit(unit));
    let journal = test.journal();
    let app = test.build();
    app.decisions.with_platform(entitled.platform());
    own_permissions(&app, &at_version(person(0), 1), ListEffective::default()).await.unwrap();
    assert!(!journal.steps().iter().any(|step| matches!(step, Step::Begin(_))));
}

#[tokio::test]
async fn others_permissions_are_for_who_may_read_them_and_of_members() {
    let (entitled, tables) = (Entitled::open(), Tables::default());
    let of = async |caller: &Caller, number: u128| {
        list(&entitled, &tables, 1, caller, Some(user(number)), ListEffective::default()).await
    };
    let (found, writes) = of(&administrator(organization(1), 7), 2).await;
    assert_eq!((found.unwrap().user, writes), (user(2), 1));
    let kind = |outcome: (Result<EffectivePermissions>, usize)| outcome.0.unwrap_err().kind;
    assert_eq!(kind(of(&administrator(organization(1), 7), 9).await), ErrorKind::NotFound);
    assert_eq!(kind(of(&member(1, 2), 2).await), ErrorKind::NotFound);
    assert_eq!(kind(of(&anonymous(), 2).await), ErrorKind::Unauthenticated);
    assert_eq!(
        kind(list(&entitled, &tables, 1, &anonymous(), None, ListEffective::default()).await),
        ErrorKind::Unauthenticated
    );
}
