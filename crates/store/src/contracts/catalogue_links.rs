//! What belongs together in the catalogue.

use super::{Harness, ground::Ground, samples::PLATFORM_SCOPE};
use keystead_domain::{
    ErrorKind, FeatureId, ModuleId, ViewId,
    access::{CatalogueLinks, FeatureView, ModuleFeature, ModuleView},
};

/// Two of each.
struct Parts {
    views: [ViewId; 2],
    modules: [ModuleId; 2],
    features: [FeatureId; 2],
}

async fn parts(ground: &Ground) -> Parts {
    Parts {
        views: [ground.view("a").await, ground.view("b").await],
        modules: [ground.module("a").await, ground.module("b").await],
        features: [ground.feature("a").await, ground.feature("b").await],
    }
}

/// Every feature in every view, every module with everything.
fn every_link(parts: &Parts) -> CatalogueLinks {
    let mut links = CatalogueLinks::default();
    for &view_id in &parts.views {
        links.feature_views.extend(parts.features.iter().map(|&feature_id| FeatureView { feature_id, view_id }));
        links.module_views.extend(parts.modules.iter().map(|&module_id| ModuleView { module_id, view_id }));
    }
    for &feature_id in &parts.features {
        links.module_features.extend(parts.modules.iter().map(|&module_id| ModuleFeature { module_id, feature_id }));
    }
    links.feature_views.sort_unstable();
    links.module_views.sort_unstable();
    links.module_features.sort_unstable();
    links
}

async fn all(ground: &Ground) -> CatalogueLinks {
    ask!(ground, PLATFORM_SCOPE, |unit| unit.catalogue_links().all())
}

pub async fn links_are_added_once_and_removed(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let parts = parts(&ground).await;
    let (links, now) = (every_link(&parts), ground.now());
    let some = CatalogueLinks { feature_views: links.feature_views[..2].to_vec(), ..CatalogueLinks::default() };
    assert_eq!(change!(ground, PLATFORM_SCOPE, |unit| unit.catalogue_links().link(&some, now)), 2);
    assert_eq!(change!(ground, PLATFORM_SCOPE, |unit| unit.catalogue_links().link(&links, now)), 10);
    assert_eq!(change!(ground, PLATFORM_SCOPE, |unit| unit.catalogue_links().link(&links, now)), 0);
    assert_eq!(all(&ground).await, links);
    assert_eq!(change!(ground, PLATFORM_SCOPE, |unit| unit.catalogue_links().unlink(&some)), 2);
    assert_eq!(change!(ground, PLATFORM_SCOPE, |unit| unit.catalogue_links().unlink(&some)), 0);
    let mut left = links.clone();
    left.feature_views.drain(..2);
    assert_eq!(all(&ground).await, left);
    assert_eq!(change!(ground, PLATFORM_SCOPE, |unit| unit.catalogue_links().unlink(&links)), 10);
    assert_eq!(all(&ground).await, CatalogueLinks::default());
}

pub async fn links_to_nothing_are_refused(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let parts = parts(&ground).await;
    let now = ground.now();
    let ([view, _], [module, _], [feature, _]) = (parts.views, parts.modules, parts.features);
    let none = CatalogueLinks::default();
    let cases = [
        CatalogueLinks { feature_views: vec![FeatureView { feature_id: ground.id(), view_id: view }], ..none.clone() },
        CatalogueLinks {
            feature_views: vec![FeatureView { feature_id: feature, view_id: ground.id() }],
            ..none.clone()
        },
        CatalogueLinks { module_views: vec![ModuleView { module_id: ground.id(), view_id: view }], ..none.clone() },
        CatalogueLinks { module_views: vec![ModuleView { module_id: module, view_id: ground.id() }], ..none.clone() },
        CatalogueLinks {
            module_features: vec![ModuleFeature { module_id: ground.id(), feature_id: feature }],
            ..none.clone()
        },
        CatalogueLinks {
            module_features: vec![ModuleFeature { module_id: module, feature_id: ground.id() }],
            ..none.clone()
        },
    ];
    for links in cases {
        let error = refused!(ground, PLATFORM_SCOPE, |unit| unit.catalogue_links().link(&links, now));
        assert_eq!(error.kind, ErrorKind::NotFound, "{links:?}");
    }
    assert_eq!(all(&ground).await, none);
}

