//! Presenting refresh tokens.

use super::{
    Harness,
    ground::{DAY, Ground, HOUR, Two, intricate_json, of_platform, own, secret},
};
use keystead_domain::{
    OrganizationId, PLATFORM, PageRequest, Scope, SessionId, Timestamp, UserId,
    access::{ADMIN, USER},
    accounts::{User, UserStatus},
    audit::{AuditEvent, AuditFilter, Outcome, Severity},
    sessions::{RefreshOutcome, RefreshRotation, Refreshed, RevokedReason, Session},
};

const GRACE: i64 = 10;

fn sealed(generation: u8) -> Vec<u8> {
    vec![0xA0 | generation; 64]
}

/// Presents the token of a generation at `now`.
async fn present(ground: &Ground, user: UserId, id: SessionId, generation: u8, now: Timestamp) -> Option<Refreshed> {
    present_with(ground, user, id, generation, secret(generation), now).await
}

async fn present_with(
    ground: &Ground,
    user_id: UserId,
    session_id: SessionId,
    generation: u8,
    presented_hash: Vec<u8>,
    now: Timestamp,
) -> Option<Refreshed> {
    let rotation = RefreshRotation {
        session_id,
        user_id,
        presented_generation: generation.into(),
        presented_hash,
        next_hash: secret(generation.saturating_add(1)),
        successor_sealed: sealed(generation.saturating_add(1)),
        now,
        grace_seconds: GRACE,
        idle_expires_at: now.plus_seconds(HOUR),
    };
    let event = AuditEvent {
        id: ground.id(),
        organization_id: PLATFORM,
        user_id: Some(user_id),
        caller_kind: "user".to_owned(),
        session_id: Some(session_id),
        event_type: String::new(),
        resource_type: "sessions".to_owned(),
        resource_id: Some(session_id.as_uuid()),
        subject_user_id: Some(user_id),
        outcome: Outcome::Failure,
        severity: Severity::Critical,
        event_data: intricate_json(),
        client_sealed: Some(vec![1, 2, 3]),
        client_ip_hash: Some(vec![4; 32]),
        changes_sealed: None,
        correlation_id: format!("request-{generation}"),
        source: "http".to_owned(),
        metadata: serde_json::json!({ "m": 1 }),
        created_at: now,
    };
    ground.store.rotate_refresh_token(rotation, event).await.unwrap()
}

async fn session(ground: &Ground, user: UserId, id: SessionId) -> Session {
    ask!(ground, own(user), |unit| unit.sessions().find(user, id)).unwrap()
}

/// The events of an organization, the oldest first: type, outcome, severity.
async fn events(ground: &Ground, organization: OrganizationId) -> Vec<AuditEvent> {
    let (filter, page) = (AuditFilter::default(), PageRequest::first(200));
    let scope = Scope::organization(organization);
    let mut events = ask!(ground, scope, |unit| unit.audit().list(organization, &filter, &page)).items;
    events.reverse();
    events
}

async fn kinds(ground: &Ground, organization: OrganizationId) -> Vec<String> {
    events(ground, organization).await.into_iter().map(|event| event.event_type).collect()
}

async fn prepared(ground: &Ground) -> (Two, SessionId) {
    let two = ground.two().await;
    let writer = ground.role(two.one, "writer").await;
    ground.give(two.one, two.ada, &[USER.id, writer, ADMIN.id]).await;
    let id = ground.session(two.ada, two.one).await;
    (two, id)
}

pub async fn a_current_token_is_rotated(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let (two, id) = prepared(&ground).await;
    let before = session(&ground, two.ada, id).await;
    let now = ground.now();
    let refreshed = present(&ground, two.ada, id, 1, now).await.unwrap();
    let roles = ["admin", "user", "writer"].map(str::to_owned).to_vec();
    let session_ends = before.expires_at;
    assert_eq!(
        refreshed,
        Refreshed { outcome: RefreshOutcome::Rotated, organization_id: two.one, roles, session_ends }
    );
    let after = session(&ground, two.ada, id).await;
    let expected = Session { last_activity_at: now, idle_expires_at: now.plus_seconds(HOUR), ..before };
    assert_eq!(after, expected);
    // The next generation is current now, and so on.
    for generation in 2..5 {
        let refreshed = present(&ground, two.ada, id, generation, ground.now()).await.unwrap();
        assert_eq!(refreshed.outcome, RefreshOutcome::Rotated);
    }
    assert_eq!(kinds(&ground, two.one).await, ["session.refreshed"; 4]);
}

