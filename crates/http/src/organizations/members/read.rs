//! Lists and shows members.

use crate::{
    AppState,
    input::{Id, Paged, Query, Signed},
    organizations::view::Member,
    problem::Problem,
    reply::{Living, Page},
};
use axum::extract::State;
use keystead_domain::{OrganizationId, UserId};
use keystead_service::organizations::members::{self, ListMembers};

/// Lists the members with their roles.
#[utoipa::path(
    get, path = "/organizations/{organization_id}/members", tag = "organizations",
    params(("organization_id" = Uuid, Path, description = "The organization."), Paged),
    responses((status = 200, description = "A page of them, in order of joining.", body = Page<Member>))
)]
pub(crate) async fn list_members(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(organization): Id<OrganizationId>,
    Query(query): Query<Paged>,
) -> Result<Page<Member>, Problem> {
    let input = ListMembers { organization, page: query.input()? };
    let found = members::list_members(state.app(), &caller, input).await?;
    Ok(Page::of(found, |member| Member::seen_by(&caller, member)))
}

/// Shows a member.
#[utoipa::path(
    get, path = "/organizations/{organization_id}/members/{user_id}", tag = "organizations",
    params(
        ("organization_id" = Uuid, Path, description = "The organization."),
        ("user_id" = Uuid, Path, description = "The person."),
    ),
    responses((status = 200, description = "The member.", body = Member, headers(("ETag" = String))))
)]
pub(crate) async fn get_member(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id((organization, user)): Id<(OrganizationId, UserId)>,
) -> Result<Living<Member>, Problem> {
    let member = members::get_member(state.app(), &caller, organization, user).await?;
    Ok(Living(member.membership.version, Member::seen_by(&caller, member)))
}
