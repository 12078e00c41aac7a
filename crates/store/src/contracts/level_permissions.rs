//! What user levels permit on views and on features.

use super::{Harness, ground::Ground, ground::Two};
use keystead_domain::{
    ErrorKind, FeatureId, OrganizationId, PageRequest, Scope, UserLevelId, ViewId,
    access::{
        FeaturePermission,
        LevelEditor::{Managers, Platform},
        LevelScope, PermissionValue, ViewPermission,
    },
};

/// A level with three views and three features.
struct World {
    ground: Ground,
    two: Two,
    level: UserLevelId,
    views: [ViewId; 3],
    features: [FeatureId; 3],
}

async fn world(harness: &impl Harness) -> World {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let level = ground.level(two.one, "Level").await;
    let views = [ground.view("a").await, ground.view("b").await, ground.view("c").await];
    let features = [ground.feature("a").await, ground.feature("b").await, ground.feature("c").await];
    World { ground, two, level, views, features }
}

impl World {
    fn view_permission(&self, view: usize) -> ViewPermission {
        self.ground.sample_view_permission(self.two.one, self.level, self.views[view])
    }
    fn feature_permission(&self, feature: usize, action: &str) -> FeaturePermission {
        self.ground.sample_feature_permission(self.two.one, self.level, self.features[feature], action)
    }
    fn home(&self) -> Scope {
        self.two.home()
    }
    fn one(&self) -> OrganizationId {
        self.two.one
    }
}

/// The same for views and for features: repository, type, how the sample of a number is made.
macro_rules! for_both_kinds {
    ($check:ident) => {
        $check!(view_permissions, ViewPermission, |world: &World, number: usize| world.view_permission(number));
        $check!(feature_permissions, FeaturePermission, |world: &World, number: usize| world
            .feature_permission(number, "read"));
    };
}

pub async fn a_permission_is_found_as_it_was_written(harness: &impl Harness) {
    let world = world(harness).await;
    let (ground, one) = (&world.ground, world.one());
    let shut =
        ViewPermission { value: PermissionValue::Deny, modifiable: false, version: 5, ..world.view_permission(0) };
    let on_views = [shut, world.view_permission(1)];
    change!(ground, world.home(), |unit| unit.view_permissions().insert(one, &on_views, Platform));
    for row in &on_views {
        let found = ask!(ground, world.home(), |unit| unit.view_permissions().find(one, row.id));
        assert_eq!(found.as_ref(), Some(row));
        let found =
            ask!(ground, world.home(), |unit| unit.view_permissions().find_by_view(one, world.level, row.view_id));
        assert_eq!(found.as_ref(), Some(row));
    }
    let denied = FeaturePermission {
        value: PermissionValue::Deny,
        scope: LevelScope::Own,
        modifiable: false,
        version: 5,
        ..world.feature_permission(0, "read")
    };
    let wide = FeaturePermission { scope: LevelScope::Organization, ..world.feature_permission(0, "write") };
    let on_features = [denied, wide, world.feature_permission(1, "read")];
    change!(ground, world.home(), |unit| unit.feature_permissions().insert(one, &on_features, Platform));
    for row in &on_features {
        let found = ask!(ground, world.home(), |unit| unit.feature_permissions().find(one, row.id));
        assert_eq!(found.as_ref(), Some(row));
        let found = ask!(ground, world.home(), |unit| unit.feature_permissions().find_by_action(
            one,
            world.level,
            row.feature_id,
            &row.action
        ));
        assert_eq!(found.as_ref(), Some(row));
    }
    let found = ask!(ground, world.home(), |unit| unit.feature_permissions().find_by_action(
        one,
        world.level,
        world.features[0],
        "READ"
    ));
    assert_eq!(found, None);
}

