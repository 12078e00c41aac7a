//! Keys of service accounts.

use super::{
    Harness,
    ground::{DAY, Ground, Two},
};
use crate::{ApiKeyRecord, ApiKeyUse};
use keystead_domain::{
    ApiKeyId, ErrorKind, OrganizationId, PageRequest, Scope, ServiceAccountId,
    accounts::{ApiKey, ServiceAccount},
    organizations::OrganizationStatus,
};

fn sample(ground: &Ground, organization_id: OrganizationId, account: ServiceAccountId, prefix: &str) -> ApiKey {
    let now = ground.now();
    ApiKey {
        id: ground.id(),
        organization_id,
        service_account_id: account,
        prefix: prefix.to_owned(),
        scopes: vec!["access:evaluate".to_owned(), "access:search".to_owned()],
        replaces_id: None,
        expires_at: None,
        last_used_at: None,
        revoked_at: None,
        created_by: None,
        created_at: now,
        updated_at: now,
        version: 1,
    }
}

/// The hash of a key, which follows from its prefix here.
fn hash(key: &ApiKey) -> Vec<u8> {
    let mut hash = key.prefix.clone().into_bytes();
    hash.resize(32, 7);
    hash
}

async fn add(ground: &Ground, key: &ApiKey) {
    let (scope, hash) = (Scope::organization(key.organization_id), hash(key));
    change!(ground, scope, |unit| unit.api_keys().insert(key.organization_id, key, &hash));
}

async fn find(ground: &Ground, two: &Two, id: ApiKeyId) -> Option<ApiKey> {
    ask!(ground, two.home(), |unit| unit.api_keys().find(two.one, id))
}

pub async fn a_key_is_found_as_it_was_written(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let account = ground.service_account(two.one, "Robot").await;
    let plain = ApiKey { scopes: Vec::new(), ..sample(&ground, two.one, account, "plain") };
    let full = ApiKey {
        replaces_id: Some(plain.id),
        expires_at: Some(ground.now().plus_seconds(DAY)),
        last_used_at: Some(ground.now()),
        revoked_at: Some(ground.now()),
        created_by: Some("user:ada".to_owned()),
        version: 5,
        ..sample(&ground, two.one, account, "full")
    };
    for key in [plain, full] {
        add(&ground, &key).await;
        assert_eq!(find(&ground, &two, key.id).await.as_ref(), Some(&key));
        let found = ask!(ground, two.home(), |unit| unit.api_keys().find_by_prefix(two.one, &key.prefix));
        assert_eq!(found, Some(key));
    }
    assert_eq!(find(&ground, &two, ground.id()).await, None);
}

pub async fn a_prefix_is_taken_everywhere_and_accounts_must_be_there(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let account = ground.service_account(two.one, "Robot").await;
    let foreign = ground.service_account(two.other, "Robot").await;
    add(&ground, &sample(&ground, two.other, foreign, "same")).await;
    let again = sample(&ground, two.one, account, "same");
    let error = refused!(ground, two.home(), |unit| unit.api_keys().insert(two.one, &again, &hash(&again)));
    assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "api_key_prefix_taken"));
    for nobody in [foreign, ground.id()] {
        let key = sample(&ground, two.one, nobody, "other");
        let error = refused!(ground, two.home(), |unit| unit.api_keys().insert(two.one, &key, &hash(&key)));
        assert_eq!(error.kind, ErrorKind::NotFound);
    }
}

pub async fn keys_are_listed_in_pages(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let account = ground.service_account(two.one, "Robot").await;
    let other = ground.service_account(two.one, "Other").await;
    let mut all = Vec::new();
    for number in 0..5 {
        all.push(sample(&ground, two.one, account, &format!("key-{}", 9 - number)));
        add(&ground, &all[number]).await;
        add(&ground, &sample(&ground, two.one, other, &format!("other-{number}"))).await;
    }
    for limit in [1, 3, 5] {
        let found = pages!(ground, two.home(), limit, |unit, page| unit.api_keys().list(two.one, account, page));
        assert_eq!(found, all);
    }
    bad_cursors!(ground, two.home(), |unit, page| unit.api_keys().list(two.one, account, page));
}

