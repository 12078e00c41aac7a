//! What was worked out for each person: it counts at the versions it was worked out at, and until it expires.

use super::{
    Harness,
    ground::{Ground, Two},
    samples::PLATFORM_SCOPE,
};
use keystead_domain::{
    ErrorKind, FeatureId, PageRequest, Timestamp, UserId, ViewId,
    access::{EffectiveFeature, EffectiveView, LevelScope, PermissionValue},
};

/// Two views and two features for the first organization's member.
struct World {
    ground: Ground,
    two: Two,
    views: [ViewId; 2],
    features: [FeatureId; 2],
}

async fn world(harness: &impl Harness) -> World {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let views = [ground.view("a").await, ground.view("b").await];
    let features = [ground.feature("a").await, ground.feature("b").await];
    World { ground, two, views, features }
}

impl World {
    async fn view(&self, user_id: UserId, view_id: ViewId, expires_at: Timestamp) -> EffectiveView {
        let versions = self.ground.versions(self.two.one).await;
        EffectiveView {
            organization_id: self.two.one,
            user_id,
            view_id,
            value: PermissionValue::Allow,
            access_version: versions.organization,
            platform_version: versions.platform,
            computed_at: self.ground.now(),
            expires_at,
        }
    }
    async fn feature(&self, feature_id: FeatureId, action: &str, expires_at: Timestamp) -> EffectiveFeature {
        let versions = self.ground.versions(self.two.one).await;
        EffectiveFeature {
            organization_id: self.two.one,
            user_id: self.two.ada,
            feature_id,
            action: action.to_owned(),
            value: PermissionValue::Deny,
            scope: LevelScope::Own,
            access_version: versions.organization,
            platform_version: versions.platform,
            computed_at: self.ground.now(),
            expires_at,
        }
    }
    async fn store(&self, views: &[EffectiveView], features: &[EffectiveFeature]) {
        let (ground, one) = (&self.ground, self.two.one);
        change!(ground, self.two.home(), |unit| unit.effective_permissions().store_views(one, views));
        change!(ground, self.two.home(), |unit| unit.effective_permissions().store_features(one, features));
    }
    async fn views_at(&self, now: Timestamp) -> Vec<EffectiveView> {
        let (ground, two) = (&self.ground, &self.two);
        ask!(ground, two.home(), |unit| unit.effective_permissions().views(two.one, two.ada, now))
    }
    async fn features_at(&self, now: Timestamp) -> Vec<EffectiveFeature> {
        let (ground, two) = (&self.ground, &self.two);
        ask!(ground, two.home(), |unit| unit.effective_permissions().features(two.one, two.ada, now))
    }
}

pub async fn it_is_found_as_it_was_written_and_overwritten(harness: &impl Harness) {
    let world = world(harness).await;
    let (ground, two) = (&world.ground, &world.two);
    let now = ground.now();
    let end = now.plus_seconds(600);
    let views = [
        world.view(two.ada, world.views[0], end).await,
        EffectiveView { value: PermissionValue::Deny, ..world.view(two.ada, world.views[1], end).await },
    ];
    let features = [
        world.feature(world.features[0], "read", end).await,
        EffectiveFeature {
            value: PermissionValue::Allow,
            scope: LevelScope::Organization,
            ..world.feature(world.features[0], "write", end).await
        },
        world.feature(world.features[1], "read", end).await,
    ];
    let versions = ground.versions(two.one).await;
    world.store(&views, &features).await;
    // It follows from what decides, and is no change of it.
    assert_eq!(ground.versions(two.one).await, versions);
    assert_eq!(world.views_at(now).await, views);
    assert_eq!(world.features_at(now).await, features);
    for row in &views {
        let found =
            ask!(ground, two.home(), |unit| unit.effective_permissions().find_view(two.one, two.ada, row.view_id, now));
        assert_eq!(found.as_ref(), Some(row));
    }
    for row in &features {
        let found = ask!(ground, two.home(), |unit| unit.effective_permissions().find_feature(
            two.one,
            two.ada,
            row.feature_id,
            &row.action,
            now
        ));
        assert_eq!(found.as_ref(), Some(row));
    }
    let end = end.plus_seconds(60);
    let passed_over = world.view(two.ada, world.views[1], now).await;
    let renewed = [passed_over, world.view(two.ada, world.views[1], end).await];
    let widened = [EffectiveFeature { scope: LevelScope::Team, ..world.feature(world.features[1], "read", end).await }];
    world.store(&renewed, &widened).await;
    assert_eq!(world.views_at(now).await, [views[0].clone(), renewed[1].clone()]);
    let [first, second, _] = features;
    assert_eq!(world.features_at(now).await, [first, second, widened[0].clone()]);
}

