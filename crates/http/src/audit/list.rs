//! `GET /audit-events`.

use super::view::AuditEvent;
use crate::{
    AppState,
    input::{Query, Signed, page_input},
    openapi::words,
    problem::Problem,
    reply::Page,
};
use axum::extract::State;
use keystead_domain::{
    OrganizationId, Timestamp, UserId,
    audit::{AuditFilter, Outcome, Severity},
};
use keystead_service::audit::{self, ListAuditEvents};
use serde::Deserialize;
use std::net::IpAddr;
use utoipa::IntoParams;
use uuid::Uuid;

/// Which events, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditQuery {
    /// At most so many items; 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Of this organization; the caller's when absent. Only the platform's administrators name another.
    #[param(value_type = Option<Uuid>)]
    organization_id: Option<OrganizationId>,
    /// Only by this person.
    #[param(value_type = Option<Uuid>)]
    user_id: Option<UserId>,
    /// Only this kind of event; a trailing `.*` matches a family (`session.*`).
    #[param(max_length = 100)]
    event_type: Option<String>,
    /// Only about this kind of thing.
    #[param(max_length = 40)]
    resource_type: Option<String>,
    /// Only about this thing.
    resource_id: Option<Uuid>,
    /// Only of this request.
    #[param(max_length = 100)]
    correlation_id: Option<String>,
    /// Only of this severity.
    #[param(schema_with = words::severity, required = false)]
    severity: Option<Severity>,
    /// Only with this outcome.
    #[param(schema_with = words::outcome, required = false)]
    outcome: Option<Outcome>,
    /// Only from this address.
    #[param(schema_with = words::address, required = false)]
    client_ip: Option<IpAddr>,
    /// Not before (RFC 3339).
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Before (RFC 3339).
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
}

/// Lists audit events. Who may not read all of the organization's reads those of his own doing.
#[utoipa::path(
    get, path = "/audit-events", tag = "audit", params(AuditQuery),
    responses((status = 200, description = "A page of them, newest first.", body = Page<AuditEvent>))
)]
pub(crate) async fn list_audit_events(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Query(query): Query<AuditQuery>,
) -> Result<Page<AuditEvent>, Problem> {
    let input = ListAuditEvents {
        organization: query.organization_id,
        client_ip: query.client_ip,
        page: page_input(query.limit, query.cursor)?,
        filter: AuditFilter {
            user_id: query.user_id,
            event_type: query.event_type,
            resource_type: query.resource_type,
            resource_id: query.resource_id,
            correlation_id: query.correlation_id,
            severity: query.severity,
            outcome: query.outcome,
            client_ip_hash: None,
            from: query.from,
            until: query.until,
        },
    };
    let found = audit::list_audit_events(state.app(), &caller, input).await?;
    Ok(Page::of(found, AuditEvent::from))
}
