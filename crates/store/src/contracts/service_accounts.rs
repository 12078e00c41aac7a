//! Service accounts.

use super::{
    Harness,
    ground::{Ground, Two},
};
use keystead_domain::{ErrorKind, PageRequest, ServiceAccountId, accounts::ServiceAccount};

async fn find(ground: &Ground, two: &Two, id: ServiceAccountId) -> Option<ServiceAccount> {
    ask!(ground, two.home(), |unit| unit.service_accounts().find(two.one, id))
}

pub async fn an_account_is_found_as_it_was_written(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let full =
        ServiceAccount { is_active: false, version: 5, ..ground.sample_service_account(two.one, "Ünïcode 😀") };
    let plain =
        ServiceAccount { description: None, created_by: None, ..ground.sample_service_account(two.one, "plain") };
    let both = [full, plain];
    change!(ground, two.home(), |unit| unit.service_accounts().insert(two.one, &both));
    for account in &both {
        assert_eq!(find(&ground, &two, account.id).await.as_ref(), Some(account));
        let found = ask!(ground, two.home(), |unit| unit.service_accounts().find_by_name(two.one, &account.name));
        assert_eq!(found.as_ref(), Some(account));
    }
    assert_eq!(find(&ground, &two, ground.id()).await, None);
    assert_eq!(ask!(ground, two.home(), |unit| unit.service_accounts().find_by_name(two.one, "Plain")), None);
}

pub async fn a_taken_name_is_a_conflict(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    ground.service_account(two.one, "Robot").await;
    let batch = [ground.sample_service_account(two.one, "Other"), ground.sample_service_account(two.one, "Robot")];
    let error = refused!(ground, two.home(), |unit| unit.service_accounts().insert(two.one, &batch));
    assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "service_account_name_taken"));
    let other = [ground.sample_service_account(two.one, "robot")];
    change!(ground, two.home(), |unit| unit.service_accounts().insert(two.one, &other));
    let renamed = ServiceAccount { name: "Robot".to_owned(), ..other[0].clone() };
    let error = refused!(ground, two.home(), |unit| unit.service_accounts().update(two.one, &renamed));
    assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "service_account_name_taken"));
    ground.service_account(two.other, "Robot").await;
}

pub async fn accounts_are_listed_in_pages(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let all: Vec<_> =
        (0..7).map(|number| ground.sample_service_account(two.one, &format!("Robot {}", 9 - number))).collect();
    change!(ground, two.home(), |unit| unit.service_accounts().insert(two.one, &all));
    ground.service_account(two.other, "Elsewhere").await;
    for limit in [1, 3, 7] {
        assert_eq!(pages!(ground, two.home(), limit, |unit, page| unit.service_accounts().list(two.one, page)), all);
    }
    bad_cursors!(ground, two.home(), |unit, page| unit.service_accounts().list(two.one, page));
}

pub async fn a_change_raises_the_version_and_a_stale_one_is_refused(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let before = [ground.sample_service_account(two.one, "Before")];
    let id = before[0].id;
    change!(ground, two.home(), |unit| unit.service_accounts().insert(two.one, &before));
    let changed = ServiceAccount {
        name: "After".to_owned(),
        description: None,
        is_active: false,
        updated_at: ground.now(),
        ..before[0].clone()
    };
    let after = change!(ground, two.home(), |unit| unit.service_accounts().update(two.one, &changed));
    assert_eq!(after, ServiceAccount { version: 2, ..changed.clone() });
    assert_eq!(find(&ground, &two, id).await, Some(after));
    let error = refused!(ground, two.home(), |unit| unit.service_accounts().update(two.one, &changed));
    assert_eq!(error.kind, ErrorKind::PreconditionFailed);
    let error = refused!(ground, two.home(), |unit| unit.service_accounts().delete(two.one, id, 1));
    assert_eq!(error.kind, ErrorKind::PreconditionFailed);
    change!(ground, two.home(), |unit| unit.service_accounts().delete(two.one, id, 2));
    assert_eq!(find(&ground, &two, id).await, None);
}

pub async fn not_from_another_organization(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let before = [ground.sample_service_account(two.one, "Robot")];
    let id = before[0].id;
    change!(ground, two.home(), |unit| unit.service_accounts().insert(two.one, &before));
    let page = PageRequest::first(200);
    for (scope, organization) in two.strangers_and_platform() {
        assert_eq!(ask!(ground, scope, |unit| unit.service_accounts().find(organization, id)), None, "{scope:?}");
        let found = ask!(ground, scope, |unit| unit.service_accounts().find_by_name(organization, "Robot"));
        assert_eq!(found, None, "{scope:?}");
        let list = ask!(ground, scope, |unit| unit.service_accounts().list(organization, &page));
        assert_eq!(list.items, [], "{scope:?}");
        for organization_id in [two.one, organization] {
            let changed = ServiceAccount { organization_id, name: "Taken over".to_owned(), ..before[0].clone() };
            let error = refused!(ground, scope, |unit| unit.service_accounts().update(organization, &changed));
            assert_eq!(error.kind, ErrorKind::PreconditionFailed, "{scope:?}");
        }
        let error = refused!(ground, scope, |unit| unit.service_accounts().delete(organization, id, 1));
        assert_eq!(error.kind, ErrorKind::PreconditionFailed, "{scope:?}");
        let new = [ground.sample_service_account(two.one, "New")];
        for place in [two.one, two.other] {
            refused!(ground, scope, |unit| unit.service_accounts().insert(place, &new));
        }
    }
    let list = ask!(ground, two.home(), |unit| unit.service_accounts().list(two.one, &page));
    assert_eq!(list.items, before);
}
