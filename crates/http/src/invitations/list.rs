//! `GET /invitations`.

use super::view::Invitation;
use crate::{
    AppState,
    input::{Query, Signed, page_input},
    openapi::words,
    problem::Problem,
    reply::Page,
};
use axum::extract::State;
use keystead_domain::organizations::InvitationStatus;
use keystead_service::organizations::invitations::{self, ListInvitations};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which invitations, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct InvitationQuery {
    /// At most so many items; 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Only this status.
    #[param(schema_with = words::invitation_status, required = false)]
    status: Option<InvitationStatus>,
}

/// Lists the organization's invitations.
#[utoipa::path(
    get, path = "/invitations", tag = "organizations", params(InvitationQuery),
    responses((status = 200, description = "A page of them, oldest first.", body = Page<Invitation>))
)]
pub(crate) async fn list_invitations(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Query(query): Query<InvitationQuery>,
) -> Result<Page<Invitation>, Problem> {
    let input = ListInvitations {
        organization: caller.organization_id,
        status: query.status,
        page: page_input(query.limit, query.cursor)?,
    };
    let found = invitations::list_invitations(state.app(), &caller, input).await?;
    Ok(Page::of(found, Invitation::from))
}
