//! The product's menu.

use super::{Harness, ground::Ground, samples::PLATFORM_SCOPE};
use keystead_domain::{
    ErrorKind, PageRequest,
    navigation::{Menu, MenuItem, SubMenuItem},
};

async fn add(ground: &Ground, items: &[MenuItem], below: &[SubMenuItem]) {
    change!(ground, PLATFORM_SCOPE, |unit| unit.menus().insert_items(items));
    change!(ground, PLATFORM_SCOPE, |unit| unit.menus().insert_sub_items(below));
}

async fn menus(ground: &Ground) -> Vec<Menu> {
    ask!(ground, PLATFORM_SCOPE, |unit| unit.menus().menus())
}

pub async fn an_item_is_found_as_it_was_written(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let view = ground.view("view").await;
    let full = MenuItem { view_id: Some(view), is_active: false, version: 5, ..ground.sample_menu_item("full", -3) };
    let plain = MenuItem { description: None, path: None, icon: None, ..ground.sample_menu_item("plain", i32::MAX) };
    let below = [
        SubMenuItem {
            description: Some("Was?".to_owned()),
            path: Some("/x".to_owned()),
            icon: Some("x".to_owned()),
            view_id: Some(view),
            is_active: false,
            version: 5,
            ..ground.sample_sub_menu_item(&full, "full", i32::MIN)
        },
        ground.sample_sub_menu_item(&full, "plain", 1),
    ];
    let items = [full, plain];
    add(&ground, &items, &below).await;
    for item in &items {
        let found = ask!(ground, PLATFORM_SCOPE, |unit| unit.menus().find_item(item.id));
        assert_eq!(found.as_ref(), Some(item));
        let found = ask!(ground, PLATFORM_SCOPE, |unit| unit.menus().find_item_by_key(&item.key));
        assert_eq!(found.as_ref(), Some(item));
    }
    for item in &below {
        let found = ask!(ground, PLATFORM_SCOPE, |unit| unit.menus().find_sub_item(item.id));
        assert_eq!(found.as_ref(), Some(item));
        let found = ask!(ground, PLATFORM_SCOPE, |unit| unit.menus().find_sub_item_by_key(&item.key));
        assert_eq!(found.as_ref(), Some(item));
    }
    assert_eq!(ask!(ground, PLATFORM_SCOPE, |unit| unit.menus().find_item(ground.id())), None);
    assert_eq!(ask!(ground, PLATFORM_SCOPE, |unit| unit.menus().find_sub_item(ground.id())), None);
}

pub async fn the_menu_is_read_whole_and_in_order(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let items = [
        ground.sample_menu_item("last", 9),
        ground.sample_menu_item("first", -1),
        MenuItem { is_active: false, ..ground.sample_menu_item("second", -1) },
    ];
    let below = [
        ground.sample_sub_menu_item(&items[0], "b", 2),
        ground.sample_sub_menu_item(&items[1], "x", 0),
        ground.sample_sub_menu_item(&items[0], "a", 1),
        ground.sample_sub_menu_item(&items[0], "c", 2),
    ];
    add(&ground, &items, &below).await;
    let [b, x, a, c] = below;
    let [last, first, second] = items;
    let under_last = vec![a, b, c];
    let under = ask!(ground, PLATFORM_SCOPE, |unit| unit.menus().under(last.id));
    assert_eq!(under, under_last);
    let expected = [
        Menu { item: first, items: vec![x] },
        Menu { item: second, items: Vec::new() },
        Menu { item: last, items: under_last },
    ];
    assert_eq!(menus(&ground).await, expected);
}

pub async fn items_are_listed_in_pages(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let items: Vec<_> = (0..5).map(|number| ground.sample_menu_item(&format!("item-{number}"), 5 - number)).collect();
    let below: Vec<_> =
        (0..5).map(|number| ground.sample_sub_menu_item(&items[0], &format!("sub-{number}"), 5 - number)).collect();
    add(&ground, &items, &below).await;
    for limit in [1, 3, 5] {
        assert_eq!(pages!(ground, PLATFORM_SCOPE, limit, |unit, page| unit.menus().list_items(page)), items);
        assert_eq!(pages!(ground, PLATFORM_SCOPE, limit, |unit, page| unit.menus().list_sub_items(page)), below);
    }
    bad_cursors!(ground, PLATFORM_SCOPE, |unit, page| unit.menus().list_items(page));
    bad_cursors!(ground, PLATFORM_SCOPE, |unit, page| unit.menus().list_sub_items(page));
}

