//! Which modules an organization has.

use super::{Harness, ground::Ground, samples::PLATFORM_SCOPE};
use keystead_domain::{
    ErrorKind, PageRequest,
    access::{Module, OrganizationModule},
};

pub async fn a_module_is_found_as_it_was_given(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let module = ground.module("billing").await;
    let full = OrganizationModule {
        is_active: false,
        version: 5,
        ..ground.sample_organization_module(two.one, ground.module("crm").await)
    };
    let plain = ground.sample_organization_module(two.one, module);
    let both = [full, plain];
    change!(ground, two.home(), |unit| unit.organization_modules().insert(two.one, &both));
    for row in &both {
        let found = ask!(ground, two.home(), |unit| unit.organization_modules().find(two.one, row.id));
        assert_eq!(found.as_ref(), Some(row));
        let found = ask!(ground, two.home(), |unit| unit.organization_modules().find_by_module(two.one, row.module_id));
        assert_eq!(found.as_ref(), Some(row));
    }
    assert_eq!(ask!(ground, two.home(), |unit| unit.organization_modules().find(two.one, ground.id())), None);
    // Each has its own.
    ground.has_module(two.other, module).await;
}

pub async fn a_module_is_given_once(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let (module, other) = (ground.module("billing").await, ground.module("crm").await);
    let first = ground.has_module(two.one, module).await;
    let again = [ground.sample_organization_module(two.one, other), ground.sample_organization_module(two.one, module)];
    let error = refused!(ground, two.home(), |unit| unit.organization_modules().insert(two.one, &again));
    assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "module_already_there"));
    let nowhere = [ground.sample_organization_module(two.one, ground.id())];
    let error = refused!(ground, two.home(), |unit| unit.organization_modules().insert(two.one, &nowhere));
    assert_eq!(error.kind, ErrorKind::NotFound);
    // All or none.
    let page = PageRequest::first(10);
    assert_eq!(ask!(ground, two.home(), |unit| unit.organization_modules().list(two.one, &page)).items, [first]);
}

pub async fn what_is_there_is_overwritten(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let (module, other) = (ground.module("billing").await, ground.module("crm").await);
    let there = ground.has_module(two.one, module).await;
    let renewed = OrganizationModule { is_active: false, ..ground.sample_organization_module(two.one, module) };
    let new = ground.sample_organization_module(two.one, other);
    // Of two for the same module the last one counts.
    let passed_over = ground.sample_organization_module(two.one, module);
    let rows = [passed_over, renewed.clone(), new.clone()];
    change!(ground, two.home(), |unit| unit.organization_modules().upsert(two.one, &rows));
    let expected = OrganizationModule { is_active: false, updated_at: renewed.updated_at, version: 2, ..there };
    let page = PageRequest::first(10);
    let found = ask!(ground, two.home(), |unit| unit.organization_modules().list(two.one, &page)).items;
    assert_eq!(found, [expected, new]);
    change!(ground, two.home(), |unit| unit.organization_modules().upsert(two.one, &[]));
}

pub async fn modules_are_listed_in_pages(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let mut all = Vec::new();
    for number in 0..7 {
        let module = ground.module(&format!("module-{number}")).await;
        all.push(ground.has_module(two.one, module).await);
        ground.has_module(two.other, module).await;
    }
    for limit in [1, 3, 7] {
        let found = pages!(ground, two.home(), limit, |unit, page| unit.organization_modules().list(two.one, page));
        assert_eq!(found, all);
    }
    bad_cursors!(ground, two.home(), |unit, page| unit.organization_modules().list(two.one, page));
}

