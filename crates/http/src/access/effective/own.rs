//! `GET /me/permissions`.

use super::{query::Wanted, view::Permissions};
use crate::{
    AppState,
    input::{Query, Signed},
    problem::Problem,
};
use axum::{Json, extract::State};
use keystead_service::access::effective;

/// Lists what one may do in the organization, with the reasons. What rules allow only under some circumstances of a request
/// is not among it.
#[utoipa::path(
    get, path = "/me/permissions", tag = "access", params(Wanted),
    responses((status = 200, description = "A page of them, in order of kind, key and action.", body = Permissions))
)]
pub(crate) async fn own_permissions(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Query(query): Query<Wanted>,
) -> Result<Json<Permissions>, Problem> {
    let found = effective::own_permissions(state.app(), &caller, query.input()?).await?;
    Ok(Json(Permissions::from(found)))
}