pub async fn keys_and_references_are_checked(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let item = ground.sample_menu_item("same", 1);
    let below = ground.sample_sub_menu_item(&item, "same", 1);
    add(&ground, std::slice::from_ref(&item), std::slice::from_ref(&below)).await;
    let batch = [ground.sample_menu_item("other", 1), ground.sample_menu_item("same", 1)];
    let error = refused!(ground, PLATFORM_SCOPE, |unit| unit.menus().insert_items(&batch));
    assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "key_taken"));
    let batch = [ground.sample_sub_menu_item(&item, "other", 1), ground.sample_sub_menu_item(&item, "same", 1)];
    let error = refused!(ground, PLATFORM_SCOPE, |unit| unit.menus().insert_sub_items(&batch));
    assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "key_taken"));

    let no_view = [MenuItem { view_id: Some(ground.id()), ..ground.sample_menu_item("a", 1) }];
    let error = refused!(ground, PLATFORM_SCOPE, |unit| unit.menus().insert_items(&no_view));
    assert_eq!(error.kind, ErrorKind::NotFound);
    for wrong in [
        SubMenuItem { view_id: Some(ground.id()), ..ground.sample_sub_menu_item(&item, "a", 1) },
        SubMenuItem { menu_item_id: ground.id(), ..ground.sample_sub_menu_item(&item, "a", 1) },
    ] {
        let wrong = [wrong];
        let error = refused!(ground, PLATFORM_SCOPE, |unit| unit.menus().insert_sub_items(&wrong));
        assert_eq!(error.kind, ErrorKind::NotFound);
    }
    assert_eq!(menus(&ground).await, [Menu { item, items: vec![below] }]);
}

pub async fn a_change_raises_the_version_and_a_stale_one_is_refused(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let items = [ground.sample_menu_item("item", 1), ground.sample_menu_item("other", 2)];
    let below = [ground.sample_sub_menu_item(&items[0], "sub", 1)];
    add(&ground, &items, &below).await;
    let changed = MenuItem { name: "After".to_owned(), order_index: 3, is_active: false, ..items[0].clone() };
    let after = change!(ground, PLATFORM_SCOPE, |unit| unit.menus().update_item(&changed));
    assert_eq!(after, MenuItem { version: 2, ..changed.clone() });
    let moved = SubMenuItem { menu_item_id: items[1].id, name: "Moved".to_owned(), ..below[0].clone() };
    let moved_after = change!(ground, PLATFORM_SCOPE, |unit| unit.menus().update_sub_item(&moved));
    assert_eq!(moved_after, SubMenuItem { version: 2, ..moved.clone() });
    let expected = [
        Menu { item: items[1].clone(), items: vec![moved_after.clone()] },
        Menu { item: after.clone(), items: Vec::new() },
    ];
    assert_eq!(menus(&ground).await, expected);
    let stale = [
        refused!(ground, PLATFORM_SCOPE, |unit| unit.menus().update_item(&changed)),
        refused!(ground, PLATFORM_SCOPE, |unit| unit.menus().update_sub_item(&moved)),
        refused!(ground, PLATFORM_SCOPE, |unit| unit.menus().delete_item(after.id, 1)),
        refused!(ground, PLATFORM_SCOPE, |unit| unit.menus().delete_sub_item(moved.id, 1)),
    ];
    for error in stale {
        assert_eq!(error.kind, ErrorKind::PreconditionFailed);
    }
    change!(ground, PLATFORM_SCOPE, |unit| unit.menus().delete_item(after.id, 2));
    // What stands under an item goes with it.
    change!(ground, PLATFORM_SCOPE, |unit| unit.menus().delete_item(items[1].id, 1));
    assert_eq!(ask!(ground, PLATFORM_SCOPE, |unit| unit.menus().find_sub_item(moved.id)), None);
    add(&ground, &items[..1], &below).await;
    change!(ground, PLATFORM_SCOPE, |unit| unit.menus().delete_sub_item(below[0].id, 1));
    assert_eq!(menus(&ground).await, [Menu { item: items[0].clone(), items: Vec::new() }]);
}

pub async fn only_the_platform_writes_the_menu(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let item = ground.sample_menu_item("item", 1);
    let below = ground.sample_sub_menu_item(&item, "sub", 1);
    add(&ground, std::slice::from_ref(&item), std::slice::from_ref(&below)).await;
    let expected = [Menu { item: item.clone(), items: vec![below.clone()] }];
    let page = PageRequest::first(200);
    for scope in two.everywhere_else() {
        assert_eq!(ask!(ground, scope, |unit| unit.menus().menus()), expected, "{scope:?}");
        assert_eq!(ask!(ground, scope, |unit| unit.menus().list_items(&page)).items.len(), 1, "{scope:?}");
        let new = [ground.sample_menu_item("new", 1)];
        refused!(ground, scope, |unit| unit.menus().insert_items(&new));
        let new = [ground.sample_sub_menu_item(&item, "new", 1)];
        refused!(ground, scope, |unit| unit.menus().insert_sub_items(&new));
        let changed = MenuItem { name: "Taken over".to_owned(), ..item.clone() };
        refused!(ground, scope, |unit| unit.menus().update_item(&changed));
        let changed = SubMenuItem { name: "Taken over".to_owned(), ..below.clone() };
        refused!(ground, scope, |unit| unit.menus().update_sub_item(&changed));
        refused!(ground, scope, |unit| unit.menus().delete_item(item.id, 1));
        refused!(ground, scope, |unit| unit.menus().delete_sub_item(below.id, 1));
    }
    assert_eq!(menus(&ground).await, expected);
}
