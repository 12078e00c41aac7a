//! Shows an audit event.

use super::{
    note_read,
    record::{AuditRecord, Visible, records, visible},
};
use crate::{App, access::scope_in};
use keystead_domain::{AuditEventId, Caller, Error, OrganizationId, Result};

/// An audit event of `organization`, or of the caller's where that is none. Only the platform's administrators name
/// another. Who may not read all events reads those of his own doing.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`.
pub async fn get_audit_event(
    app: &App,
    caller: &Caller,
    organization: Option<OrganizationId>,
    id: AuditEventId,
) -> Result<AuditRecord> {
    let organization = organization.unwrap_or(caller.organization_id);
    let visible = visible(caller, organization)?;
    let unit = app.store.read(scope_in(organization, caller)).await?;
    let event = unit.audit().find(organization, id).await?.filter(|event| match visible {
        Visible::All => true,
        Visible::OwnOf(user) => event.user_id == Some(user),
    });
    let none = || Error::not_found("audit event");
    let subject = event.as_ref().and_then(|event| event.subject_user_id);
    let record = records(&*unit, app, caller, event.into_iter().collect()).await?.pop().ok_or_else(none)?;
    if record.is_sensitive() {
        let reader = Caller { organization_id: organization, ..caller.clone() };
        note_read(app, &reader, "audit_event.read", "audit_events", Some(id.as_uuid()), subject);
    }
    Ok(record)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        audit::{Event, append},
        testing::{TestApp, Trail, administrator, caller, member, organization},
    };
    use keystead_domain::ErrorKind;
    use keystead_store::mocks::MockUnitOfWork;

    /// Reads an event that the person 8 has caused in organization 1.
    async fn get(caller: &Caller) -> Result<AuditRecord> {
        let (test, trail, mut writing) = (TestApp::new(), Trail::default(), MockUnitOfWork::new());
        trail.record(&mut writing);
        let (mut reading, kept) = (MockUnitOfWork::new(), trail.clone());
        reading.audit.expect_find().returning(move |_, _| Ok(kept.events().pop()));
        reading.keys.expect_encryption_keys().returning(|_| Ok(Vec::new()));
        test.unit(reading);
        let app = test.build();
        append(&writing, &app, organization(1), vec![Event::new(&member(1, 8), "team.created", "teams")]).await?;
        get_audit_event(&app, caller, None, trail.only().id).await
    }

    #[tokio::test]
    async fn an_event_is_read_by_administrators_and_by_who_caused_it() {
        assert!(get(&administrator(organization(1), 7)).await.is_ok());
        assert!(get(&member(1, 8)).await.is_ok());
        for other in [member(1, 7), caller(organization(1), 8, &[])] {
            assert_eq!(get(&other).await.unwrap_err().kind, ErrorKind::NotFound);
        }
    }
}