pub async fn a_level_has_one_on_each(harness: &impl Harness) {
    let world = world(harness).await;
    let (ground, one) = (&world.ground, world.one());
    macro_rules! check {
        ($kind:ident, $item:ident, $sample:expr) => {
            let sample = $sample;
            let first = [sample(&world, 0)];
            change!(ground, world.home(), |unit| unit.$kind().insert(one, &first, Platform));
            let batch = [sample(&world, 1), sample(&world, 0)];
            let error = refused!(ground, world.home(), |unit| unit.$kind().insert(one, &batch, Platform));
            assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "permission_already_there"));
            assert_eq!(ask!(ground, world.home(), |unit| unit.$kind().all(one)), first);
            let no_level = [$item { user_level_id: ground.id(), ..sample(&world, 1) }];
            let foreign = ground.level(world.two.other, stringify!($kind)).await;
            let foreign_level = [$item { user_level_id: foreign, ..sample(&world, 1) }];
            for rows in [no_level, foreign_level] {
                let error = refused!(ground, world.home(), |unit| unit.$kind().insert(one, &rows, Platform));
                assert_eq!(error.kind, ErrorKind::NotFound);
            }
        };
    }
    for_both_kinds!(check);
    let nowhere = [ViewPermission { view_id: ground.id(), ..world.view_permission(1) }];
    assert_eq!(
        refused!(ground, world.home(), |unit| unit.view_permissions().insert(one, &nowhere, Platform)).kind,
        ErrorKind::NotFound
    );
    let nowhere = [FeaturePermission { feature_id: ground.id(), ..world.feature_permission(1, "read") }];
    assert_eq!(
        refused!(ground, world.home(), |unit| unit.feature_permissions().insert(one, &nowhere, Platform)).kind,
        ErrorKind::NotFound
    );
}

pub async fn what_is_there_is_overwritten(harness: &impl Harness) {
    let world = world(harness).await;
    let (ground, one) = (&world.ground, world.one());
    macro_rules! check {
        ($kind:ident, $item:ident, $sample:expr) => {
            let sample = $sample;
            let there = sample(&world, 0);
            let batch = [there.clone()];
            change!(ground, world.home(), |unit| unit.$kind().insert(one, &batch, Platform));
            let renewed = $item { value: PermissionValue::Deny, modifiable: false, ..sample(&world, 0) };
            let new = sample(&world, 1);
            // Of two on the same the last one counts.
            let rows = [sample(&world, 0), renewed.clone(), new.clone()];
            change!(ground, world.home(), |unit| unit.$kind().upsert(one, &rows, Platform));
            let expected = $item {
                value: PermissionValue::Deny,
                modifiable: false,
                updated_at: renewed.updated_at,
                version: 2,
                ..there
            };
            assert_eq!(ask!(ground, world.home(), |unit| unit.$kind().all(one)), [expected, new]);
        };
    }
    for_both_kinds!(check);
    let wider = [FeaturePermission { scope: LevelScope::Organization, ..world.feature_permission(1, "read") }];
    change!(ground, world.home(), |unit| unit.feature_permissions().upsert(one, &wider, Platform));
    let found = ask!(ground, world.home(), |unit| unit.feature_permissions().find_by_action(
        one,
        world.level,
        world.features[1],
        "read"
    ));
    assert_eq!(found.map(|row| (row.scope, row.version)), Some((LevelScope::Organization, 2)));
}

pub async fn all_of_a_level_is_replaced(harness: &impl Harness) {
    let world = world(harness).await;
    let (ground, one) = (&world.ground, world.one());
    let other = ground.level(one, "Other").await;
    macro_rules! check {
        ($kind:ident, $item:ident, $sample:expr) => {
            let sample = $sample;
            let kept = $item { user_level_id: other, ..sample(&world, 0) };
            let before = [sample(&world, 0), sample(&world, 1), kept.clone()];
            change!(ground, world.home(), |unit| unit.$kind().insert(one, &before, Platform));
            let after = [sample(&world, 2), sample(&world, 1)];
            change!(ground, world.home(), |unit| unit.$kind().replace_for_level(one, world.level, &after, Platform));
            let found = ask!(ground, world.home(), |unit| unit.$kind().of_levels(one, &[world.level]));
            assert_eq!(found, [after[1].clone(), after[0].clone()]);
            let found = ask!(ground, world.home(), |unit| unit.$kind().of_levels(one, &[world.level, other]));
            assert_eq!(found, [after[1].clone(), after[0].clone(), kept.clone()]);
            change!(ground, world.home(), |unit| unit.$kind().replace_for_level(one, world.level, &[], Platform));
            assert_eq!(ask!(ground, world.home(), |unit| unit.$kind().all(one)), [kept]);
            // Nothing would refuse that no permission of no level is left.
            for nowhere in [ground.id(), ground.level(world.two.other, stringify!($kind)).await] {
                let error =
                    refused!(ground, world.home(), |unit| unit.$kind().replace_for_level(one, nowhere, &[], Platform));
                assert_eq!(error.kind, ErrorKind::NotFound);
            }
            let mixed = [sample(&world, 0)];
            refused!(ground, world.home(), |unit| unit.$kind().replace_for_level(one, other, &mixed, Platform));
        };
    }
    for_both_kinds!(check);
}

