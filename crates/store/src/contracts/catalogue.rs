//! The product catalogue: views, modules, features.

use super::{Harness, ground::Ground, samples::PLATFORM_SCOPE};
use keystead_domain::{
    ErrorKind, PageRequest, Scope, ViewId,
    access::{Feature, LevelEditor, Module, View},
};

/// The same for each of the three: repository, sample, type.
macro_rules! for_each_kind {
    ($check:ident) => {
        $check!(views, sample_view, View);
        $check!(modules, sample_module, Module);
        $check!(features, sample_feature, Feature);
    };
}

pub async fn an_entry_is_found_as_it_was_written(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    macro_rules! check {
        ($kind:ident, $sample:ident, $item:ident) => {
            let full = $item { is_active: false, version: 5, ..ground.$sample("full") };
            let plain = $item { description: None, ..ground.$sample("plain") };
            let both = [full, plain];
            change!(ground, PLATFORM_SCOPE, |unit| unit.$kind().insert(&both));
            for item in &both {
                let found = ask!(ground, PLATFORM_SCOPE, |unit| unit.$kind().find(item.id));
                assert_eq!(found.as_ref(), Some(item));
                let found = ask!(ground, PLATFORM_SCOPE, |unit| unit.$kind().find_by_key(&item.key));
                assert_eq!(found.as_ref(), Some(item));
            }
            assert_eq!(ask!(ground, PLATFORM_SCOPE, |unit| unit.$kind().find(ground.id())), None);
            assert_eq!(ask!(ground, PLATFORM_SCOPE, |unit| unit.$kind().find_by_key("FULL")), None);
            let ids = [both[1].id, ground.id(), both[0].id, both[1].id];
            assert_eq!(ask!(ground, PLATFORM_SCOPE, |unit| unit.$kind().find_many(&ids)), both);
            assert_eq!(ask!(ground, PLATFORM_SCOPE, |unit| unit.$kind().find_many(&[])), []);
            assert_eq!(ask!(ground, PLATFORM_SCOPE, |unit| unit.$kind().all()), both);
        };
    }
    for_each_kind!(check);
    // What may be left out can be empty.
    let bare = View { description: None, path: None, icon: None, ..ground.sample_view("bare") };
    let batch = [bare.clone()];
    change!(ground, PLATFORM_SCOPE, |unit| unit.views().insert(&batch));
    assert_eq!(ask!(ground, PLATFORM_SCOPE, |unit| unit.views().find(bare.id)), Some(bare));
}

pub async fn a_taken_key_is_a_conflict(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    macro_rules! check {
        ($kind:ident, $sample:ident, $item:ident) => {
            let first = [ground.$sample("same")];
            change!(ground, PLATFORM_SCOPE, |unit| unit.$kind().insert(&first));
            let batch = [ground.$sample("other"), ground.$sample("same")];
            let error = refused!(ground, PLATFORM_SCOPE, |unit| unit.$kind().insert(&batch));
            assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "key_taken"));
            // All or none.
            assert_eq!(ask!(ground, PLATFORM_SCOPE, |unit| unit.$kind().all()), first);
            let other = [ground.$sample("Same")];
            change!(ground, PLATFORM_SCOPE, |unit| unit.$kind().insert(&other));
            let renamed = $item { key: "same".to_owned(), ..other[0].clone() };
            let error = refused!(ground, PLATFORM_SCOPE, |unit| unit.$kind().update(&renamed));
            assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "key_taken"));
        };
    }
    for_each_kind!(check);
}

pub async fn entries_are_listed_in_pages(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    macro_rules! check {
        ($kind:ident, $sample:ident, $item:ident) => {
            let all: Vec<$item> = (0..7).map(|number| ground.$sample(&format!("key-{}", 9 - number))).collect();
            change!(ground, PLATFORM_SCOPE, |unit| unit.$kind().insert(&all));
            for limit in [1, 3, 7] {
                assert_eq!(pages!(ground, PLATFORM_SCOPE, limit, |unit, page| unit.$kind().list(page)), all);
            }
            bad_cursors!(ground, PLATFORM_SCOPE, |unit, page| unit.$kind().list(page));
        };
    }
    for_each_kind!(check);
}