pub async fn it_ends_with_its_time(harness: &impl Harness) {
    let world = world(harness).await;
    let two = &world.two;
    let now = world.ground.now();
    let end = now.plus_seconds(60);
    let views = [world.view(two.ada, world.views[0], end).await];
    let features = [world.feature(world.features[0], "read", end).await];
    world.store(&views, &features).await;
    assert_eq!(world.views_at(end.plus_millis(-1)).await, views);
    assert_eq!(world.features_at(end.plus_millis(-1)).await, features);
    for after in [end, end.plus_millis(1)] {
        assert_eq!(world.views_at(after).await, []);
        assert_eq!(world.features_at(after).await, []);
        let ground = &world.ground;
        let found = ask!(ground, two.home(), |unit| unit.effective_permissions().find_view(
            two.one,
            two.ada,
            world.views[0],
            after
        ));
        assert_eq!(found, None);
    }
}

pub async fn a_change_of_what_decides_ends_it(harness: &impl Harness) {
    let world = world(harness).await;
    let (ground, two) = (&world.ground, &world.two);
    let now = ground.now();
    let end = now.plus_seconds(600);
    for by_the_platform in [false, true] {
        let views = [world.view(two.ada, world.views[0], end).await];
        let features = [world.feature(world.features[0], "read", end).await];
        world.store(&views, &features).await;
        assert_eq!((world.views_at(now).await.len(), world.features_at(now).await.len()), (1, 1));
        // What happens elsewhere does not touch it.
        ground.level(two.other, if by_the_platform { "A" } else { "B" }).await;
        assert_eq!((world.views_at(now).await.len(), world.features_at(now).await.len()), (1, 1));
        // In the transaction of the change it is over; if that is rolled back, it was not.
        let (scope, name) = if by_the_platform { (PLATFORM_SCOPE, "late") } else { (two.home(), "early") };
        for commits in [false, true] {
            let unit = ground.store.begin(scope).await.unwrap();
            if by_the_platform {
                unit.views().insert(&[ground.sample_view(name)]).await.unwrap();
            } else {
                unit.user_levels().insert(two.one, &[ground.sample_level(two.one, name)]).await.unwrap();
            }
            if commits {
                unit.commit().await.unwrap();
            } else {
                drop(unit);
            }
            let left = usize::from(!commits);
            assert_eq!((world.views_at(now).await.len(), world.features_at(now).await.len()), (left, left));
        }
    }
    // Worked out at a version that is over, it never counts.
    let versions = ground.versions(two.one).await;
    let late =
        EffectiveView { access_version: versions.organization - 1, ..world.view(two.ada, world.views[0], end).await };
    let later =
        EffectiveView { platform_version: versions.platform - 1, ..world.view(two.ada, world.views[1], end).await };
    world.store(&[late, later], &[]).await;
    assert_eq!(world.views_at(now).await, []);
}

pub async fn all_that_is_kept_is_listed_in_pages(harness: &impl Harness) {
    let world = world(harness).await;
    let (ground, two) = (&world.ground, &world.two);
    let end = ground.now().plus_seconds(600);
    let bob = ground.member(two.one, "bob").await;
    let mut all = Vec::new();
    for user in [two.ada, bob] {
        for view in world.views {
            all.push(world.view(user, view, end).await);
        }
    }
    world.store(&all, &[]).await;
    // Whether it still counts or not.
    ground.level(two.one, "Level").await;
    for limit in [1, 3, 4] {
        let found =
            pages!(ground, two.home(), limit, |unit, page| unit.effective_permissions().list_views(two.one, page));
        assert_eq!(found, all);
    }
    bad_cursors!(ground, two.home(), |unit, page| unit.effective_permissions().list_views(two.one, page));
}

