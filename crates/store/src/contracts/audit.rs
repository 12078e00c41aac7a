//! Audit events.

use super::{
    Harness,
    ground::{Ground, Two, intricate_json},
};
use keystead_domain::{
    ErrorKind, OrganizationId, PageRequest, Scope,
    audit::{AuditEvent, AuditFilter, Outcome, Severity},
};

fn sample(ground: &Ground, organization_id: OrganizationId, event_type: &str) -> AuditEvent {
    AuditEvent {
        id: ground.id(),
        organization_id,
        user_id: None,
        caller_kind: "anonymous".to_owned(),
        session_id: None,
        event_type: event_type.to_owned(),
        resource_type: "teams".to_owned(),
        resource_id: None,
        subject_user_id: None,
        outcome: Outcome::Success,
        severity: Severity::Info,
        event_data: serde_json::json!({}),
        client_sealed: None,
        client_ip_hash: None,
        changes_sealed: None,
        correlation_id: "request".to_owned(),
        source: "http".to_owned(),
        metadata: serde_json::json!({}),
        created_at: ground.now(),
    }
}

async fn append(ground: &Ground, organization: OrganizationId, events: &[AuditEvent]) {
    change!(ground, Scope::organization(organization), |unit| unit.audit().append(organization, events));
}

async fn found(ground: &Ground, two: &Two, filter: AuditFilter) -> Vec<String> {
    let list = pages!(ground, two.home(), 3, |unit, page| unit.audit().list(two.one, &filter, page));
    list.into_iter().map(|event| event.event_type).collect()
}

pub async fn events_are_found_as_they_were_written(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let full = AuditEvent {
        user_id: Some(two.ada),
        caller_kind: "user".to_owned(),
        session_id: Some(ground.id()),
        resource_id: Some(ground.id()),
        subject_user_id: Some(two.eve),
        outcome: Outcome::Denied,
        severity: Severity::Critical,
        event_data: intricate_json(),
        client_sealed: Some(vec![0, 255, 0]),
        client_ip_hash: Some(vec![1; 32]),
        changes_sealed: Some(vec![2; 5000]),
        correlation_id: "ünïcode '\"%_".to_owned(),
        source: "cli".to_owned(),
        metadata: intricate_json(),
        ..sample(&ground, two.one, "team.created")
    };
    let events = [full, sample(&ground, two.one, "team.deleted")];
    append(&ground, two.one, &events).await;
    append(&ground, two.one, &[]).await;
    for event in &events {
        assert_eq!(ask!(ground, two.home(), |unit| unit.audit().find(two.one, event.id)).as_ref(), Some(event));
    }
    assert_eq!(ask!(ground, two.home(), |unit| unit.audit().find(two.one, ground.id())), None);
}

pub async fn events_are_listed_newest_first_in_pages(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let same = ground.now();
    let mut all: Vec<_> = (0..9)
        .map(|number| {
            let event = sample(&ground, two.one, &format!("event.{number}"));
            // Many events share a time.
            if (3..7).contains(&number) { AuditEvent { created_at: same, ..event } } else { event }
        })
        .collect();
    append(&ground, two.one, &all).await;
    all.sort_by_key(|event| std::cmp::Reverse((event.created_at, event.id)));
    let filter = AuditFilter::default();
    for limit in [1, 2, 4, 9, 10] {
        let found = pages!(ground, two.home(), limit, |unit, page| unit.audit().list(two.one, &filter, page));
        assert_eq!(found, all);
    }
    bad_cursors!(ground, two.home(), |unit, page| unit.audit().list(two.one, &filter, page));
}

pub async fn a_large_batch_is_added_whole(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let events: Vec<_> = (0..1203).map(|number| sample(&ground, two.one, &format!("event.{number}"))).collect();
    append(&ground, two.one, &events).await;
    let filter = AuditFilter::default();
    let found = pages!(ground, two.home(), 200, |unit, page| unit.audit().list(two.one, &filter, page));
    assert_eq!(found.len(), events.len());
    // One that belongs elsewhere spoils the batch.
    let mixed = [sample(&ground, two.one, "event.mine"), sample(&ground, two.other, "event.theirs")];
    refused!(ground, two.home(), |unit| unit.audit().append(two.one, &mixed));
}

