//! Sessions.

use super::{
    Harness,
    ground::{DAY, Ground, HOUR, intricate_json, own},
};
use keystead_domain::{
    ErrorKind, PageRequest, Scope, SessionId, UserId,
    sessions::{RevokedReason, Session},
};

async fn find(ground: &Ground, user: UserId, id: SessionId) -> Option<Session> {
    ask!(ground, own(user), |unit| unit.sessions().find(user, id))
}

pub async fn a_session_is_found_as_it_was_written(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let (plain, family) = ground.sample_session(two.ada, two.one);
    ground.add_session(&plain, &family).await;
    assert_eq!(find(&ground, two.ada, plain.id).await, Some(plain));
    let (session, family) = ground.sample_session(two.ada, two.one);
    let full = Session {
        profile_id: Some(ground.id()),
        client_ip: Some("2001:db8:85a3:8d3:1319:8a2e:255.255.255.255".to_owned()),
        user_agent: Some("Агент/1.0 (\"😀\")".repeat(20)),
        device_info: intricate_json(),
        security_context: intricate_json(),
        revoked_at: Some(ground.now()),
        revoked_reason: Some(RevokedReason::EndedByOwner),
        ..session
    };
    ground.add_session(&full, &family).await;
    assert_eq!(find(&ground, two.ada, full.id).await, Some(full));
    assert_eq!(find(&ground, two.ada, ground.id()).await, None);
}

/// Six sessions, of which the third is revoked, the fourth idle and the fifth over.
async fn mixed(ground: &Ground, user: UserId, organization: keystead_domain::OrganizationId) -> Vec<SessionId> {
    let mut ids = Vec::new();
    for number in 0..6 {
        let (mut session, family) = ground.sample_session(user, organization);
        match number {
            2 => {
                session.revoked_at = Some(session.created_at);
                session.revoked_reason = Some(RevokedReason::SignedOut);
            }
            3 => session.idle_expires_at = session.created_at,
            4 => session.expires_at = session.created_at,
            _ => {}
        }
        ground.add_session(&session, &family).await;
        ids.push(session.id);
    }
    ids
}

pub async fn live_sessions_are_listed_in_pages(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let ids = mixed(&ground, two.ada, two.one).await;
    ground.session(two.eve, two.other).await;
    let now = ground.now();
    for limit in [1, 2, 3] {
        let user = two.ada;
        let found = pages!(ground, own(user), limit, |unit, page| unit.sessions().list_live(user, now, page));
        assert_eq!(found.into_iter().map(|one| one.id).collect::<Vec<_>>(), [ids[0], ids[1], ids[5]]);
    }
    bad_cursors!(ground, own(two.ada), |unit, page| unit.sessions().list_live(two.ada, now, page));
    // At the very moment of its end it is over.
    let last = find(&ground, two.ada, ids[5]).await.unwrap();
    let page = PageRequest::first(10);
    let at = last.idle_expires_at;
    assert_eq!(ask!(ground, own(two.ada), |unit| unit.sessions().list_live(two.ada, at, &page)).items, []);
}

pub async fn a_session_is_revoked_once(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let ids = mixed(&ground, two.ada, two.one).await;
    let now = ground.now();
    let reason = RevokedReason::EndedByAdministrator;
    let mut revoked = Vec::new();
    for id in &ids {
        revoked.push(change!(ground, own(two.ada), |unit| unit.sessions().revoke(two.ada, *id, reason, now)));
    }
    assert_eq!(revoked, [true, true, false, false, false, true]);
    let later = ground.now();
    let other = RevokedReason::SignedOut;
    assert!(!change!(ground, own(two.ada), |unit| unit.sessions().revoke(two.ada, ids[0], other, later)));
    let found = find(&ground, two.ada, ids[0]).await.unwrap();
    assert_eq!((found.revoked_at, found.revoked_reason), (Some(now), Some(reason)));
    let found = find(&ground, two.ada, ids[2]).await.unwrap();
    assert_eq!(found.revoked_reason, Some(RevokedReason::SignedOut));
}

pub async fn all_other_sessions_are_revoked_at_once(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let ids = mixed(&ground, two.ada, two.one).await;
    let foreign = ground.session(two.eve, two.other).await;
    let now = ground.now();
    let reason = RevokedReason::PasswordChanged;
    let revoke = async |except| {
        let mut ended = change!(ground, own(two.ada), |unit| unit.sessions().revoke_all(two.ada, except, reason, now));
        ended.sort_unstable();
        ended
    };
    assert_eq!(revoke(Some(ids[1])).await, [ids[0], ids[5]]);
    assert_eq!(find(&ground, two.ada, ids[1]).await.unwrap().revoked_at, None);
    let found = find(&ground, two.ada, ids[5]).await.unwrap();
    assert_eq!((found.revoked_at, found.revoked_reason), (Some(now), Some(reason)));
    assert_eq!(revoke(None).await, [ids[1]]);
    assert_eq!(revoke(None).await, []);
    assert_eq!(find(&ground, two.eve, foreign).await.unwrap().revoked_at, None);
}

