//! An audit event as the API shows it.

use crate::openapi::words;
use keystead_domain::{AuditEventId, Json, OrganizationId, SessionId, Timestamp, UserId, audit};
use keystead_service::audit::AuditRecord;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditEvent {
    /// Its identifier.
    #[schema(value_type = Uuid)]
    id: AuditEventId,
    /// The organization that it belongs to.
    #[schema(value_type = Uuid)]
    organization_id: OrganizationId,
    /// The person who acted, when it was one.
    #[schema(value_type = Option<Uuid>)]
    user_id: Option<UserId>,
    /// What kind of caller acted: `user`, `service_account`, `anonymous`, `job` or `operator`.
    caller_kind: String,
    /// The service account that acted, when it was one.
    #[schema(value_type = Option<Uuid>)]
    service_account_id: Option<Json>,
    /// The key that the service account called with.
    #[schema(value_type = Option<Uuid>)]
    api_key_id: Option<Json>,
    /// The session in which it happened.
    #[schema(value_type = Option<Uuid>)]
    session_id: Option<SessionId>,
    /// What happened, such as `session.created`.
    event_type: String,
    /// The kind of thing that it happened to, such as `teams`.
    resource_type: String,
    /// The thing that it happened to.
    resource_id: Option<Uuid>,
    /// The person whom it is about, when it is about one.
    #[schema(value_type = Option<Uuid>)]
    subject_user_id: Option<UserId>,
    /// Whether it came about.
    #[schema(schema_with = words::outcome)]
    outcome: audit::Outcome,
    /// How much attention it deserves.
    #[schema(schema_with = words::severity)]
    severity: audit::Severity,
    /// Facts that are not personal: reasons, counts, names of roles.
    #[schema(value_type = Value)]
    event_data: Json,
    /// The client's address and agent.
    #[schema(value_type = Option<Object>)]
    client: Option<Json>,
    /// What changed, as `before` and `after`; null when nothing did. Of a decision, what a product has asked, in `after`.
    #[schema(value_type = Option<Object>)]
    changes: Option<Json>,
    /// Whether there was more, which nobody can read any more: the person was erased.
    erased: bool,
    /// Ties everything that one request caused together; its `X-Request-ID`.
    correlation_id: String,
    /// Where the request entered: `http`, `cli`, `job` or `seed`.
    source: String,
    /// When it happened.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<AuditRecord> for AuditEvent {
    fn from(record: AuditRecord) -> Self {
        let AuditRecord { event, client, changes, erased } = record;
        let named = |name: &str| event.metadata.get(name).filter(|value| value.is_string()).cloned();
        Self {
            id: event.id,
            organization_id: event.organization_id,
            user_id: event.user_id,
            service_account_id: named(audit::AuditEvent::SERVICE_ACCOUNT),
            api_key_id: named(audit::AuditEvent::API_KEY),
            caller_kind: event.caller_kind,
            session_id: event.session_id,
            event_type: event.event_type,
            resource_type: event.resource_type,
            resource_id: event.resource_id,
            subject_user_id: event.subject_user_id,
            outcome: event.outcome,
            severity: event.severity,
            event_data: event.event_data,
            client,
            changes,
            erased,
            correlation_id: event.correlation_id,
            source: event.source,
            created_at: event.created_at,
        }
    }
}