pub async fn it_goes_with_what_it_is_about(harness: &impl Harness) {
    let world = world(harness).await;
    let (ground, two) = (&world.ground, &world.two);
    let end = ground.now().plus_seconds(600);
    let bob = ground.member(two.one, "bob").await;
    let views = [
        world.view(two.ada, world.views[0], end).await,
        world.view(two.ada, world.views[1], end).await,
        world.view(bob, world.views[0], end).await,
        world.view(bob, world.views[1], end).await,
    ];
    let features =
        [world.feature(world.features[0], "read", end).await, world.feature(world.features[1], "read", end).await];
    world.store(&views, &features).await;
    let page = PageRequest::first(10);
    let left = async || {
        let found = ask!(ground, two.home(), |unit| unit.effective_permissions().list_views(two.one, &page)).items;
        found.into_iter().map(|row| (row.user_id, row.view_id)).collect::<Vec<_>>()
    };
    change!(ground, PLATFORM_SCOPE, |unit| unit.views().delete(world.views[0], 1));
    assert_eq!(left().await, [(two.ada, world.views[1]), (bob, world.views[1])]);
    change!(ground, PLATFORM_SCOPE, |unit| unit.features().delete(world.features[0], 1));
    let forgotten = change!(ground, two.home(), |unit| unit.effective_permissions().delete_for_user(two.one, two.ada));
    assert_eq!(forgotten, 2);
    change!(ground, two.home(), |unit| unit.memberships().delete(two.one, bob));
    assert_eq!(left().await, []);
    // Nor is anything kept about who or what is not there.
    let now = ground.now();
    let cases = [
        world.view(bob, world.views[1], end).await,
        world.view(two.eve, world.views[1], end).await,
        world.view(two.ada, world.views[0], end).await,
    ];
    for row in cases {
        let rows = [row];
        let error = refused!(ground, two.home(), |unit| unit.effective_permissions().store_views(two.one, &rows));
        assert_eq!(error.kind, ErrorKind::NotFound);
    }
    assert_eq!(world.views_at(now).await, []);
}

pub async fn what_has_expired_is_deleted_in_batches(harness: &impl Harness) {
    let world = world(harness).await;
    let (ground, two) = (&world.ground, &world.two);
    let now = ground.now().plus_seconds(60);
    let bob = ground.member(two.one, "bob").await;
    let (past, end) = (now.plus_millis(-1), now.plus_seconds(600));
    let views = [
        world.view(two.ada, world.views[0], past).await,
        world.view(two.ada, world.views[1], end).await,
        world.view(bob, world.views[0], past).await,
    ];
    let features =
        [world.feature(world.features[0], "read", past).await, world.feature(world.features[1], "read", end).await];
    world.store(&views, &features).await;
    let first = ground.store.delete_expired_access(now, 1).await.unwrap();
    assert_eq!((first.effective_views, first.effective_features), (1, 1));
    let second = ground.store.delete_expired_access(now, 10).await.unwrap();
    assert_eq!((second.effective_views, second.effective_features), (1, 0));
    let page = PageRequest::first(10);
    let left = ask!(ground, two.home(), |unit| unit.effective_permissions().list_views(two.one, &page)).items;
    assert_eq!(left, views[1..2]);
    assert_eq!(world.features_at(now).await, features[1..]);
}

pub async fn not_from_another_organization(harness: &impl Harness) {
    let world = world(harness).await;
    let (ground, two) = (&world.ground, &world.two);
    let now = ground.now();
    let end = now.plus_seconds(600);
    let views = [world.view(two.ada, world.views[0], end).await];
    let features = [world.feature(world.features[0], "read", end).await];
    world.store(&views, &features).await;
    let page = PageRequest::first(200);
    for (scope, organization) in two.strangers_and_platform() {
        let found = ask!(ground, scope, |unit| unit.effective_permissions().views(organization, two.ada, now));
        assert_eq!(found, [], "{scope:?}");
        let found = ask!(ground, scope, |unit| unit.effective_permissions().features(organization, two.ada, now));
        assert_eq!(found, [], "{scope:?}");
        let found = ask!(ground, scope, |unit| unit.effective_permissions().find_view(
            organization,
            two.ada,
            world.views[0],
            now
        ));
        assert_eq!(found, None, "{scope:?}");
        let found = ask!(ground, scope, |unit| unit.effective_permissions().find_feature(
            organization,
            two.ada,
            world.features[0],
            "read",
            now
        ));
        assert_eq!(found, None, "{scope:?}");
        let list = ask!(ground, scope, |unit| unit.effective_permissions().list_views(organization, &page));
        assert_eq!(list.items, [], "{scope:?}");
        let gone = change!(ground, scope, |unit| unit.effective_permissions().delete_for_user(organization, two.ada));
        assert_eq!(gone, 0, "{scope:?}");
        let over = [EffectiveView { value: PermissionValue::Deny, ..views[0].clone() }];
        let over_features = [EffectiveFeature { value: PermissionValue::Allow, ..features[0].clone() }];
        for place in [two.one, two.other] {
            refused!(ground, scope, |unit| unit.effective_permissions().store_views(place, &over));
            refused!(ground, scope, |unit| unit.effective_permissions().store_features(place, &over_features));
        }
    }
    assert_eq!(world.views_at(now).await, views);
    assert_eq!(world.features_at(now).await, features);
}
