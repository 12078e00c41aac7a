//! Lists audit events.

use super::{
    note_read,
    record::{AuditRecord, Visible, records, visible},
};
use crate::{
    App,
    access::scope_in,
    paging::{PageInput, PageOutput, Paging},
};
use keystead_domain::{Caller, Error, OrganizationId, Page, Result, audit::AuditFilter, optional_bounded};
use std::net::IpAddr;

/// Which audit events are wanted.
#[derive(Clone, Debug, Default)]
pub struct ListAuditEvents {
    /// Of which organization; the caller's when nothing is said. Only the platform's administrators name another.
    pub organization: Option<OrganizationId>,
    /// Which of them. The hash of an address is computed here, from `client_ip`.
    pub filter: AuditFilter,
    /// Only from this address.
    pub client_ip: Option<IpAddr>,
    /// Which page.
    pub page: PageInput,
}

/// The audit events of an organization, newest first. Who may not read all of them reads those of his own doing.
///
/// # Errors
/// As [`guard`](crate::access::guard); `Forbidden` when another person's events are asked for by somebody who reads only
/// his own; `Invalid` on `cursor` or a part of the filter.
pub async fn list_audit_events(app: &App, caller: &Caller, input: ListAuditEvents) -> Result<PageOutput<AuditRecord>> {
    let organization = input.organization.unwrap_or(caller.organization_id);
    let mut filter = checked(input.filter)?;
    filter.client_ip_hash = input.client_ip.map(|address| app.keys.macs().client_ip_hash(address).to_vec());
    if let Visible::OwnOf(user) = visible(caller, organization)? {
        if filter.user_id.is_some_and(|asked| asked != user) {
            return Err(Error::forbidden());
        }
        filter.user_id = Some(user);
    }
    let paging = Paging::open(app, caller, "GET /audit-events", &(organization, &filter), &input.page)?;
    let unit = app.store.read(scope_in(organization, caller)).await?;
    let Page { items, next } = unit.audit().list(organization, &filter, paging.request()).await?;
    let items = records(&*unit, app, caller, items).await?;
    if items.iter().any(AuditRecord::is_sensitive) {
        let reader = Caller { organization_id: organization, ..caller.clone() };
        note_read(app, &reader, "audit_event.read", "audit_events", None, None);
    }
    paging.close(app, Page { items, next })
}