pub async fn what_belongs_together_is_replaced_and_joined(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let parts = parts(&ground).await;
    let ([a, b], now) = (parts.views, ground.now());
    let ([module, other], [feature, second]) = (parts.modules, parts.features);
    macro_rules! ids {
        ($call:ident, $id:expr) => {{
            let found = ask!(ground, PLATFORM_SCOPE, |unit| unit.catalogue_links().$call($id));
            found.into_iter().map(|item| item.id).collect::<Vec<_>>()
        }};
    }
    let both = [b, a, b];
    change!(ground, PLATFORM_SCOPE, |unit| unit.catalogue_links().replace_module_views(module, &both, now));
    change!(ground, PLATFORM_SCOPE, |unit| unit.catalogue_links().replace_module_views(other, &[a], now));
    assert_eq!(ids!(views_of_module, module), [a, b]);
    assert_eq!(ids!(modules_of_view, a), [module, other]);
    assert_eq!(ids!(modules_of_view, b), [module]);
    change!(ground, PLATFORM_SCOPE, |unit| unit.catalogue_links().replace_module_views(module, &[b], now));
    assert_eq!(ids!(views_of_module, module), [b]);

    let all = [feature, second];
    change!(ground, PLATFORM_SCOPE, |unit| unit.catalogue_links().replace_module_features(module, &all, now));
    assert_eq!(ids!(features_of_module, module), all);
    assert_eq!(ids!(modules_of_feature, second), [module]);
    assert_eq!(ids!(features_of_module, other), []);

    change!(ground, PLATFORM_SCOPE, |unit| unit.catalogue_links().replace_feature_views(feature, &[a, b], now));
    change!(ground, PLATFORM_SCOPE, |unit| unit.catalogue_links().replace_feature_views(second, &[a], now));
    assert_eq!(ids!(views_of_feature, feature), [a, b]);
    assert_eq!(ids!(features_of_view, a), [feature, second]);
    change!(ground, PLATFORM_SCOPE, |unit| unit.catalogue_links().replace_feature_views(feature, &[], now));
    assert_eq!(ids!(views_of_feature, feature), []);
    assert_eq!(ids!(features_of_view, a), [second]);
}

pub async fn links_go_with_what_they_link(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let parts = parts(&ground).await;
    let (links, now) = (every_link(&parts), ground.now());
    change!(ground, PLATFORM_SCOPE, |unit| unit.catalogue_links().link(&links, now));
    change!(ground, PLATFORM_SCOPE, |unit| unit.views().delete(parts.views[0], 1));
    change!(ground, PLATFORM_SCOPE, |unit| unit.modules().delete(parts.modules[0], 1));
    change!(ground, PLATFORM_SCOPE, |unit| unit.features().delete(parts.features[0], 1));
    let (view_id, module_id, feature_id) = (parts.views[1], parts.modules[1], parts.features[1]);
    let left = CatalogueLinks {
        feature_views: vec![FeatureView { feature_id, view_id }],
        module_views: vec![ModuleView { module_id, view_id }],
        module_features: vec![ModuleFeature { module_id, feature_id }],
    };
    assert_eq!(all(&ground).await, left);
}

pub async fn only_the_platform_links(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let parts = parts(&ground).await;
    let (links, now) = (every_link(&parts), ground.now());
    let some = CatalogueLinks { feature_views: Vec::new(), ..links.clone() };
    change!(ground, PLATFORM_SCOPE, |unit| unit.catalogue_links().link(&some, now));
    for scope in two.everywhere_else() {
        assert_eq!(ask!(ground, scope, |unit| unit.catalogue_links().all()), some, "{scope:?}");
        refused!(ground, scope, |unit| unit.catalogue_links().link(&links, now));
        // Whether it is refused or touches nothing, what follows must find everything as it was.
        let _ = attempt!(ground, scope, |unit| unit.catalogue_links().unlink(&some));
        let (module, feature) = (parts.modules[0], parts.features[0]);
        let _ = attempt!(ground, scope, |unit| unit.catalogue_links().replace_module_views(module, &[], now));
        let _ = attempt!(ground, scope, |unit| unit.catalogue_links().replace_module_features(module, &[], now));
        let views = [parts.views[0]];
        refused!(ground, scope, |unit| unit.catalogue_links().replace_feature_views(feature, &views, now));
    }
    assert_eq!(all(&ground).await, some);
}