pub async fn a_change_raises_the_version_and_a_stale_one_is_refused(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let account = ground.service_account(two.one, "Robot").await;
    let other = ground.service_account(two.one, "Other").await;
    let before = sample(&ground, two.one, account, "key");
    add(&ground, &before).await;
    let changed = ApiKey {
        scopes: vec!["access:evaluate".to_owned()],
        expires_at: Some(ground.now()),
        revoked_at: Some(ground.now()),
        updated_at: ground.now(),
        ..before.clone()
    };
    let after = change!(ground, two.home(), |unit| unit.api_keys().update(two.one, &changed));
    assert_eq!(after, ApiKey { version: 2, ..changed.clone() });
    assert_eq!(find(&ground, &two, before.id).await.as_ref(), Some(&after));
    let moved = ApiKey { service_account_id: other, ..after };
    for stale in [changed, moved] {
        let error = refused!(ground, two.home(), |unit| unit.api_keys().update(two.one, &stale));
        assert_eq!(error.kind, ErrorKind::PreconditionFailed);
    }
    let error = refused!(ground, two.home(), |unit| unit.api_keys().delete(two.one, before.id, 1));
    assert_eq!(error.kind, ErrorKind::PreconditionFailed);
    change!(ground, two.home(), |unit| unit.api_keys().delete(two.one, before.id, 2));
    assert_eq!(find(&ground, &two, before.id).await, None);
    // Keys go with their account.
    let key = sample(&ground, two.one, account, "key");
    add(&ground, &key).await;
    change!(ground, two.home(), |unit| unit.service_accounts().delete(two.one, account, 1));
    assert_eq!(find(&ground, &two, key.id).await, None);
}

pub async fn live_keys_of_an_account_are_withdrawn_at_once(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let account = ground.service_account(two.one, "Robot").await;
    let other = ground.service_account(two.one, "Other").await;
    let now = ground.now().plus_seconds(60);
    let live = sample(&ground, two.one, account, "live");
    let ending = ApiKey { expires_at: Some(now.plus_seconds(1)), ..sample(&ground, two.one, account, "ending") };
    let expired = ApiKey { expires_at: Some(now), ..sample(&ground, two.one, account, "expired") };
    let revoked = ApiKey { revoked_at: Some(ground.now()), ..sample(&ground, two.one, account, "revoked") };
    let others = sample(&ground, two.one, other, "others");
    for key in [&live, &ending, &expired, &revoked, &others] {
        add(&ground, key).await;
    }
    assert_eq!(change!(ground, two.home(), |unit| unit.api_keys().revoke_all(two.one, account, now)), 2);
    assert_eq!(change!(ground, two.home(), |unit| unit.api_keys().revoke_all(two.one, account, now)), 0);
    for key in [live, ending] {
        let expected = ApiKey { revoked_at: Some(now), updated_at: now, version: 2, ..key };
        assert_eq!(find(&ground, &two, expected.id).await, Some(expected));
    }
    for key in [expired, revoked, others] {
        assert_eq!(find(&ground, &two, key.id).await, Some(key));
    }
}

pub async fn a_key_opens_while_everything_about_it_is_live(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let account = ground.sample_service_account(two.one, "Robot");
    let accounts = [account.clone()];
    change!(ground, two.home(), |unit| unit.service_accounts().insert(two.one, &accounts));
    let end = ground.now().plus_seconds(60);
    let key = ApiKey { expires_at: Some(end), ..sample(&ground, two.one, account.id, "key") };
    add(&ground, &key).await;
    let opens = async |key: &ApiKey, now| ground.store.find_api_key(&key.prefix, &hash(key), now).await.unwrap();
    let now = ground.now();
    let unit = ground.store.read(two.home()).await.unwrap();
    let versions = unit.access_changes().versions(two.one).await.unwrap();
    drop(unit);
    assert!(versions.organization > 0);
    let record = ApiKeyRecord {
        id: key.id,
        organization_id: two.one,
        service_account_id: account.id,
        name: "Robot".to_owned(),
        scopes: key.scopes.clone(),
        expires_at: key.expires_at,
        last_used_at: None,
        versions,
    };
    assert_eq!(opens(&key, now).await, Some(record));
    assert!(opens(&key, end.plus_millis(-1)).await.is_some());
    assert_eq!(opens(&key, end).await, None);
    // Neither with another hash nor with another prefix.
    assert_eq!(ground.store.find_api_key("key", &[7; 32], now).await.unwrap(), None);
    assert_eq!(ground.store.find_api_key("KEY", &hash(&key), now).await.unwrap(), None);
    // Without an end it never ends.
    let endless = sample(&ground, two.one, account.id, "endless");
    add(&ground, &endless).await;
    assert!(opens(&endless, end.plus_seconds(1000 * DAY)).await.is_some());

    let off = ServiceAccount { is_active: false, ..account };
    let off = change!(ground, two.home(), |unit| unit.service_accounts().update(two.one, &off));
    assert_eq!(opens(&endless, now).await, None);
    let on = ServiceAccount { is_active: true, ..off };
    change!(ground, two.home(), |unit| unit.service_accounts().update(two.one, &on));
    assert!(opens(&endless, now).await.is_some());
    let withdrawn = ApiKey { revoked_at: Some(now), ..key };
    change!(ground, two.home(), |unit| unit.api_keys().update(two.one, &withdrawn));
    assert_eq!(opens(&withdrawn, now).await, None);
    let mut organization = ask!(ground, two.home(), |unit| unit.organizations().find(two.one, two.one)).unwrap();
    organization.status = OrganizationStatus::Archived;
    change!(ground, two.home(), |unit| unit.organizations().update(two.one, &organization));
    assert_eq!(opens(&endless, now).await, None);
}

