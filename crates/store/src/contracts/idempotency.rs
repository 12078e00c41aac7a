//! Answers to repeated requests.

use super::{
    Harness,
    ground::{DAY, Ground, Two, intricate_json},
};
use crate::{Claim, IdempotencyKey};
use keystead_domain::{ErrorKind, Json, OrganizationId, Timestamp};
use std::time::Duration;

fn key(organization_id: OrganizationId, number: u8, created_at: Timestamp) -> IdempotencyKey {
    IdempotencyKey {
        organization_id,
        key_hash: vec![number; 32],
        body_hash: vec![number; 32],
        created_at,
        expires_at: created_at.plus_seconds(DAY),
    }
}

/// Claims the key and, where it is the first, answers it.
async fn once(ground: &Ground, two: &Two, key: &IdempotencyKey, answer: Option<Json>) -> Claim {
    let unit = ground.store.begin(two.home()).await.unwrap();
    let claim = unit.idempotency().claim(key).await.unwrap();
    if claim == Claim::First {
        unit.idempotency().finish(key, answer).await.unwrap();
        unit.commit().await.unwrap();
    }
    claim
}

pub async fn a_repeated_request_gets_the_first_answer(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let now = ground.now();
    let (first, secret) = (key(two.one, 1, now), key(two.one, 2, now));
    assert_eq!(once(&ground, &two, &first, Some(intricate_json())).await, Claim::First);
    assert_eq!(once(&ground, &two, &secret, None).await, Claim::First);
    // The body's hash is the first one's, to be compared.
    let other_body = IdempotencyKey { body_hash: vec![9; 32], created_at: now.plus_seconds(5), ..first.clone() };
    let answered = Claim::Answered { body_hash: vec![1; 32], answer: Some(intricate_json()) };
    assert_eq!(once(&ground, &two, &first, None).await, answered);
    assert_eq!(once(&ground, &two, &other_body, None).await, answered);
    let kept_secret = Claim::Answered { body_hash: vec![2; 32], answer: None };
    assert_eq!(once(&ground, &two, &secret, None).await, kept_secret);
}

pub async fn a_claim_that_is_rolled_back_was_none(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let key = key(two.one, 1, ground.now());
    let unit = ground.store.begin(two.home()).await.unwrap();
    assert_eq!(unit.idempotency().claim(&key).await.unwrap(), Claim::First);
    drop(unit);
    assert_eq!(once(&ground, &two, &key, None).await, Claim::First);
    let unclaimed = super::idempotency::key(two.one, 7, ground.now());
    let error = refused!(ground, two.home(), |unit| unit.idempotency().finish(&unclaimed, None));
    assert_eq!(error.kind, ErrorKind::Internal);
}

pub async fn an_expired_key_counts_as_never_used(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let now = ground.now();
    let first = key(two.one, 1, now);
    assert_eq!(once(&ground, &two, &first, Some(intricate_json())).await, Claim::First);
    let early = IdempotencyKey { created_at: first.expires_at.plus_millis(-1), ..key(two.one, 1, now) };
    assert!(matches!(once(&ground, &two, &early, None).await, Claim::Answered { .. }));
    let again = IdempotencyKey { body_hash: vec![5; 32], ..key(two.one, 1, first.expires_at) };
    assert_eq!(once(&ground, &two, &again, None).await, Claim::First);
    let answered = Claim::Answered { body_hash: vec![5; 32], answer: None };
    assert_eq!(once(&ground, &two, &again, None).await, answered);
}

pub async fn of_requests_at_the_same_moment_one_is_the_first(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let now = ground.now();
    // Once with a key that was never used, once with one that has expired.
    let expired = key(two.one, 2, now.plus_seconds(-2 * DAY));
    assert_eq!(once(&ground, &two, &expired, None).await, Claim::First);
    for number in [1, 2] {
        let tasks: Vec<_> = (0..6)
            .map(|task| {
                let (store, key) = (ground.store.clone(), key(two.one, number, now));
                tokio::spawn(async move {
                    let unit = store.begin(two.home()).await.unwrap();
                    let claim = unit.idempotency().claim(&key).await.unwrap();
                    if claim == Claim::First {
                        // The others wait for this transaction's end and then see its answer.
                        tokio::time::sleep(Duration::from_millis(50)).await;
                        unit.idempotency().finish(&key, Some(serde_json::json!({ "task": task }))).await.unwrap();
                        unit.commit().await.unwrap();
                        return (task, None);
                    }
                    let Claim::Answered { answer, .. } = claim else { unreachable!() };
                    (task, answer)
                })
            })
            .collect();
        let mut answers = Vec::new();
        for task in tasks {
            answers.push(task.await.unwrap());
        }
        let firsts: Vec<_> = answers.iter().filter(|(_, answer)| answer.is_none()).map(|(task, _)| *task).collect();
        assert_eq!(firsts.len(), 1, "{answers:?}");
        let expected = Some(serde_json::json!({ "task": firsts[0] }));
        assert!(answers.iter().all(|(task, answer)| *task == firsts[0] || *answer == expected), "{answers:?}");
    }
}

pub async fn not_from_another_organization(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let now = ground.now();
    let claimed = key(two.one, 1, now);
    once(&ground, &two, &claimed, Some(intricate_json())).await;
    for (scope, organization) in two.strangers_and_platform() {
        if Some(organization) == scope.organization {
            // The same key of another organization is another key.
            let own = IdempotencyKey { organization_id: organization, ..claimed.clone() };
            let unit = ground.store.begin(scope).await.unwrap();
            assert_eq!(unit.idempotency().claim(&own).await.unwrap(), Claim::First, "{scope:?}");
            continue;
        }
        let error = refused!(ground, scope, |unit| unit.idempotency().claim(&claimed));
        assert_eq!(error.kind, ErrorKind::Internal, "{scope:?}");
        let error = refused!(ground, scope, |unit| unit.idempotency().finish(&claimed, None));
        assert_eq!(error.kind, ErrorKind::Internal, "{scope:?}");
    }
    let answered = Claim::Answered { body_hash: vec![1; 32], answer: Some(intricate_json()) };
    assert_eq!(once(&ground, &two, &claimed, None).await, answered);
}
