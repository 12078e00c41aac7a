//! User levels.

use super::{
    Harness,
    ground::{Ground, Two},
};
use keystead_domain::{ErrorKind, PageRequest, UserLevelId, access::UserLevel};

async fn add(ground: &Ground, level: &UserLevel) {
    let batch = [level.clone()];
    let (organization, scope) = (level.organization_id, keystead_domain::Scope::organization(level.organization_id));
    change!(ground, scope, |unit| unit.user_levels().insert(organization, &batch));
}

async fn find(ground: &Ground, two: &Two, id: UserLevelId) -> Option<UserLevel> {
    ask!(ground, two.home(), |unit| unit.user_levels().find(two.one, id))
}

pub async fn a_level_is_found_as_it_was_written(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let full = UserLevel { version: 5, ..ground.sample_level(two.one, "Ünïcode 😀") };
    let plain = UserLevel { description: None, ..ground.sample_level(two.one, "plain") };
    let both = [full, plain];
    change!(ground, two.home(), |unit| unit.user_levels().insert(two.one, &both));
    for level in &both {
        assert_eq!(find(&ground, &two, level.id).await.as_ref(), Some(level));
        let found = ask!(ground, two.home(), |unit| unit.user_levels().find_by_name(two.one, &level.name));
        assert_eq!(found.as_ref(), Some(level));
    }
    assert_eq!(find(&ground, &two, ground.id()).await, None);
    assert_eq!(ask!(ground, two.home(), |unit| unit.user_levels().find_by_name(two.one, "Plain")), None);
    let foreign = ground.level(two.other, "plain").await;
    let ids = [both[1].id, foreign, both[0].id, ground.id()];
    assert_eq!(ask!(ground, two.home(), |unit| unit.user_levels().find_many(two.one, &ids)), both);
    assert_eq!(ask!(ground, two.home(), |unit| unit.user_levels().all(two.one)), both);
}

pub async fn a_taken_name_is_a_conflict(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let there = ground.level(two.one, "Level").await;
    let batch = [ground.sample_level(two.one, "Other"), ground.sample_level(two.one, "Level")];
    let error = refused!(ground, two.home(), |unit| unit.user_levels().insert(two.one, &batch));
    assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "user_level_name_taken"));
    let all = ask!(ground, two.home(), |unit| unit.user_levels().all(two.one));
    assert_eq!(all.into_iter().map(|level| level.id).collect::<Vec<_>>(), [there]);
    let other = ground.sample_level(two.one, "level");
    add(&ground, &other).await;
    let renamed = UserLevel { name: "Level".to_owned(), ..other };
    let error = refused!(ground, two.home(), |unit| unit.user_levels().update(two.one, &renamed));
    assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "user_level_name_taken"));
    // Another organization's names are its own.
    ground.level(two.other, "Level").await;
}

pub async fn levels_are_listed_in_pages(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let all: Vec<_> = (0..7).map(|number| ground.sample_level(two.one, &format!("Level {}", 9 - number))).collect();
    change!(ground, two.home(), |unit| unit.user_levels().insert(two.one, &all));
    ground.level(two.other, "Elsewhere").await;
    for limit in [1, 3, 7] {
        assert_eq!(pages!(ground, two.home(), limit, |unit, page| unit.user_levels().list(two.one, page)), all);
    }
    bad_cursors!(ground, two.home(), |unit, page| unit.user_levels().list(two.one, page));
}

pub async fn a_change_raises_the_version_and_a_stale_one_is_refused(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let before = ground.sample_level(two.one, "Before");
    add(&ground, &before).await;
    let changed = UserLevel { name: "After".to_owned(), description: None, updated_at: ground.now(), ..before.clone() };
    let after = change!(ground, two.home(), |unit| unit.user_levels().update(two.one, &changed));
    assert_eq!(after, UserLevel { version: 2, ..changed.clone() });
    assert_eq!(find(&ground, &two, before.id).await, Some(after));
    let error = refused!(ground, two.home(), |unit| unit.user_levels().update(two.one, &changed));
    assert_eq!(error.kind, ErrorKind::PreconditionFailed);
    let error = refused!(ground, two.home(), |unit| unit.user_levels().delete(two.one, before.id, 1));
    assert_eq!(error.kind, ErrorKind::PreconditionFailed);
    change!(ground, two.home(), |unit| unit.user_levels().delete(two.one, before.id, 2));
    assert_eq!(find(&ground, &two, before.id).await, None);
}

pub async fn a_level_in_use_stays_and_its_permissions_go_with_it(harness: &impl Harness) {
    use keystead_domain::access::LevelEditor::Platform;
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let level = ground.level(two.one, "Level").await;
    let (view, feature) = (ground.view("view").await, ground.feature("feature").await);
    let on_view = [ground.sample_view_permission(two.one, level, view)];
    let on_feature = [ground.sample_feature_permission(two.one, level, feature, "read")];
    change!(ground, two.home(), |unit| unit.view_permissions().insert(two.one, &on_view, Platform));
    change!(ground, two.home(), |unit| unit.feature_permissions().insert(two.one, &on_feature, Platform));
    ground.assign(two.one, two.ada, level).await;
    let error = refused!(ground, two.home(), |unit| unit.user_levels().delete(two.one, level, 1));
    assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "user_level_in_use"));
    change!(ground, two.home(), |unit| unit.level_assignments().delete(two.one, two.ada, level));
    change!(ground, two.home(), |unit| unit.user_levels().delete(two.one, level, 1));
    assert_eq!(ask!(ground, two.home(), |unit| unit.view_permissions().all(two.one)), []);
    assert_eq!(ask!(ground, two.home(), |unit| unit.feature_permissions().all(two.one)), []);
}

pub async fn not_from_another_organization(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let before = ground.sample_level(two.one, "Level");
    add(&ground, &before).await;
    let page = PageRequest::first(200);
    for (scope, organization) in two.strangers_and_platform() {
        assert_eq!(ask!(ground, scope, |unit| unit.user_levels().find(organization, before.id)), None, "{scope:?}");
        let found = ask!(ground, scope, |unit| unit.user_levels().find_by_name(organization, "Level"));
        assert_eq!(found, None, "{scope:?}");
        let found = ask!(ground, scope, |unit| unit.user_levels().find_many(organization, &[before.id]));
        assert_eq!(found, [], "{scope:?}");
        assert_eq!(ask!(ground, scope, |unit| unit.user_levels().list(organization, &page)).items, [], "{scope:?}");
        assert_eq!(ask!(ground, scope, |unit| unit.user_levels().all(organization)), [], "{scope:?}");
        for organization_id in [two.one, organization] {
            let changed = UserLevel { organization_id, name: "Taken over".to_owned(), ..before.clone() };
            let error = refused!(ground, scope, |unit| unit.user_levels().update(organization, &changed));
            assert_eq!(error.kind, ErrorKind::PreconditionFailed, "{scope:?}");
        }
        let error = refused!(ground, scope, |unit| unit.user_levels().delete(organization, before.id, 1));
        assert_eq!(error.kind, ErrorKind::PreconditionFailed, "{scope:?}");
        let new = [ground.sample_level(two.one, "New")];
        for place in [two.one, two.other] {
            refused!(ground, scope, |unit| unit.user_levels().insert(place, &new));
        }
    }
    // Nor does its own organization give it away.
    let given = UserLevel { organization_id: two.other, ..before.clone() };
    change!(ground, two.home(), |unit| unit.user_levels().update(two.one, &given));
    assert_eq!(find(&ground, &two, before.id).await, Some(UserLevel { version: 2, ..before }));
}