pub async fn permissions_are_listed_in_pages(harness: &impl Harness) {
    let world = world(harness).await;
    let (ground, one) = (&world.ground, world.one());
    macro_rules! check {
        ($kind:ident, $item:ident, $sample:expr) => {
            let sample = $sample;
            let all = [sample(&world, 2), sample(&world, 0), sample(&world, 1)];
            change!(ground, world.home(), |unit| unit.$kind().insert(one, &all, Platform));
            for limit in [1, 2, 3] {
                assert_eq!(pages!(ground, world.home(), limit, |unit, page| unit.$kind().list(one, page)), all);
            }
            bad_cursors!(ground, world.home(), |unit, page| unit.$kind().list(one, page));
        };
    }
    for_both_kinds!(check);
}

pub async fn a_change_raises_the_version_and_a_stale_one_is_refused(harness: &impl Harness) {
    let world = world(harness).await;
    let (ground, one) = (&world.ground, world.one());
    macro_rules! check {
        ($kind:ident, $item:ident, $sample:expr) => {
            let sample = $sample;
            let before = [sample(&world, 0)];
            let id = before[0].id;
            change!(ground, world.home(), |unit| unit.$kind().insert(one, &before, Platform));
            let changed = $item {
                value: PermissionValue::Deny,
                modifiable: false,
                updated_at: ground.now(),
                ..before[0].clone()
            };
            let after = change!(ground, world.home(), |unit| unit.$kind().update(one, &changed, Platform));
            assert_eq!(after, $item { version: 2, ..changed.clone() });
            assert_eq!(ask!(ground, world.home(), |unit| unit.$kind().find(one, id)).as_ref(), Some(&after));
            let of_another = $item { user_level_id: ground.id(), ..after };
            for stale in [changed, of_another] {
                let error = refused!(ground, world.home(), |unit| unit.$kind().update(one, &stale, Platform));
                assert_eq!(error.kind, ErrorKind::PreconditionFailed);
            }
            let error = refused!(ground, world.home(), |unit| unit.$kind().delete(one, id, 1, Platform));
            assert_eq!(error.kind, ErrorKind::PreconditionFailed);
            change!(ground, world.home(), |unit| unit.$kind().delete(one, id, 2, Platform));
            assert_eq!(ask!(ground, world.home(), |unit| unit.$kind().find(one, id)), None);
        };
    }
    for_both_kinds!(check);
}

pub async fn managers_change_only_what_is_modifiable(harness: &impl Harness) {
    let world = world(harness).await;
    let (ground, one) = (&world.ground, world.one());
    macro_rules! check {
        ($kind:ident, $item:ident, $sample:expr) => {
            let sample = $sample;
            let fixed = $item { modifiable: false, ..sample(&world, 0) };
            let open = sample(&world, 1);
            let both = [fixed.clone(), open.clone()];
            // They make none that they cannot change afterwards.
            let error = refused!(ground, world.home(), |unit| unit.$kind().insert(one, &both, Managers));
            assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "not_modifiable"));
            change!(ground, world.home(), |unit| unit.$kind().insert(one, &both, Platform));

            let opened = $item { modifiable: true, ..fixed.clone() };
            let shut = $item { modifiable: false, ..open.clone() };
            for row in [opened.clone(), $item { value: PermissionValue::Deny, ..fixed.clone() }, shut] {
                let rows = [row];
                let error = refused!(ground, world.home(), |unit| unit.$kind().update(one, &rows[0], Managers));
                assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "not_modifiable"));
                let error = refused!(ground, world.home(), |unit| unit.$kind().upsert(one, &rows, Managers));
                assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "not_modifiable"));
                let error = refused!(ground, world.home(), |unit| unit.$kind().replace_for_level(
                    one,
                    world.level,
                    &rows,
                    Managers
                ));
                assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "not_modifiable"));
            }
            let error = refused!(ground, world.home(), |unit| unit.$kind().delete(one, fixed.id, 1, Managers));
            assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "not_modifiable"));
            assert_eq!(ask!(ground, world.home(), |unit| unit.$kind().all(one)), both);

            // The others are theirs.
            let denied = [$item { value: PermissionValue::Deny, ..open.clone() }];
            let after = change!(ground, world.home(), |unit| unit.$kind().update(one, &denied[0], Managers));
            assert_eq!(after.version, 2);
            let rows = [sample(&world, 1), sample(&world, 2)];
            change!(ground, world.home(), |unit| unit.$kind().upsert(one, &rows, Managers));
            let new = [sample(&world, 2)];
            change!(ground, world.home(), |unit| unit.$kind().replace_for_level(one, world.level, &new, Managers));
            let left = [fixed.clone(), new[0].clone()];
            assert_eq!(ask!(ground, world.home(), |unit| unit.$kind().all(one)), left);
            // A stale change is no less stale.
            for version in [2, 7] {
                let stale = $item { version, ..new[0].clone() };
                let error = refused!(ground, world.home(), |unit| unit.$kind().update(one, &stale, Managers));
                assert_eq!(error.kind, ErrorKind::PreconditionFailed);
                let error =
                    refused!(ground, world.home(), |unit| unit.$kind().delete(one, fixed.id, version, Managers));
                assert_eq!(error.kind, ErrorKind::PreconditionFailed);
            }
            change!(ground, world.home(), |unit| unit.$kind().delete(one, new[0].id, 1, Managers));
            // Who runs the installation changes every row.
            change!(ground, world.home(), |unit| unit.$kind().update(one, &opened, Platform));
            change!(ground, world.home(), |unit| unit.$kind().delete(one, fixed.id, 2, Managers));
        };
    }
    for_both_kinds!(check);
}