pub async fn a_change_raises_the_version_and_a_stale_one_is_refused(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    macro_rules! check {
        ($kind:ident, $sample:ident, $item:ident) => {
            let before = [ground.$sample("before")];
            change!(ground, PLATFORM_SCOPE, |unit| unit.$kind().insert(&before));
            let id = before[0].id;
            let changed = $item {
                key: "after".to_owned(),
                name: "After".to_owned(),
                description: None,
                is_active: false,
                updated_at: ground.now(),
                ..before[0].clone()
            };
            let after = change!(ground, PLATFORM_SCOPE, |unit| unit.$kind().update(&changed));
            assert_eq!(after, $item { version: 2, ..changed.clone() });
            assert_eq!(ask!(ground, PLATFORM_SCOPE, |unit| unit.$kind().find(id)), Some(after));
            let error = refused!(ground, PLATFORM_SCOPE, |unit| unit.$kind().update(&changed));
            assert_eq!(error.kind, ErrorKind::PreconditionFailed);
            let error = refused!(ground, PLATFORM_SCOPE, |unit| unit.$kind().delete(id, 1));
            assert_eq!(error.kind, ErrorKind::PreconditionFailed);
            change!(ground, PLATFORM_SCOPE, |unit| unit.$kind().delete(id, 2));
            assert_eq!(ask!(ground, PLATFORM_SCOPE, |unit| unit.$kind().find(id)), None);
        };
    }
    for_each_kind!(check);
}

pub async fn what_is_in_use_stays(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let level = ground.level(two.one, "Level").await;
    let (shown, in_menu, under_menu) =
        (ground.view("shown").await, ground.view("menu").await, ground.view("under").await);
    let (module, feature) = (ground.module("module").await, ground.feature("feature").await);
    ground.has_module(two.one, module).await;
    let on_view = [ground.sample_view_permission(two.one, level, shown)];
    let on_feature = [ground.sample_feature_permission(two.one, level, feature, "read")];
    let by = LevelEditor::Platform;
    change!(ground, two.home(), |unit| unit.view_permissions().insert(two.one, &on_view, by));
    change!(ground, two.home(), |unit| unit.feature_permissions().insert(two.one, &on_feature, by));
    let item = keystead_domain::navigation::MenuItem { view_id: Some(in_menu), ..ground.sample_menu_item("item", 1) };
    let under = keystead_domain::navigation::SubMenuItem {
        view_id: Some(under_menu),
        ..ground.sample_sub_menu_item(&item, "under", 1)
    };
    let (items, unders) = ([item], [under]);
    change!(ground, PLATFORM_SCOPE, |unit| unit.menus().insert_items(&items));
    change!(ground, PLATFORM_SCOPE, |unit| unit.menus().insert_sub_items(&unders));
    let refusals = [
        refused!(ground, PLATFORM_SCOPE, |unit| unit.views().delete(shown, 1)),
        refused!(ground, PLATFORM_SCOPE, |unit| unit.views().delete(in_menu, 1)),
        refused!(ground, PLATFORM_SCOPE, |unit| unit.views().delete(under_menu, 1)),
        refused!(ground, PLATFORM_SCOPE, |unit| unit.modules().delete(module, 1)),
        refused!(ground, PLATFORM_SCOPE, |unit| unit.features().delete(feature, 1)),
    ];
    for error in refusals {
        assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "catalogue_in_use"));
    }
}

pub async fn only_the_platform_writes_the_catalogue(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let page = PageRequest::first(200);
    macro_rules! check {
        ($kind:ident, $sample:ident, $item:ident) => {
            let there = [ground.$sample("there")];
            change!(ground, PLATFORM_SCOPE, |unit| unit.$kind().insert(&there));
            for scope in two.everywhere_else() {
                // Everyone reads it.
                let found = ask!(ground, scope, |unit| unit.$kind().find(there[0].id));
                assert_eq!(found.as_ref(), Some(&there[0]), "{scope:?}");
                assert_eq!(ask!(ground, scope, |unit| unit.$kind().list(&page)).items, there, "{scope:?}");
                let new = [ground.$sample("new")];
                refused!(ground, scope, |unit| unit.$kind().insert(&new));
                let changed = $item { name: "Taken over".to_owned(), ..there[0].clone() };
                refused!(ground, scope, |unit| unit.$kind().update(&changed));
                refused!(ground, scope, |unit| unit.$kind().delete(there[0].id, 1));
            }
            assert_eq!(ask!(ground, PLATFORM_SCOPE, |unit| unit.$kind().all()), there);
        };
    }
    for_each_kind!(check);
    assert_eq!(ask!(ground, Scope::NONE, |unit| unit.views().find(ground.id::<ViewId>())), None);
}
