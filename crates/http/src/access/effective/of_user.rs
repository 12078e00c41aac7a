//! `GET /users/{user_id}/permissions`.

use super::{query::Wanted, view::Permissions};
use crate::{
    AppState,
    input::{Id, Query, Signed},
    problem::Problem,
};
use axum::{Json, extract::State};
use keystead_domain::UserId;
use keystead_service::access::effective;

/// Lists what a member of the organization may do in it, with the reasons.
#[utoipa::path(
    get, path = "/users/{user_id}/permissions", tag = "access",
    params(("user_id" = Uuid, Path, description = "The account."), Wanted),
    responses((status = 200, description = "A page of them, in order of kind, key and action.", body = Permissions))
)]
pub(crate) async fn permissions_of_user(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(user): Id<UserId>,
    Query(query): Query<Wanted>,
) -> Result<Json<Permissions>, Problem> {
    let found = effective::permissions_of_user(state.app(), &caller, user, query.input()?).await?;
    Ok(Json(Permissions::from(found)))
}
