//! `GET /roles`.

use crate::{
    AppState,
    access::view::Role,
    input::{Paged, Query, Signed},
    problem::Problem,
    reply::Page,
};
use axum::extract::State;
use keystead_service::access::roles::{self, ListRoles};

/// Lists the roles that members here can hold: the organization's own and the built-in ones.
#[utoipa::path(
    get, path = "/roles", tag = "access", params(Paged),
    responses((status = 200, description = "A page of them.", body = Page<Role>))
)]
pub(crate) async fn list_roles(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Query(query): Query<Paged>,
) -> Result<Page<Role>, Problem> {
    let input = ListRoles { organization: caller.organization_id, page: query.input()? };
    let found = roles::list_roles(state.app(), &caller, input).await?;
    Ok(Page::of(found, Role::from))
}
