//! What is asked for requests and of the audit trail, and which indexes must answer.

use crate::{
    cases::{Case, Work, case, first, here, read, store, write},
    rows::{LIVE, hash, now, organization, session, user},
};
use futures::future::BoxFuture;
use keystead_domain::{
    PageRequest, Timestamp,
    audit::{AuditFilter, Severity},
    sessions::{RefreshRotation, RevokedReason},
};
use keystead_store::{SessionActivity, SharedStore};
use std::sync::atomic::{AtomicU32, Ordering};
use uuid::Uuid;

pub(crate) fn all() -> Vec<Case> {
    let mut cases = sessions();
    cases.extend(audit());
    cases
}

fn sessions() -> Vec<Case> {
    vec![
        store!(
            "the caller of a request",
            [
                "sessions_pkey|sessions_user_id|sessions_live",
                "users_pkey|users_status",
                "memberships_organization_user|memberships_user",
                "organizations_pkey"
            ],
            |store| async move { store.load_caller(organization(), user(0), session(0), now(), None).await }
        )
        .on_postgres(&["user_roles_pkey", "access_versions_pkey"])
        .on_sqlite(&["user_roles_pkey", "access_versions_pkey"]),
        store!("a refresh", ["refresh_tokens_pkey", "sessions_pkey", "users_pkey|users_status"], |store| async move {
            // Each run takes another session: a token is used once.
            static RUNS: AtomicU32 = AtomicU32::new(0);
            let run = RUNS.fetch_add(1, Ordering::Relaxed) * LIVE;
            let rotation = RefreshRotation {
                session_id: session(run),
                user_id: user(0),
                presented_generation: 1,
                presented_hash: hash(run),
                next_hash: hash(run + 1_000_000),
                successor_sealed: vec![1],
                now: now(),
                grace_seconds: 10,
                idle_expires_at: now().plus_seconds(3600),
            };
            let found = store.rotate_refresh_token(rotation, event(run)).await?;
            assert!(found.is_some());
            Ok::<_, keystead_domain::Error>(())
        })
        .on_postgres(&["memberships_organization_user|memberships_user", "user_roles_pkey", "roles_organization_id"])
        .on_sqlite(&["memberships_organization_user", "user_roles_pkey"]),
        read!("a session", ["sessions_pkey|sessions_user_id"], here(), |unit| unit
            .sessions()
            .find(user(0), session(0))),
        read!("a person's live sessions", [], here(), |unit| async move {
            unit.sessions().list_live(user(0), now(), &first()).await
        })
        .on_postgres(&["sessions_live"])
        .on_sqlite(&["sessions_live"]),
        write!("every session of a person ends", ["sessions_live"], here(), |unit| unit.sessions().revoke_all(
            user(0),
            None,
            RevokedReason::SignedOut,
            now()
        )),
        store!("activity", ["sessions_pkey"], |store| async move {
            let at = now();
            store.record_activity(&[SessionActivity { session_id: session(0), at }]).await
        }),
    ]
}

fn event(number: u32) -> keystead_domain::audit::AuditEvent {
    keystead_domain::audit::AuditEvent {
        id: Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0001 + u128::from(number)).into(),
        organization_id: organization(),
        user_id: None,
        caller_kind: "user".to_owned(),
        session_id: None,
        event_type: String::new(),
        resource_type: String::new(),
        resource_id: None,
        subject_user_id: None,
        outcome: keystead_domain::audit::Outcome::Success,
        severity: Severity::Info,
        event_data: serde_json::json!({}),
        client_sealed: None,
        client_ip_hash: None,
        changes_sealed: None,
        correlation_id: String::new(),
        source: String::new(),
        metadata: serde_json::json!({}),
        created_at: now(),
    }
}

fn events(name: &'static str, expected: &'static [&'static str], filter: fn() -> AuditFilter) -> Case {
    let work = move |store: SharedStore| -> BoxFuture<'static, ()> {
        Box::pin(async move {
            let unit = store.read(here()).await.unwrap();
            // The next page reads on from a place in the index.
            let at = Timestamp::parse("2026-11-15T00:00:00Z").unwrap();
            let place = format!("{at}/{}", Uuid::from_u128(0x000c_0000_0000_7000_8000_0000_0000_0001));
            for after in [None, Some(place)] {
                unit.audit().list(organization(), &filter(), &PageRequest { limit: 50, after }).await.unwrap();
            }
        })
    };
    case(name, expected, Work::Store(Box::new(work)))
}

fn audit() -> Vec<Case> {
    vec![
        events("a page of events", &["audit_logs_created_at"], AuditFilter::default),
        events("a person's events", &["audit_logs_user"], || AuditFilter {
            user_id: Some(user(70)),
            ..AuditFilter::default()
        }),
        events("events of a kind", &["audit_logs_event_type"], || AuditFilter {
            event_type: Some("type4.x".to_owned()),
            ..AuditFilter::default()
        }),
        events("events of a family", &["audit_logs_event_type"], || AuditFilter {
            event_type: Some("type4.*".to_owned()),
            ..AuditFilter::default()
        }),
        events("events about a thing", &["audit_logs_resource"], || AuditFilter {
            resource_type: Some("kind4".to_owned()),
            resource_id: Some(Uuid::from_u128(0x000d_0000_0000_7000_8000_0000_0000_0004)),
            ..AuditFilter::default()
        }),
        events("events of a request", &["audit_logs_correlation_id"], || AuditFilter {
            correlation_id: Some("request44".to_owned()),
            ..AuditFilter::default()
        }),
        events("severe events", &["audit_logs_severity"], || AuditFilter {
            severity: Some(Severity::Critical),
            ..AuditFilter::default()
        }),
        events("events from an address", &["audit_logs_client_ip"], || AuditFilter {
            client_ip_hash: Some(hash(44)),
            ..AuditFilter::default()
        }),
        read!("one event", ["audit_logs_pkey"], here(), |unit| unit.audit().find(organization(), event(0).id)),
    ]
}
