//! `PUT /organizations/{organization_id}/members/{user_id}/roles`.

use crate::{
    AppState,
    input::{Id, IfMatch, Json, Signed},
    openapi,
    organizations::view::Member,
    problem::Problem,
    reply::Living,
};
use axum::extract::State;
use keystead_domain::{OrganizationId, UserId};
use keystead_service::organizations::members::{self, SetMemberRoles};
use serde::Deserialize;
use utoipa::ToSchema;

/// The roles that a member is to hold.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MemberRoles {
    /// Their names.
    #[schema(max_items = 50, example = json!(["user"]))]
    roles: Vec<String>,
}

/// Replaces the roles that a member holds. Nobody grants a role that permits what he lacks.
#[utoipa::path(
    put, path = "/organizations/{organization_id}/members/{user_id}/roles", tag = "organizations", request_body = MemberRoles,
    params(
        ("organization_id" = Uuid, Path, description = "The organization."),
        ("user_id" = Uuid, Path, description = "The person."),
        openapi::Revision,
    ),
    responses((status = 200, description = "The member as they are now.", body = Member, headers(("ETag" = String))))
)]
pub(crate) async fn set_member_roles(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id((organization, user)): Id<(OrganizationId, UserId)>,
    IfMatch(version): IfMatch,
    Json { value, .. }: Json<MemberRoles>,
) -> Result<Living<Member>, Problem> {
    let input = SetMemberRoles { organization, user, version, roles: value.roles };
    let member = members::set_member_roles(state.app(), &caller, input).await?;
    Ok(Living(member.membership.version, Member::seen_by(&caller, member)))
}