pub async fn use_is_written_in_one_batch_and_never_moves_back(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let account = ground.service_account(two.one, "Robot").await;
    let foreign = ground.service_account(two.other, "Robot").await;
    let keys = [
        sample(&ground, two.one, account, "a"),
        sample(&ground, two.one, account, "b"),
        sample(&ground, two.other, foreign, "c"),
    ];
    for key in &keys {
        add(&ground, key).await;
    }
    let (first, second) = (ground.now(), ground.now());
    let at = |index: usize, at| ApiKeyUse { id: keys[index].id, at };
    let versions = ground.versions(two.one).await;
    let uses = [at(0, second), at(0, first), at(2, first), ApiKeyUse { id: ground.id(), at: first }];
    ground.store.record_api_key_use(&uses).await.unwrap();
    ground.store.record_api_key_use(&[at(0, first), at(1, first)]).await.unwrap();
    ground.store.record_api_key_use(&[]).await.unwrap();
    for (key, at) in keys[..2].iter().zip([second, first]) {
        let expected = ApiKey { last_used_at: Some(at), ..key.clone() };
        assert_eq!(find(&ground, &two, key.id).await, Some(expected));
    }
    let found = ask!(ground, two.elsewhere(), |unit| unit.api_keys().find(two.other, keys[2].id)).unwrap();
    assert_eq!(found.last_used_at, Some(first));
    // That it is used changes nothing of what it opens.
    assert_eq!(ground.versions(two.one).await, versions);
}

pub async fn not_from_another_organization(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let account = ground.service_account(two.one, "Robot").await;
    let before = sample(&ground, two.one, account, "key");
    add(&ground, &before).await;
    let (page, now) = (PageRequest::first(200), ground.now());
    for (scope, organization) in two.strangers_and_platform() {
        assert_eq!(ask!(ground, scope, |unit| unit.api_keys().find(organization, before.id)), None, "{scope:?}");
        let found = ask!(ground, scope, |unit| unit.api_keys().find_by_prefix(organization, "key"));
        assert_eq!(found, None, "{scope:?}");
        let list = ask!(ground, scope, |unit| unit.api_keys().list(organization, account, &page));
        assert_eq!(list.items, [], "{scope:?}");
        for organization_id in [two.one, organization] {
            let changed = ApiKey { organization_id, revoked_at: Some(now), ..before.clone() };
            let error = refused!(ground, scope, |unit| unit.api_keys().update(organization, &changed));
            assert_eq!(error.kind, ErrorKind::PreconditionFailed, "{scope:?}");
        }
        let revoked = change!(ground, scope, |unit| unit.api_keys().revoke_all(organization, account, now));
        assert_eq!(revoked, 0, "{scope:?}");
        let error = refused!(ground, scope, |unit| unit.api_keys().delete(organization, before.id, 1));
        assert_eq!(error.kind, ErrorKind::PreconditionFailed, "{scope:?}");
        let new = sample(&ground, two.one, account, "new");
        for place in [two.one, two.other] {
            refused!(ground, scope, |unit| unit.api_keys().insert(place, &new, &[1; 32]));
        }
    }
    assert_eq!(find(&ground, &two, before.id).await, Some(before));
}
