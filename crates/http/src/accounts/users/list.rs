//! `GET /users`.

use crate::{
    AppState,
    accounts::view::User,
    input::{Query, Signed, page_input},
    openapi::words,
    problem::Problem,
    reply::Page,
};
use axum::extract::State;
use keystead_domain::accounts::{UserFilter, UserStatus};
use keystead_service::accounts::{self, ListUsers};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which accounts, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct UserQuery {
    /// At most so many items; 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Only this status.
    #[param(schema_with = words::user_status, required = false)]
    status: Option<UserStatus>,
    /// Only this tier.
    tier: Option<String>,
    /// Only accounts whose username or address begins with this, without regard to case.
    search: Option<String>,
}

/// Lists accounts: an organization's members, or all from the platform.
#[utoipa::path(
    get, path = "/users", tag = "accounts", params(UserQuery),
    responses((status = 200, description = "A page of them, oldest first.", body = Page<User>))
)]
pub(crate) async fn list_users(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Query(query): Query<UserQuery>,
) -> Result<Page<User>, Problem> {
    let page = page_input(query.limit, query.cursor)?;
    let filter = UserFilter { status: query.status, tier: query.tier, search: query.search };
    let found = accounts::list_users(state.app(), &caller, ListUsers { filter, page }).await?;
    Ok(Page::of(found, |user| User::seen_by(&caller, &user)))
}
