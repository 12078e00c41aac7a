//! Audit events as readers see them.

use super::{Revealed, reveal};
use crate::{
    App,
    access::{Resource, guard, may},
    accounts::reads_everyone,
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
    /// `{before, after}`; of an account for the person and for those who may read every account only.
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

    /// What `caller` may see of it. What an organization is not shown of an account, it does not learn from the changes
    /// either: it sees that there was one.
    fn seen_by(self, caller: &Caller) -> Self {
        let is_account = self.event.resource_type == "users";
        let is_own = caller.user_id.is_some() && caller.user_id == self.event.subject_user_id;
        if is_account && !is_own && !reads_everyone(caller) { Self { changes: None, ..self } } else { self }
    }

    /// Whether it shows what the data register calls sensitive.
    pub(super) const fn is_sensitive(&self) -> bool {
        self.client.is_some() || self.changes.is_some()
    }
}

/// Opens what `events` have sealed, as far as `caller` may see it.
pub(super) async fn records(
    unit: &dyn UnitOfWork,
    app: &App,
    caller: &Caller,
    events: Vec<AuditEvent>,
) -> Result<Vec<AuditRecord>> {
    let revealed = reveal(unit, app, &events).await?;
    let record = |(event, revealed)| AuditRecord::new(event, revealed).seen_by(caller);
    Ok(events.into_iter().zip(revealed).map(record).collect())
}

/// Which of an organization's events a caller may read.
pub(super) enum Visible {
    All,
    OwnOf(UserId),
}

/// What of `organization`'s events `caller` may read: all, or those of his own doing where he works. Who holds no role
/// there (any more) is no part of it, and reads nothing.
pub(super) fn visible(caller: &Caller, organization: OrganizationId) -> Result<Visible> {
    let all = Resource::all("audit_events", organization);
    let is_part_of_it = organization == caller.organization_id && !caller.grants.is_empty();
    match caller.user_id.filter(|_| is_part_of_it && !may(caller, Action::Read, &all)) {
        Some(user) => {
            guard(caller, Action::Read, &Resource::personal("audit_events", None, user)).map(|()| Visible::OwnOf(user))
        }
        None => guard(caller, Action::Read, &all).map(|()| Visible::All),
    }
}
