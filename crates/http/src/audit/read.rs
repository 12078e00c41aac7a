//! `GET /audit-events/{audit_event_id}`.

use super::view::AuditEvent;
use crate::{
    AppState,
    input::{Id, Query, Signed},
    problem::Problem,
};
use axum::extract::State;
use keystead_domain::{AuditEventId, OrganizationId};
use keystead_service::audit;
use serde::Deserialize;
use utoipa::IntoParams;

/// Whose event it is.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Whose {
    /// Of this organization; the caller's when absent. Only the platform's administrators name another.
    #[param(value_type = Option<Uuid>)]
    organization_id: Option<OrganizationId>,
}

/// Shows an audit event.
#[utoipa::path(
    get, path = "/audit-events/{audit_event_id}", tag = "audit",
    params(("audit_event_id" = Uuid, Path, description = "The event."), Whose),
    responses((status = 200, description = "The event.", body = AuditEvent))
)]
pub(crate) async fn get_audit_event(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<AuditEventId>,
    Query(whose): Query<Whose>,
) -> Result<axum::Json<AuditEvent>, Problem> {
    let found = audit::get_audit_event(state.app(), &caller, whose.organization_id, id).await?;
    Ok(axum::Json(found.into()))
}