pub async fn a_rotation_writes_its_event(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let (two, id) = prepared(&ground).await;
    let now = ground.now();
    present(&ground, two.ada, id, 1, now).await.unwrap();
    let events = events(&ground, two.one).await;
    let expected = AuditEvent {
        id: events[0].id,
        organization_id: two.one,
        user_id: Some(two.ada),
        caller_kind: "user".to_owned(),
        session_id: Some(id),
        event_type: "session.refreshed".to_owned(),
        resource_type: "sessions".to_owned(),
        resource_id: Some(id.as_uuid()),
        subject_user_id: Some(two.ada),
        outcome: Outcome::Success,
        severity: Severity::Info,
        event_data: intricate_json(),
        client_sealed: Some(vec![1, 2, 3]),
        client_ip_hash: Some(vec![4; 32]),
        changes_sealed: None,
        correlation_id: "request-1".to_owned(),
        source: "http".to_owned(),
        metadata: serde_json::json!({ "m": 1 }),
        created_at: now,
    };
    assert_eq!(events, [expected]);
}

pub async fn the_idle_end_never_passes_the_absolute_one(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let (mut new, mut family) = ground.sample_session(two.ada, two.one);
    new.expires_at = new.created_at.plus_seconds(1800);
    new.idle_expires_at = new.expires_at;
    family.expires_at = new.expires_at;
    ground.add_session(&new, &family).await;
    present(&ground, two.ada, new.id, 1, ground.now()).await.unwrap();
    assert_eq!(session(&ground, two.ada, new.id).await.idle_expires_at, new.expires_at);
}

pub async fn a_lost_reply_is_repeated_within_its_grace(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let (two, id) = prepared(&ground).await;
    let start = ground.now();
    present(&ground, two.ada, id, 1, start).await.unwrap();
    let rotated = session(&ground, two.ada, id).await;
    for seconds in [0, 1, GRACE] {
        let refreshed = present(&ground, two.ada, id, 1, start.plus_seconds(seconds)).await.unwrap();
        assert_eq!(refreshed.outcome, RefreshOutcome::Grace { successor_sealed: sealed(2) });
        assert_eq!((refreshed.organization_id, refreshed.roles.len()), (two.one, 3));
    }
    assert_eq!(session(&ground, two.ada, id).await, rotated);
    // The successor was not changed by it.
    let refreshed = present(&ground, two.ada, id, 2, start.plus_seconds(GRACE)).await.unwrap();
    assert_eq!(refreshed.outcome, RefreshOutcome::Rotated);
    let events = events(&ground, two.one).await;
    assert_eq!(
        events.iter().map(|event| (event.event_type.as_str(), event.outcome, event.severity)).collect::<Vec<_>>(),
        [
            ("session.refreshed", Outcome::Success, Severity::Info),
            ("session.refresh_repeated", Outcome::Success, Severity::Warning),
            ("session.refresh_repeated", Outcome::Success, Severity::Warning),
            ("session.refresh_repeated", Outcome::Success, Severity::Warning),
            ("session.refreshed", Outcome::Success, Severity::Info),
        ]
    );
}

async fn assert_replayed(ground: &Ground, two: &Two, id: SessionId, generation: u8, now: Timestamp) {
    let current = events(ground, two.one).await.len();
    let refreshed = present(ground, two.ada, id, generation, now).await.unwrap();
    assert_eq!(refreshed.outcome, RefreshOutcome::Replayed);
    assert_eq!(refreshed.organization_id, two.one);
    let ended = session(ground, two.ada, id).await;
    assert_eq!((ended.revoked_at, ended.revoked_reason), (Some(now), Some(RevokedReason::RefreshTokenReplayed)));
    let event = events(ground, two.one).await.pop().unwrap();
    assert_eq!(event.event_type, "session.refresh_replayed");
    assert_eq!((event.outcome, event.severity), (Outcome::Denied, Severity::Critical));
    // From then on no token of the family is answered, and nothing more is written.
    for generation in 1..6 {
        assert_eq!(present(ground, two.ada, id, generation, now).await, None);
    }
    assert_eq!(events(ground, two.one).await.len(), current + 1);
}

pub async fn a_predecessor_after_its_grace_is_a_replay(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let (two, id) = prepared(&ground).await;
    let start = ground.now();
    present(&ground, two.ada, id, 1, start).await.unwrap();
    assert_replayed(&ground, &two, id, 1, start.plus_seconds(GRACE).plus_millis(1)).await;
}

