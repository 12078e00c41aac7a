//! `GET /me/organizations`: where one belongs.

use crate::{
    AppState,
    input::{Paged, Query, Signed},
    organizations::view::OwnOrganization,
    problem::Problem,
    reply::Page,
};
use axum::extract::State;
use keystead_service::organizations;

/// Lists the organizations that one is a member of.
#[utoipa::path(
    get, path = "/me/organizations", tag = "accounts", params(Paged),
    responses((status = 200, description = "A page of them, oldest first.", body = Page<OwnOrganization>))
)]
pub(crate) async fn list_own_organizations(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Query(query): Query<Paged>,
) -> Result<Page<OwnOrganization>, Problem> {
    let page = organizations::list_own_organizations(state.app(), &caller, &query.input()?).await?;
    Ok(Page::of(page, OwnOrganization::from))
}
