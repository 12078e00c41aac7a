//! `/user-levels/{user_level_id}/members`.

use super::{PagedWhose, view::LevelMember};
use crate::{
    AppState,
    input::{Id, Query, Signed, Whose},
    problem::Problem,
    reply::Page,
};
use axum::{extract::State, http::StatusCode};
use keystead_domain::{UserId, UserLevelId};
use keystead_service::access::user_levels::{self, ListLevelMembers};

/// Lists who has a user level.
#[utoipa::path(
    get, path = "/user-levels/{user_level_id}/members", tag = "access",
    params(("user_level_id" = Uuid, Path, description = "The user level."), PagedWhose),
    responses((status = 200, description = "A page of them.", body = Page<LevelMember>))
)]
pub(crate) async fn list_level_members(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(level): Id<UserLevelId>,
    Query(query): Query<PagedWhose>,
) -> Result<Page<LevelMember>, Problem> {
    let (organization, page) = query.input(&caller)?;
    let input = ListLevelMembers { organization, level, page };
    let found = user_levels::list_level_members(state.app(), &caller, input).await?;
    Ok(Page::of(found, LevelMember::from))
}

/// Gives a user level to a member of the organization. Doing it again changes nothing.
#[utoipa::path(
    put, path = "/user-levels/{user_level_id}/members/{user_id}", tag = "access",
    params(
        ("user_level_id" = Uuid, Path, description = "The user level."),
        ("user_id" = Uuid, Path, description = "The person."),
        Whose,
    ),
    responses((status = 200, description = "That the person has it.", body = LevelMember))
)]
pub(crate) async fn give_user_level(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id((level, user)): Id<(UserLevelId, UserId)>,
    whose: Whose,
) -> Result<axum::Json<LevelMember>, Problem> {
    let organization = whose.organization_id.unwrap_or(caller.organization_id);
    let given = user_levels::give_user_level(state.app(), &caller, organization, level, user).await?;
    Ok(axum::Json(given.into()))
}

/// Takes a user level from someone.
#[utoipa::path(
    delete, path = "/user-levels/{user_level_id}/members/{user_id}", tag = "access",
    params(
        ("user_level_id" = Uuid, Path, description = "The user level."),
        ("user_id" = Uuid, Path, description = "The person."),
        Whose,
    ),
    responses((status = 204, description = "The person does not have it any more."))
)]
pub(crate) async fn take_user_level(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id((level, user)): Id<(UserLevelId, UserId)>,
    whose: Whose,
) -> Result<StatusCode, Problem> {
    let organization = whose.organization_id.unwrap_or(caller.organization_id);
    user_levels::take_user_level(state.app(), &caller, organization, level, user).await?;
    Ok(StatusCode::NO_CONTENT)
}