pub async fn not_from_another_organization(harness: &impl Harness) {
    let world = world(harness).await;
    let (ground, one) = (&world.ground, world.one());
    let page = PageRequest::first(200);
    macro_rules! check {
        ($kind:ident, $item:ident, $sample:expr) => {
            let sample = $sample;
            let before = [sample(&world, 0)];
            let id = before[0].id;
            change!(ground, world.home(), |unit| unit.$kind().insert(one, &before, Platform));
            for (scope, organization) in world.two.strangers_and_platform() {
                assert_eq!(ask!(ground, scope, |unit| unit.$kind().find(organization, id)), None, "{scope:?}");
                assert_eq!(ask!(ground, scope, |unit| unit.$kind().list(organization, &page)).items, [], "{scope:?}");
                assert_eq!(ask!(ground, scope, |unit| unit.$kind().all(organization)), [], "{scope:?}");
                let found = ask!(ground, scope, |unit| unit.$kind().of_levels(organization, &[world.level]));
                assert_eq!(found, [], "{scope:?}");
                let changed = $item { value: PermissionValue::Deny, ..before[0].clone() };
                let error = refused!(ground, scope, |unit| unit.$kind().update(organization, &changed, Platform));
                assert_eq!(error.kind, ErrorKind::PreconditionFailed, "{scope:?}");
                let error = refused!(ground, scope, |unit| unit.$kind().delete(organization, id, 1, Platform));
                assert_eq!(error.kind, ErrorKind::PreconditionFailed, "{scope:?}");
                let rows = [$item { value: PermissionValue::Deny, ..sample(&world, 0) }];
                let new = [sample(&world, 1)];
                for place in [one, world.two.other] {
                    refused!(ground, scope, |unit| unit.$kind().insert(place, &new, Platform));
                    refused!(ground, scope, |unit| unit.$kind().upsert(place, &rows, Platform));
                    refused!(ground, scope, |unit| unit.$kind().replace_for_level(place, world.level, &rows, Platform));
                }
                refused!(ground, scope, |unit| unit.$kind().replace_for_level(
                    organization,
                    world.level,
                    &[],
                    Platform
                ));
            }
            assert_eq!(ask!(ground, world.home(), |unit| unit.$kind().all(one)), before);
        };
    }
    for_both_kinds!(check);
    for (scope, organization) in world.two.strangers_and_platform() {
        let found =
            ask!(ground, scope, |unit| unit.view_permissions().find_by_view(organization, world.level, world.views[0]));
        assert_eq!(found, None, "{scope:?}");
        let found = ask!(ground, scope, |unit| unit.feature_permissions().find_by_action(
            organization,
            world.level,
            world.features[0],
            "read"
        ));
        assert_eq!(found, None, "{scope:?}");
    }
}