/// The filter, with texts that a store can be asked for.
fn checked(filter: AuditFilter) -> Result<AuditFilter> {
    Ok(AuditFilter {
        event_type: optional_bounded("event_type", filter.event_type.as_deref(), 100)?,
        resource_type: optional_bounded("resource_type", filter.resource_type.as_deref(), 40)?,
        correlation_id: optional_bounded("correlation_id", filter.correlation_id.as_deref(), 100)?,
        ..filter
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        audit::{Event, append, changes},
        testing::{TestApp, Trail, administrator, anonymous, caller, member, organization, user},
    };
    use keystead_domain::{
        ErrorKind, PLATFORM, Scope,
        access::{ADMIN, MANAGER},
        audit::AuditEvent,
        keys::EncryptionKey,
    };
    use keystead_store::mocks::{MockUnitOfWork, Step};
    use serde_json::json;
    use std::sync::{Arc, Mutex};

    /// A unit of work that gives `events` and expects to be asked for those of `by`.
    fn listing(events: Vec<AuditEvent>, by: Option<keystead_domain::UserId>) -> MockUnitOfWork {
        let mut unit = MockUnitOfWork::new();
        unit.audit.expect_list().returning(move |_, filter, _| {
            assert_eq!(filter.user_id, by);
            Ok(Page { items: events.clone(), next: None })
        });
        unit.keys.expect_encryption_keys().returning(|_| Ok(Vec::new()));
        unit
    }

    async fn list(caller: &Caller, input: ListAuditEvents, by: Option<keystead_domain::UserId>) -> Result<Vec<Step>> {
        let test = TestApp::new();
        let journal = test.unit(listing(Vec::new(), by)).journal();
        list_audit_events(&test.build(), caller, input).await?;
        Ok(journal.steps())
    }

    fn of(organization: OrganizationId) -> ListAuditEvents {
        ListAuditEvents { organization: Some(organization), ..ListAuditEvents::default() }
    }

    #[tokio::test]
    async fn administrators_read_all_and_members_their_own() {
        list(&administrator(organization(1), 7), ListAuditEvents::default(), None).await.unwrap();
        list(&member(1, 7), ListAuditEvents::default(), Some(user(7))).await.unwrap();
        let filter = AuditFilter { user_id: Some(user(8)), ..AuditFilter::default() };
        let others = ListAuditEvents { filter, ..ListAuditEvents::default() };
        list(&administrator(organization(1), 7), others.clone(), Some(user(8))).await.unwrap();
        let error = list(&member(1, 7), others, None).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Forbidden);
    }

    #[tokio::test]
    async fn the_platform_reads_every_organization_and_nobody_else_another() {
        let steps = list(&administrator(PLATFORM, 7), of(organization(2)), None).await.unwrap();
        assert_eq!(steps[0], Step::Read(Scope::person(organization(2), user(7))));
        for (caller, kind) in [
            (administrator(organization(1), 7), ErrorKind::NotFound),
            (member(1, 7), ErrorKind::NotFound),
            (anonymous(), ErrorKind::Unauthenticated),
        ] {
            assert_eq!(list(&caller, of(organization(2)), None).await.unwrap_err().kind, kind);
        }
    }

    #[tokio::test]
    async fn what_was_sealed_is_opened_and_what_was_erased_is_said_to_be() {
        let (mut test, trail, caller) = (TestApp::new(), Trail::default(), administrator(PLATFORM, 7));
        test.settings.audit_reads = true;
        let mut writing = MockUnitOfWork::new();
        trail.record(&mut writing);
        let app = test.build();
        // Under the platform's key, which is in memory, and under a person's key, which no store has.
        let kept =
            Event::new(&anonymous(), "session.refused", "sessions").changed(changes(&(), &json!({"a": 1})).unwrap());
        let erased =
            Event::new(&caller, "user.updated", "users").subject(user(9)).before_after(json!({}), json!({"a": 2}));
        append(&writing, &app, PLATFORM, vec![kept, erased]).await.unwrap();

        let reading = listing(trail.events(), None);
        let records = records(&reading, &app, &caller, reading_list(&reading).await).await.unwrap();
        assert_eq!(records[0].client.as_ref().unwrap()["client_ip"], "192.0.2.7");
        assert_eq!(records[0].changes.as_ref().unwrap()["after"], json!({"a": 1}));
        assert!(!records[0].erased && records[1].erased);
        assert_eq!((&records[1].client, &records[1].changes), (&None, &None));
        assert!(records.iter().all(|record| record.event.client_sealed.is_none()));
    }

    #[tokio::test]
    async fn what_changed_about_an_account_is_shown_to_the_person_and_the_platform() {
        let (test, trail, place) = (TestApp::new(), Trail::default(), organization(1));
        let mut writing = MockUnitOfWork::new();
        let keys = Arc::new(Mutex::new(Vec::new()));
        let made = Arc::clone(&keys);
        writing.keys.expect_ensure_encryption_key().returning(move |_, candidate| {
            let mut keys = made.lock().unwrap();
            let known = keys.iter().find(|key: &&EncryptionKey| key.user_id == candidate.user_id).cloned();
            Ok(known.unwrap_or_else(|| {
                keys.push(candidate.clone());
                candidate.clone()
            }))
        });
        trail.record(&mut writing);
        let app = test.build();
        let secret = json!({ "profile_data": { "diagnosis": "secret" } });
        let account = Event::new(&member(1, 8), "user.updated", "users").subject(user(8));
        let membership = Event::new(&member(1, 7), "member.suspended", "members").subject(user(8));
        let events = [account, membership].map(|event| event.before_after(json!({}), secret.clone()));
        append(&writing, &app, place, events.to_vec()).await.unwrap();

        let (members, shown) = (caller(place, 7, &[ADMIN]), json!({ "before": {}, "after": secret }));
        for (caller, of_account) in [
            (&members, None),
            (&caller(PLATFORM, 7, &[MANAGER]), None),
            (&member(1, 8), Some(&shown)),
            (&administrator(PLATFORM, 7), Some(&shown)),
        ] {
            let mut reading = MockUnitOfWork::new();
            let keys = Arc::clone(&keys);
            reading.keys.expect_encryption_keys().returning(move |_| Ok(keys.lock().unwrap().clone()));
            let records = records(&reading, &app, caller, trail.events()).await.unwrap();
            assert_eq!((records[0].changes.as_ref(), records[1].changes.as_ref()), (of_account, Some(&shown)));
            assert!(records.iter().all(|record| !record.erased && record.client.is_some()));
        }
    }

    async fn reading_list(unit: &MockUnitOfWork) -> Vec<AuditEvent> {
        use keystead_store::UnitOfWork;
        let page = keystead_domain::PageRequest::first(10);
        unit.audit().list(PLATFORM, &AuditFilter::default(), &page).await.unwrap().items
    }
}
