//! `DELETE /organizations/{organization_id}/members/{user_id}`.

use crate::{
    AppState,
    input::{Id, Signed},
    problem::Problem,
};
use axum::{extract::State, http::StatusCode};
use keystead_domain::{OrganizationId, UserId};
use keystead_service::organizations::members;

/// Removes a member, or leaves when it is oneself.
///
/// It takes no `If-Match`: it ends a place whatever roles and state it has, and overwrites nothing that anybody has written.
#[utoipa::path(
    delete, path = "/organizations/{organization_id}/members/{user_id}", tag = "organizations",
    params(
        ("organization_id" = Uuid, Path, description = "The organization."),
        ("user_id" = Uuid, Path, description = "The person."),
    ),
    responses((status = 204, description = "No member any more."))
)]
pub(crate) async fn remove_member(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id((organization, user)): Id<(OrganizationId, UserId)>,
) -> Result<StatusCode, Problem> {
    members::remove_member(state.app(), &caller, organization, user).await?;
    Ok(StatusCode::NO_CONTENT)
}
