//! What the server does on its own behalf: deleting what has expired, partitions, figures, health.

use super::{
    Harness,
    ground::{DAY, Ground, HOUR, Two, own},
    jobs::{add, sample},
};
use crate::{Claim, Counts, ExpiredRows, FailedAttempt, IdempotencyKey, LockPolicy, StoreMode};
use keystead_domain::{
    PLATFORM, PageRequest, Scope, SessionId, Timestamp,
    access::USER,
    accounts::{Email, User, UserStatus},
    audit::{AuditEvent, Outcome, Severity},
    jobs::{Job, JobFilter, JobStatus},
    keys::SigningKey,
    organizations::{Invitation, InvitationStatus},
    sessions::RevokedReason,
};

async fn add_invitation(ground: &Ground, two: &Two, number: u8, expires_at: Timestamp) {
    let now = ground.now();
    let invitation = Invitation {
        id: ground.id(),
        organization_id: two.one,
        email: Email::new(&format!("person{number}@example.org")).unwrap(),
        role_id: USER.id,
        role_organization_id: PLATFORM,
        status: InvitationStatus::Pending,
        invited_by: two.ada,
        expires_at,
        answered_at: None,
        accepted_by: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    change!(ground, two.home(), |unit| unit.invitations().insert(&invitation, &[number; 32]));
}

async fn add_signing_key(ground: &Ground, expires_at: Timestamp) {
    let id = ground.id();
    let key = SigningKey {
        id,
        kid: format!("key-{id}"),
        algorithm: "EdDSA".to_owned(),
        public_jwk: "{}".to_owned(),
        private_sealed: vec![1],
        active_from: expires_at.plus_seconds(-DAY),
        retires_at: expires_at,
        expires_at,
        created_at: ground.now(),
    };
    change!(ground, Scope::organization(PLATFORM), |unit| unit.keys().insert_signing_key(&key));
}

async fn add_session(ground: &Ground, two: &Two, expires_at: Timestamp, revoked_at: Option<Timestamp>) -> SessionId {
    let (mut session, mut family) = ground.sample_session(two.ada, two.one);
    session.expires_at = expires_at;
    family.expires_at = expires_at;
    session.revoked_at = revoked_at;
    session.revoked_reason = revoked_at.map(|_| RevokedReason::SignedOut);
    ground.add_session(&session, &family).await;
    session.id
}

async fn add_attempt(ground: &Ground, number: u8, now: Timestamp) {
    let attempt = FailedAttempt {
        account_key: "unknown".to_owned(),
        user: None,
        network_hash: vec![number; 32],
        now,
        policy: LockPolicy { network_attempts: 3, account_attempts: 5, lock_seconds: 60 },
    };
    change!(ground, Scope::NONE, |unit| unit.sign_in_attempts().record_failure(&attempt));
}

async fn add_key(ground: &Ground, two: &Two, number: u8, expires_at: Timestamp) -> IdempotencyKey {
    let key = IdempotencyKey {
        organization_id: two.one,
        key_hash: vec![number; 32],
        body_hash: vec![number; 32],
        created_at: expires_at.plus_seconds(-DAY),
        expires_at,
    };
    let claim = change!(ground, two.home(), |unit| unit.idempotency().claim(&key));
    assert_eq!(claim, Claim::First);
    key
}

pub async fn expired_rows_are_deleted_in_batches(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let now = ground.now();
    let past = |days: i64| now.plus_seconds(-days * DAY);
    let ahead = now.plus_seconds(DAY);
    // Three of each kind are old enough, two are not.
    for number in 0..3_u8 {
        add_session(&ground, &two, past(31), None).await;
        add_key(&ground, &two, number, past(1)).await;
        add_attempt(&ground, number, past(1)).await;
        add_signing_key(&ground, past(1)).await;
        add_invitation(&ground, &two, number, past(91)).await;
        let job = Job { status: JobStatus::Dead, finished_at: Some(past(31)), ..sample(&ground, two.one, "old") };
        add(&ground, &job).await;
    }
    let revoked = add_session(&ground, &two, ahead, Some(past(31))).await;
    let live = add_session(&ground, &two, ahead, None).await;
    let recent = add_session(&ground, &two, past(29), Some(past(29))).await;
    let kept = add_key(&ground, &two, 8, ahead).await;
    add_attempt(&ground, 8, now).await;
    add_signing_key(&ground, ahead).await;
    add_invitation(&ground, &two, 8, past(89)).await;
    let finished =
        Job { status: JobStatus::Succeeded, finished_at: Some(past(29)), ..sample(&ground, two.one, "recent") };
    let waiting = sample(&ground, two.one, "waiting");
    for job in [&finished, &waiting] {
        add(&ground, job).await;
    }

    let delete = async || ground.store.delete_expired(now, 2).await.unwrap();
    let first = delete().await;
    let two_each =
        ExpiredRows { sessions: 2, idempotency_keys: 2, sign_in_attempts: 2, jobs: 2, signing_keys: 2, invitations: 2 };
    assert_eq!((first, first.largest()), (two_each, 2));
    let one_each =
        ExpiredRows { sessions: 2, idempotency_keys: 1, sign_in_attempts: 1, jobs: 1, signing_keys: 1, invitations: 1 };
    assert_eq!(delete().await, one_each);
    assert_eq!(delete().await, ExpiredRows::default());

    let session = async |id| ask!(ground, own(two.ada), |unit| unit.sessions().find(two.ada, id));
    assert_eq!(session(revoked).await, None);
    assert!(session(live).await.is_some() && session(recent).await.is_some());
    let page = PageRequest::first(200);
    let jobs = ask!(ground, two.home(), |unit| unit.jobs().list(two.one, &JobFilter::default(), &page)).items;
    assert_eq!(jobs, [finished, waiting]);
    let invitations = ask!(ground, two.home(), |unit| unit.invitations().list(two.one, None, &page)).items;
    assert_eq!(invitations.len(), 1);
    assert_eq!(ask!(ground, Scope::NONE, |unit| unit.keys().signing_keys(past(9))).len(), 1);
    let claim = change!(ground, two.home(), |unit| unit.idempotency().claim(&kept));
    assert!(matches!(claim, Claim::Answered { .. }));
}

fn event(ground: &Ground, two: &Two, created_at: Timestamp) -> AuditEvent {
    AuditEvent {
        id: ground.id(),
        organization_id: two.one,
        user_id: None,
        caller_kind: "job".to_owned(),
        session_id: None,
        event_type: "test".to_owned(),
        resource_type: "tests".to_owned(),
        resource_id: None,
        subject_user_id: None,
        outcome: Outcome::Success,
        severity: Severity::Info,
        event_data: serde_json::json!({}),
        client_sealed: None,
        client_ip_hash: None,
        changes_sealed: None,
        correlation_id: "test".to_owned(),
        source: "job".to_owned(),
        metadata: serde_json::json!({}),
        created_at,
    }
}

pub async fn figures_are_counted(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let start = ground.now();
    assert_eq!(ground.store.counts(start).await.unwrap(), Counts::default());
    let two = ground.two().await;
    let disabled = User { status: UserStatus::Disabled, ..ground.sample_user("disabled") };
    ground.add_user(&disabled).await;
    let now = ground.now();
    add_session(&ground, &two, now.plus_seconds(DAY), None).await;
    add_session(&ground, &two, now.plus_seconds(DAY), Some(now)).await;
    add_session(&ground, &two, now, None).await;
    let (mut idle, family) = ground.sample_session(two.eve, two.other);
    idle.idle_expires_at = now;
    ground.add_session(&idle, &family).await;
    let events: Vec<_> = [0, -1, -30].map(|seconds| event(&ground, &two, now.plus_seconds(seconds))).into();
    change!(ground, two.home(), |unit| unit.audit().append(two.one, &events));
    let states = [
        (JobStatus::Queued, two.one),
        (JobStatus::Queued, two.other),
        (JobStatus::Running, two.one),
        (JobStatus::Dead, two.one),
        (JobStatus::Succeeded, two.one),
    ];
    for (status, place) in states {
        add(&ground, &Job { status, ..sample(&ground, place, "work") }).await;
    }
    let now = ground.now();
    let expected =
        Counts { active_users: 2, live_sessions: 1, audit_events_last_hour: 3, queued_jobs: 2, dead_jobs: 1 };
    assert_eq!(ground.store.counts(now).await.unwrap(), expected);
    let later = now.plus_seconds(HOUR - 20);
    let expected = Counts { live_sessions: 0, audit_events_last_hour: 2, ..expected };
    assert_eq!(ground.store.counts(later.plus_seconds(20 - HOUR / 2 + 1)).await.unwrap().live_sessions, 1);
    let found = ground.store.counts(later).await.unwrap();
    assert_eq!(found.audit_events_last_hour, expected.audit_events_last_hour);
    assert_eq!(ground.store.counts(now.plus_seconds(2 * DAY)).await.unwrap().live_sessions, 0);
}

pub async fn partitions_are_made_ahead_once(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let at = Timestamp::parse("2031-11-30T23:59:59.999999Z").unwrap();
    let is_postgres = ground.store.mode() == StoreMode::Postgres;
    let expected = if is_postgres { 4 } else { 0 };
    assert_eq!(ground.store.ensure_partitions(at, 3).await.unwrap(), expected);
    assert_eq!(ground.store.ensure_partitions(at, 3).await.unwrap(), 0);
    assert_eq!(ground.store.ensure_partitions(at, 4).await.unwrap(), u32::from(is_postgres));
    // Events are kept wherever they fall: into a partition, before all of them, after all of them.
    let times = ["2031-11-30T23:59:59.999999Z", "2031-12-01T00:00:00Z", "1999-01-01T00:00:00Z", "2050-01-01T00:00:00Z"];
    let events: Vec<_> = times.iter().map(|time| event(&ground, &two, Timestamp::parse(time).unwrap())).collect();
    change!(ground, two.home(), |unit| unit.audit().append(two.one, &events));
    for event in &events {
        assert_eq!(ask!(ground, two.home(), |unit| unit.audit().find(two.one, event.id)).as_ref(), Some(event));
    }
}

pub async fn a_store_is_healthy_until_it_is_closed(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let health = ground.store.health().await;
    assert_eq!((health.database, health.pending_migrations), (Ok(()), Ok(0)));
    assert!(health.pool.open >= 1 && health.pool.idle <= health.pool.open && health.pool.open <= health.pool.max);
    ground.store.close().await.unwrap();
    assert!(ground.store.begin(Scope::NONE).await.is_err());
    assert!(ground.store.health().await.database.is_err());
}
