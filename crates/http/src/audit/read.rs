//! `GET /audit-events/{audit_event_id}`.

use super::view::AuditEvent;
use crate::{
    AppState,
    input::{Id, Signed, Whose},
    problem::Problem,
};
use axum::extract::State;
use keystead_domain::AuditEventId;
use keystead_service::audit;

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
    whose: Whose,
) -> Result<axum::Json<AuditEvent>, Problem> {
    let found = audit::get_audit_event(state.app(), &caller, whose.organization_id, id).await?;
    Ok(axum::Json(found.into()))
}
