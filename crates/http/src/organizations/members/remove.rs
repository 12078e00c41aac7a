//! `DELETE /organizations/{organization_id}/members/{user_id}`.

use crate::{
    AppState,
    input::{Id, IfMatch, Signed},
    openapi,
    problem::Problem,
};
use axum::{extract::State, http::StatusCode};
use keystead_domain::{OrganizationId, UserId};
use keystead_service::organizations::{self, RemoveMember};
use uuid::Uuid;

/// Removes a member, or leaves when it is oneself.
#[utoipa::path(
    delete, path = "/organizations/{organization_id}/members/{user_id}", tag = "organizations",
    params(
        ("organization_id" = Uuid, Path, description = "The organization."),
        ("user_id" = Uuid, Path, description = "The person."),
        openapi::Revision,
    ),
    responses((status = 204, description = "No member any more."))
)]
pub(crate) async fn remove_member(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id((organization, user)): Id<(OrganizationId, UserId)>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Problem> {
    organizations::remove_member(state.app(), &caller, RemoveMember { organization, user, version }).await?;
    Ok(StatusCode::NO_CONTENT)
}
