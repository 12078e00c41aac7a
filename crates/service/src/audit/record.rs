//! Audit events as readers see them.

use super::{Revealed, reveal};
use crate::{
    App,
    access::{Resource, guard},
};
use keystead_domain::{Caller, Json, OrganizationId, Result, UserId, access::Action, audit::AuditEvent};
use keystead_store::UnitOfWork;

/// An audit event with its sealed values opened.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditRecord {
    /// The event. What was sealed in it is in the other fields, the hash of the address is left out.
    pub event: AuditEvent,
    /// `{client_ip, user_agent}`.
    pub client: Option<Json>,
    /// `{before, after}`.
    pub changes: Option<Json>,
    /// Whether there was more, and its key has been destroyed.
    pub erased: bool,
}

impl AuditRecord {
    fn new(event: AuditEvent, Revealed { client, changes }: Revealed) -> Self {
        let erased = (event.client_sealed.is_some() && client.is_none())
            || (event.changes_sealed.is_some() && changes.is_none());
        let event = AuditEvent { client_sealed: None, client_ip_hash: None, changes_sealed: None, ..event };
        Self { event, client, changes, erased }
    }

    /// Whether it shows what the data register calls sensitive.
    pub(super) const fn is_sensitive(&self) -> bool {
        self.client.is_some() || self.changes.is_some()
    }
}

/// Opens what `events` have sealed.
pub(super) async fn records(unit: &dyn UnitOfWork, app: &App, events: Vec<AuditEvent>) -> Result<Vec<AuditRecord>> {
    let revealed = reveal(unit, app, &events).await?;
    Ok(events.into_iter().zip(revealed).map(|(event, revealed)| AuditRecord::new(event, revealed)).collect())
}

/// Which of an organization's events a caller may read.
pub(super) enum Visible {
    All,
    OwnOf(UserId),
}

/// What of `organization`'s events `caller` may read: all, or those of his own doing where he works. Who holds no role
/// there (any more) is no part of it, and reads nothing.
pub(super) fn visible(caller: &Caller, organization: OrganizationId) -> Result<Visible> {
    match (guard(caller, Action::Read, &Resource::all("audit_events", organization)), caller.user_id) {
        (Ok(()), _) => Ok(Visible::All),
        (Err(_), Some(user)) if organization == caller.organization_id && !caller.grants.is_empty() => {
            guard(caller, Action::Read, &Resource::personal("audit_events", None, user)).map(|()| Visible::OwnOf(user))
        }
        (Err(error), _) => Err(error),
    }
}