pub async fn a_predecessor_after_its_successor_was_used_is_a_replay(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let (two, id) = prepared(&ground).await;
    let start = ground.now();
    present(&ground, two.ada, id, 1, start).await.unwrap();
    present(&ground, two.ada, id, 2, start).await.unwrap();
    assert_replayed(&ground, &two, id, 1, start).await;
}

pub async fn a_hash_of_another_generation_is_nothing(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let (two, id) = prepared(&ground).await;
    let now = ground.now();
    present(&ground, two.ada, id, 1, now).await.unwrap();
    // The current and the last generation are known by their hashes; what is to come cannot be known.
    for (generation, hash) in [(2, secret(9)), (2, secret(1)), (1, secret(9)), (1, secret(2)), (3, secret(3))] {
        assert_eq!(present_with(&ground, two.ada, id, generation, hash, now).await, None);
    }
    assert_eq!(session(&ground, two.ada, id).await.revoked_at, None);
    assert_eq!(kinds(&ground, two.one).await, ["session.refreshed"]);
    assert_eq!(present(&ground, two.ada, id, 2, now).await.unwrap().outcome, RefreshOutcome::Rotated);
}

pub async fn only_while_session_and_account_last(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let (two, id) = prepared(&ground).await;
    let now = ground.now();
    assert_eq!(present(&ground, two.ada, ground.id(), 1, now).await, None);
    assert_eq!(present(&ground, two.ada, id, 1, now.plus_seconds(2 * HOUR)).await, None);
    let mut changed = ground.find_user(two.ada).await;
    for status in [UserStatus::Disabled, UserStatus::Pending, UserStatus::Active] {
        changed = User { status, ..changed };
        changed = change!(ground, of_platform(two.ada), |unit| unit.users().update(PLATFORM, &changed));
        let found = present(&ground, two.ada, id, 1, now).await;
        assert_eq!(found.is_some(), status == UserStatus::Active, "{status}");
    }
    let revoked = ground.session(two.ada, two.one).await;
    let reason = RevokedReason::SignedOut;
    change!(ground, own(two.ada), |unit| unit.sessions().revoke(two.ada, revoked, reason, now));
    assert_eq!(present(&ground, two.ada, revoked, 1, now).await, None);
    // The family has an end of its own.
    let (session, mut family) = ground.sample_session(two.ada, two.one);
    family.expires_at = now.plus_seconds(60);
    ground.add_session(&session, &family).await;
    assert_eq!(present(&ground, two.ada, session.id, 1, now.plus_seconds(60)).await, None);
    // The absolute end.
    let (mut session, mut family) = ground.sample_session(two.ada, two.one);
    session.idle_expires_at = now.plus_seconds(9 * DAY);
    family.expires_at = now.plus_seconds(9 * DAY);
    ground.add_session(&session, &family).await;
    assert_eq!(present(&ground, two.ada, session.id, 1, session.expires_at).await, None);
}

pub async fn roles_are_none_where_the_membership_has_ended(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let (two, id) = prepared(&ground).await;
    change!(ground, two.home(), |unit| unit.memberships().delete(two.one, two.ada));
    let refreshed = present(&ground, two.ada, id, 1, ground.now()).await.unwrap();
    assert_eq!((refreshed.organization_id, refreshed.roles), (two.one, vec![]));
}

pub async fn one_token_presented_many_times_at_once_is_rotated_once(harness: &impl Harness) {
    let ground = std::sync::Arc::new(Ground::new(harness).await);
    let (two, id) = prepared(&ground).await;
    let now = ground.now();
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let ground = ground.clone();
            tokio::spawn(async move { present(&ground, two.ada, id, 1, now).await.unwrap().outcome })
        })
        .collect();
    let mut rotated = 0;
    for task in tasks {
        match task.await.unwrap() {
            RefreshOutcome::Rotated => rotated += 1,
            RefreshOutcome::Grace { successor_sealed } => assert_eq!(successor_sealed, sealed(2)),
            RefreshOutcome::Replayed => panic!("within the grace"),
        }
    }
    assert_eq!(rotated, 1);
    assert_eq!(present(&ground, two.ada, id, 2, now).await.unwrap().outcome, RefreshOutcome::Rotated);
}

pub async fn not_from_another_person(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let (two, id) = prepared(&ground).await;
    let before = session(&ground, two.ada, id).await;
    assert_eq!(present(&ground, two.eve, id, 1, ground.now()).await, None);
    assert_eq!(session(&ground, two.ada, id).await, before);
    assert_eq!(kinds(&ground, two.one).await, [""; 0]);
    assert_eq!(kinds(&ground, two.other).await, [""; 0]);
}