pub async fn events_are_filtered(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let resource = ground.id();
    let events = [
        sample(&ground, two.one, "session.created"),
        AuditEvent { user_id: Some(two.ada), ..sample(&ground, two.one, "session.ended") },
        AuditEvent { severity: Severity::Critical, ..sample(&ground, two.one, "session.refresh_replayed") },
        AuditEvent { resource_id: Some(resource), ..sample(&ground, two.one, "sessions") },
        AuditEvent { outcome: Outcome::Failure, ..sample(&ground, two.one, "session") },
        AuditEvent { client_ip_hash: Some(vec![5; 32]), ..sample(&ground, two.one, "session/x") },
        AuditEvent { correlation_id: "other".to_owned(), ..sample(&ground, two.one, "team.created") },
        AuditEvent { resource_type: "roles".to_owned(), ..sample(&ground, two.one, "team.%") },
    ];
    append(&ground, two.one, &events).await;
    let all = AuditFilter::default;
    let of_type = |text: &str| AuditFilter { event_type: Some(text.to_owned()), ..all() };
    let cases = [
        (of_type("session.created"), vec!["session.created"]),
        (of_type("session.*"), vec!["session.refresh_replayed", "session.ended", "session.created"]),
        (of_type("team.%"), vec!["team.%"]),
        (of_type("session"), vec!["session"]),
        (of_type("sess*"), vec![]),
        (AuditFilter { user_id: Some(two.ada), ..all() }, vec!["session.ended"]),
        (AuditFilter { user_id: Some(two.eve), ..all() }, vec![]),
        (AuditFilter { severity: Some(Severity::Critical), ..all() }, vec!["session.refresh_replayed"]),
        (AuditFilter { outcome: Some(Outcome::Failure), ..all() }, vec!["session"]),
        (AuditFilter { resource_type: Some("roles".to_owned()), ..all() }, vec!["team.%"]),
        (AuditFilter { resource_id: Some(resource), ..all() }, vec!["sessions"]),
        (AuditFilter { client_ip_hash: Some(vec![5; 32]), ..all() }, vec!["session/x"]),
        (AuditFilter { correlation_id: Some("other".to_owned()), ..all() }, vec!["team.created"]),
        // From the first time on, before the second.
        (
            AuditFilter { from: Some(events[1].created_at), until: Some(events[3].created_at), ..all() },
            vec!["session.refresh_replayed", "session.ended"],
        ),
        (
            AuditFilter { until: Some(events[2].created_at), severity: Some(Severity::Info), ..of_type("session.*") },
            vec!["session.ended", "session.created"],
        ),
    ];
    for (filter, expected) in cases {
        assert_eq!(found(&ground, &two, filter.clone()).await, expected, "{filter:?}");
    }
}

pub async fn not_from_another_organization(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let event = AuditEvent { user_id: Some(two.eve), ..sample(&ground, two.one, "team.created") };
    append(&ground, two.one, std::slice::from_ref(&event)).await;
    let page = PageRequest::first(200);
    for (scope, organization) in two.strangers_and_platform() {
        assert_eq!(ask!(ground, scope, |unit| unit.audit().find(organization, event.id)), None, "{scope:?}");
        let list = ask!(ground, scope, |unit| unit.audit().list(organization, &AuditFilter::default(), &page));
        assert_eq!(list.items, [], "{scope:?}");
        let forged = [sample(&ground, two.one, "forged")];
        for organization in [two.one, organization] {
            let error = refused!(ground, scope, |unit| unit.audit().append(organization, &forged));
            assert_eq!(error.kind, ErrorKind::Internal, "{scope:?}");
        }
    }
    let list = ask!(ground, two.home(), |unit| unit.audit().list(two.one, &AuditFilter::default(), &page));
    assert_eq!(list.items, [event]);
}