pub async fn a_session_moves_to_another_organization(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let id = ground.session(two.ada, two.one).await;
    change!(ground, own(two.ada), |unit| unit.sessions().set_organization(two.ada, id, two.other));
    assert_eq!(find(&ground, two.ada, id).await.unwrap().organization_id, two.other);
    let unknown = ground.id();
    let error = refused!(ground, own(two.ada), |unit| unit.sessions().set_organization(two.ada, unknown, two.one));
    assert_eq!(error.kind, ErrorKind::NotFound);
}

pub async fn not_from_another_person(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let id = ground.session(two.ada, two.one).await;
    let before = find(&ground, two.ada, id).await;
    let now = ground.now();
    let page = PageRequest::first(200);
    // A colleague and the platform are strangers here as well.
    let colleague = ground.member(two.one, "colleague").await;
    let scopes = [
        own(two.eve),
        Scope::person(two.other, two.eve),
        Scope::person(two.one, colleague),
        Scope::organization(two.one),
        Scope::organization(keystead_domain::PLATFORM),
        Scope::NONE,
    ];
    for scope in scopes {
        for user in [Some(two.ada), scope.user].into_iter().flatten() {
            let reason = RevokedReason::SignedOut;
            assert_eq!(ask!(ground, scope, |unit| unit.sessions().find(user, id)), None, "{scope:?}");
            let list = ask!(ground, scope, |unit| unit.sessions().list_live(user, now, &page));
            assert_eq!(list.items, [], "{scope:?}");
            assert!(!change!(ground, scope, |unit| unit.sessions().revoke(user, id, reason, now)), "{scope:?}");
            let ended = change!(ground, scope, |unit| unit.sessions().revoke_all(user, None, reason, now));
            assert_eq!(ended, [], "{scope:?}");
            let error = refused!(ground, scope, |unit| unit.sessions().set_organization(user, id, two.other));
            assert_eq!(error.kind, ErrorKind::NotFound, "{scope:?}");
        }
        let (session, family) = ground.sample_session(two.ada, two.one);
        let error = refused!(ground, scope, |unit| unit.sessions().insert(&session, &family));
        assert_eq!(error.kind, ErrorKind::Internal, "{scope:?}");
    }
    assert_eq!(find(&ground, two.ada, id).await, before);
}

pub async fn last_activity_is_written_in_one_batch_and_never_moves_back(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let (first, second) = (ground.session(two.ada, two.one).await, ground.session(two.eve, two.other).await);
    let untouched = ground.session(two.ada, two.one).await;
    let before = find(&ground, two.ada, untouched).await;
    let base = ground.now().plus_seconds(HOUR);
    let at = |session_id, seconds| crate::SessionActivity { session_id, at: base.plus_seconds(seconds) };
    let last = async |user, id| find(&ground, user, id).await.unwrap().last_activity_at;
    // The latest of several; unknown sessions are nobody's fault.
    let batch = [at(first, 1), at(first, 9), at(first, 5), at(second, 2), at(ground.id(), 3)];
    ground.store.record_activity(&batch).await.unwrap();
    assert_eq!(last(two.ada, first).await, base.plus_seconds(9));
    assert_eq!(last(two.eve, second).await, base.plus_seconds(2));
    ground.store.record_activity(&[at(first, 8), at(second, -DAY)]).await.unwrap();
    assert_eq!(last(two.ada, first).await, base.plus_seconds(9));
    assert_eq!(last(two.eve, second).await, base.plus_seconds(2));
    ground.store.record_activity(&[]).await.unwrap();
    assert_eq!(find(&ground, two.ada, untouched).await, before);
    // Two nodes that write the same sessions in opposite orders do not stop each other.
    let mut tasks = Vec::new();
    for seconds in 10..30 {
        let store = ground.store.clone();
        let mut batch = vec![at(first, seconds), at(second, seconds)];
        if seconds % 2 == 0 {
            batch.reverse();
        }
        tasks.push(tokio::spawn(async move { store.record_activity(&batch).await }));
    }
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(last(two.ada, first).await, base.plus_seconds(29));
    assert_eq!(last(two.eve, second).await, base.plus_seconds(29));
}