pub async fn active_modules_are_joined_in_order(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let module = |key: &str, order_index, is_active| Module { order_index, is_active, ..ground.sample_module(key) };
    let all = [
        module("last", 9, true),
        module("first", -1, true),
        module("off", 0, false),
        module("paused", 0, true),
        module("foreign", 0, true),
        module("second", -1, true),
    ];
    change!(ground, PLATFORM_SCOPE, |unit| unit.modules().insert(&all));
    for index in [0, 1, 2, 5] {
        ground.has_module(two.one, all[index].id).await;
    }
    let paused = [OrganizationModule { is_active: false, ..ground.sample_organization_module(two.one, all[3].id) }];
    change!(ground, two.home(), |unit| unit.organization_modules().insert(two.one, &paused));
    ground.has_module(two.other, all[4].id).await;
    let found = ask!(ground, two.home(), |unit| unit.organization_modules().active_modules(two.one));
    assert_eq!(found, [all[1].clone(), all[5].clone(), all[0].clone()]);
}

pub async fn a_change_raises_the_version_and_a_stale_one_is_refused(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let (module, other) = (ground.module("billing").await, ground.module("crm").await);
    let before = ground.has_module(two.one, module).await;
    let changed = OrganizationModule { is_active: false, updated_at: ground.now(), ..before.clone() };
    let after = change!(ground, two.home(), |unit| unit.organization_modules().update(two.one, &changed));
    assert_eq!(after, OrganizationModule { version: 2, ..changed.clone() });
    let found = ask!(ground, two.home(), |unit| unit.organization_modules().find(two.one, before.id));
    assert_eq!(found.as_ref(), Some(&after));
    let moved = OrganizationModule { module_id: other, ..after };
    for stale in [changed, moved] {
        let error = refused!(ground, two.home(), |unit| unit.organization_modules().update(two.one, &stale));
        assert_eq!(error.kind, ErrorKind::PreconditionFailed);
    }
    let error = refused!(ground, two.home(), |unit| unit.organization_modules().delete(two.one, before.id, 1));
    assert_eq!(error.kind, ErrorKind::PreconditionFailed);
    change!(ground, two.home(), |unit| unit.organization_modules().delete(two.one, before.id, 2));
    assert_eq!(ask!(ground, two.home(), |unit| unit.organization_modules().find(two.one, before.id)), None);
}

pub async fn not_from_another_organization(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let (module, free) = (ground.module("billing").await, ground.module("crm").await);
    let before = ground.has_module(two.one, module).await;
    let page = PageRequest::first(200);
    for (scope, organization) in two.strangers_and_platform() {
        let found = ask!(ground, scope, |unit| unit.organization_modules().find(organization, before.id));
        assert_eq!(found, None, "{scope:?}");
        let found = ask!(ground, scope, |unit| unit.organization_modules().find_by_module(organization, module));
        assert_eq!(found, None, "{scope:?}");
        let list = ask!(ground, scope, |unit| unit.organization_modules().list(organization, &page));
        assert_eq!(list.items, [], "{scope:?}");
        let joined = ask!(ground, scope, |unit| unit.organization_modules().active_modules(organization));
        assert_eq!(joined, [], "{scope:?}");
        for organization_id in [two.one, organization] {
            let changed = OrganizationModule { organization_id, is_active: false, ..before.clone() };
            let error = refused!(ground, scope, |unit| unit.organization_modules().update(organization, &changed));
            assert_eq!(error.kind, ErrorKind::PreconditionFailed, "{scope:?}");
        }
        let error = refused!(ground, scope, |unit| unit.organization_modules().delete(organization, before.id, 1));
        assert_eq!(error.kind, ErrorKind::PreconditionFailed, "{scope:?}");
        let new = [ground.sample_organization_module(two.one, free)];
        for place in [two.one, two.other] {
            refused!(ground, scope, |unit| unit.organization_modules().insert(place, &new));
            refused!(ground, scope, |unit| unit.organization_modules().upsert(place, &new));
        }
        let over = [OrganizationModule { is_active: false, ..before.clone() }];
        refused!(ground, scope, |unit| unit.organization_modules().upsert(two.one, &over));
    }
    let list = ask!(ground, two.home(), |unit| unit.organization_modules().list(two.one, &page));
    assert_eq!(list.items, [before]);
}
