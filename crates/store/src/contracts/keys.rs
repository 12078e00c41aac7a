//! Signing keys and data keys.

use super::{
    Harness,
    ground::{DAY, Ground, HOUR},
};
use keystead_domain::{
    ErrorKind, OrganizationId, PLATFORM, Scope, Timestamp, UserId,
    keys::{EncryptionKey, SigningKey},
};
use std::time::Duration;

const PLATFORM_SCOPE: Scope = Scope::organization(PLATFORM);

fn signing_key(ground: &Ground, active_from: Timestamp) -> SigningKey {
    let id = ground.id();
    SigningKey {
        id,
        kid: format!("key-{id}"),
        algorithm: "EdDSA".to_owned(),
        public_jwk: r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#.to_owned(),
        private_sealed: vec![0, 255, 1, 254],
        active_from,
        retires_at: active_from.plus_seconds(DAY),
        expires_at: active_from.plus_seconds(2 * DAY),
        created_at: ground.now(),
    }
}

/// A store may write a JSON object's members in another order.
fn with_sorted_jwk(key: SigningKey) -> (SigningKey, serde_json::Value) {
    let jwk = serde_json::from_str(&key.public_jwk).unwrap();
    (SigningKey { public_jwk: String::new(), ..key }, jwk)
}

pub async fn signing_keys_are_found_until_they_expire(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let start = ground.now();
    let newer = signing_key(&ground, start.plus_seconds(DAY));
    let older = signing_key(&ground, start);
    for key in [&newer, &older] {
        change!(ground, PLATFORM_SCOPE, |unit| unit.keys().insert_signing_key(key));
    }
    let at = async |now| {
        let keys = ask!(ground, Scope::NONE, |unit| unit.keys().signing_keys(now));
        keys.into_iter().map(with_sorted_jwk).collect::<Vec<_>>()
    };
    let both = [with_sorted_jwk(older.clone()), with_sorted_jwk(newer.clone())];
    assert_eq!(at(start).await, both);
    assert_eq!(at(older.expires_at.plus_millis(-1)).await, both);
    assert_eq!(at(older.expires_at).await, both[1..]);
    assert_eq!(at(newer.expires_at).await, []);
    // Everyone reads them, the platform alone writes them; and no name stands for two.
    assert_eq!(ask!(ground, two.home(), |unit| unit.keys().signing_keys(start)).len(), 2);
    let third = signing_key(&ground, start);
    for scope in [two.home(), Scope::NONE] {
        let error = refused!(ground, scope, |unit| unit.keys().insert_signing_key(&third));
        assert_eq!(error.kind, ErrorKind::Internal);
    }
    let same_name = SigningKey { kid: older.kid, ..third };
    refused!(ground, PLATFORM_SCOPE, |unit| unit.keys().insert_signing_key(&same_name));
}

pub async fn two_nodes_do_not_rotate_at_once(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let start = ground.now();
    let tasks: Vec<_> = (0..4)
        .map(|_| {
            let (store, key) = (ground.store.clone(), signing_key(&ground, start));
            tokio::spawn(async move {
                let unit = store.begin(PLATFORM_SCOPE).await.unwrap();
                unit.keys().lock_signing_keys().await.unwrap();
                if unit.keys().signing_keys(start).await.unwrap().is_empty() {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    unit.keys().insert_signing_key(&key).await.unwrap();
                    unit.commit().await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(ask!(ground, Scope::NONE, |unit| unit.keys().signing_keys(start)).len(), 1);
}

fn data_key(ground: &Ground, organization_id: OrganizationId, user_id: Option<UserId>, purpose: &str) -> EncryptionKey {
    EncryptionKey {
        id: ground.id(),
        organization_id,
        user_id,
        purpose: purpose.to_owned(),
        key_sealed: Some(vec![7, 0, 255]),
        created_at: ground.now(),
        destroyed_at: None,
    }
}

pub async fn a_data_key_is_made_once_for_each_owner_and_purpose(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let ensure = async |scope, organization, candidate: &EncryptionKey| {
        change!(ground, scope, |unit| unit.keys().ensure_encryption_key(organization, candidate))
    };
    let elsewhere = Scope::organization(two.other);
    // Persons' keys belong to the platform and are made wherever the person acts.
    let owners = [
        (two.home(), two.one, None, "data"),
        (two.home(), two.one, None, "token"),
        (elsewhere, two.other, None, "data"),
        (two.home(), PLATFORM, Some(two.ada), "data"),
        (elsewhere, PLATFORM, Some(two.eve), "data"),
        (PLATFORM_SCOPE, PLATFORM, None, "data"),
    ];
    let mut made = Vec::new();
    for (scope, organization, user, purpose) in owners {
        let first = data_key(&ground, organization, user, purpose);
        assert_eq!(ensure(scope, organization, &first).await, first);
        let second = EncryptionKey { id: ground.id(), key_sealed: Some(vec![9]), ..first.clone() };
        assert_eq!(ensure(scope, organization, &second).await, first);
        made.push(first);
    }
    // They are sealed, so whoever is somewhere may read them by name.
    let mut ids: Vec<_> = made.iter().map(|key| key.id).collect();
    ids.push(ground.id());
    for scope in [two.home(), elsewhere, PLATFORM_SCOPE] {
        for key in &made {
            assert_eq!(ask!(ground, scope, |unit| unit.keys().encryption_key(key.id)).as_ref(), Some(key));
        }
        let mut found = ask!(ground, scope, |unit| unit.keys().encryption_keys(&ids));
        found.sort_by_key(|key| key.id);
        assert_eq!(found, made);
        assert_eq!(ask!(ground, scope, |unit| unit.keys().encryption_keys(&[])), []);
        assert_eq!(ask!(ground, scope, |unit| unit.keys().encryption_key(ground.id())), None);
    }
}

pub async fn one_data_key_is_made_at_the_same_moment(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let tasks: Vec<_> = (0..6)
        .map(|_| {
            let (store, candidate) = (ground.store.clone(), data_key(&ground, two.one, None, "data"));
            tokio::spawn(async move {
                let unit = store.begin(two.home()).await.unwrap();
                let key = unit.keys().ensure_encryption_key(two.one, &candidate).await.unwrap();
                tokio::time::sleep(Duration::from_millis(5)).await;
                unit.commit().await.unwrap();
                key.id
            })
        })
        .collect();
    let mut ids = Vec::new();
    for task in tasks {
        ids.push(task.await.unwrap());
    }
    ids.dedup();
    assert_eq!(ids.len(), 1);
}

pub async fn not_from_another_organization(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let candidate = data_key(&ground, two.one, None, "data");
    let elsewhere = Scope::person(two.other, two.eve);
    // Neither in one's own name nor in the other's, nor from the platform.
    for scope in [elsewhere, PLATFORM_SCOPE, Scope::NONE] {
        for organization in [two.one, two.other, PLATFORM] {
            let error = refused!(ground, scope, |unit| unit.keys().ensure_encryption_key(organization, &candidate));
            assert_eq!(error.kind, ErrorKind::Internal, "{scope:?}");
        }
    }
    assert_eq!(ask!(ground, two.home(), |unit| unit.keys().encryption_key(candidate.id)), None);
    let now = ground.now().plus_seconds(HOUR);
    assert_eq!(ask!(ground, two.home(), |unit| unit.keys().signing_keys(now)), []);
}
