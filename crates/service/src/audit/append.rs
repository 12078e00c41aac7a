//! Sealing audit events and appending them.

use super::{Event, abridged::abridged};
use crate::{
    App,
    keys::{KeyOwner, data_key},
};
use keystead_crypto::sealing::{DataKey, SealContext};
use keystead_domain::{AuditEventId, Error, Json, OrganizationId, PLATFORM, RequestContext, Result, audit::AuditEvent};
use keystead_store::UnitOfWork;
use serde_json::json;

/// Appends `events` to `organization`'s within the transaction, in one batch.
///
/// The client's address and agent are sealed under the acting person's key (the platform's when nobody is known), what
/// changed under the subject's key (the organization's when it is about nobody): erasing a person destroys the key.
/// What belongs to a person whose key was destroyed is not kept, and of large values only size and hash.
///
/// # Errors
/// When the store fails.
pub async fn append(unit: &dyn UnitOfWork, app: &App, organization: OrganizationId, events: Vec<Event>) -> Result<()> {
    let mut rows = Vec::with_capacity(events.len());
    for event in events {
        let acting = event.user.map_or(KeyOwner::Organization(PLATFORM), KeyOwner::Person);
        let key = if tells_client(&event.context) { data_key(app, unit, acting).await? } else { None };
        let mut row = sealed(app, organization, &event, key.as_deref())?;
        if let Some((before, after)) = &event.changes {
            let owner = event.subject.map_or(KeyOwner::Organization(organization), KeyOwner::Person);
            let key = data_key(app, unit, owner).await?;
            let changes = json!({ "before": abridged(app, before)?, "after": abridged(app, after)? });
            row.changes_sealed = key.map(|key| seal(app, &key, "changes_sealed", row.id, &changes)).transpose()?;
        }
        rows.push(row);
    }
    unit.audit().append(organization, &rows).await?;
    metrics::counter!("keystead_audit_events_total").increment(rows.len() as u64);
    Ok(())
}

/// Whether an event of this request has anything to seal under the acting person's key.
pub(crate) fn tells_client(context: &RequestContext) -> bool {
    context.client_ip.is_some() || context.user_agent.is_some()
}

/// The row of an event that changes nothing, with the client sealed under the acting person's `key`.
pub(crate) fn sealed(
    app: &App,
    organization: OrganizationId,
    event: &Event,
    key: Option<&DataKey>,
) -> Result<AuditEvent> {
    let (id, context): (AuditEventId, _) = (app.ids.next(), &event.context);
    let client = json!({ "client_ip": context.client_ip, "user_agent": context.user_agent });
    let key = key.filter(|_| tells_client(context));
    Ok(AuditEvent {
        id,
        organization_id: organization,
        user_id: event.user,
        caller_kind: event.caller_kind.to_owned(),
        session_id: event.session,
        event_type: event.event_type.to_owned(),
        resource_type: event.resource_type.to_owned(),
        resource_id: event.resource,
        subject_user_id: event.subject,
        outcome: event.outcome,
        severity: event.severity,
        event_data: event.data.clone(),
        client_sealed: key.map(|key| seal(app, key, "client_sealed", id, &client)).transpose()?,
        client_ip_hash: context.client_ip.map(|address| app.keys.macs().client_ip_hash(address).to_vec()),
        changes_sealed: None,
        correlation_id: context.correlation_id.chars().take(100).collect(),
        source: context.source.to_owned(),
        metadata: program(event),
        created_at: event.at.unwrap_or_else(|| app.now()),
    })
}

/// The service account that acted and its key: no column of its own names them, since a column would name a person.
fn program(event: &Event) -> Json {
    match event.service_account {
        Some(account) => json!({ AuditEvent::SERVICE_ACCOUNT: account, AuditEvent::API_KEY: event.api_key }),
        None => json!({}),
    }
}

fn seal(app: &App, key: &DataKey, column: &'static str, id: AuditEventId, value: &Json) -> Result<Vec<u8>> {
    let text = serde_json::to_vec(value).map_err(|error| Error::internal(error.to_string()))?;
    Ok(key.seal(&place(column, id), &text, &*app.random)?)
}

/// Where a sealed value of an audit event lives.
pub(super) fn place(column: &'static str, id: AuditEventId) -> SealContext<'static> {
    SealContext::new("audit_logs", column, id)
}
