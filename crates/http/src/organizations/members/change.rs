//! `PATCH /organizations/{organization_id}/members/{user_id}`.

use crate::{
    AppState,
    input::{Id, IfMatch, Json, Signed},
    openapi::{self, words},
    organizations::view::Member,
    problem::Problem,
    reply::Living,
};
use axum::extract::State;
use keystead_domain::{OrganizationId, UserId, organizations::MembershipStatus};
use keystead_service::organizations::members::{self, SetMemberStatus};
use serde::Deserialize;
use utoipa::ToSchema;

/// Whether a member can work in the organization.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MemberChange {
    /// A suspended member sees and does nothing there until made active again.
    #[schema(schema_with = words::membership_status)]
    status: MembershipStatus,
}

/// Suspends a member, or lets them work again.
#[utoipa::path(
    patch, path = "/organizations/{organization_id}/members/{user_id}", tag = "organizations", request_body = MemberChange,
    params(
        ("organization_id" = Uuid, Path, description = "The organization."),
        ("user_id" = Uuid, Path, description = "The person."),
        openapi::Revision,
    ),
    responses((status = 200, description = "The member as they are now.", body = Member, headers(("ETag" = String))))
)]
pub(crate) async fn update_member(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id((organization, user)): Id<(OrganizationId, UserId)>,
    IfMatch(version): IfMatch,
    Json { value, .. }: Json<MemberChange>,
) -> Result<Living<Member>, Problem> {
    let input = SetMemberStatus { organization, user, version, status: value.status };
    let member = members::set_member_status(state.app(), &caller, input).await?;
    Ok(Living(member.membership.version, Member::seen_by(&caller, member)))
}
