//! `POST /users/{user_id}/disable`, `/enable` and `/unlock`.

use crate::{
    AppState,
    accounts::view::User,
    input::{Id, Signed},
    problem::Problem,
    reply::Living,
};
use axum::extract::State;
use keystead_domain::UserId;
use keystead_service::accounts;

/// Disables an account and ends its sessions.
#[utoipa::path(
    post, path = "/users/{user_id}/disable", tag = "accounts",
    params(("user_id" = Uuid, Path, description = "The account.")),
    responses((status = 200, description = "The account as it is now.", body = User, headers(("ETag" = String))))
)]
pub(crate) async fn disable_user(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(user): Id<UserId>,
) -> Result<Living<User>, Problem> {
    let user = accounts::disable_user(state.app(), &caller, user).await?;
    Ok(Living(user.version, User::seen_by(&caller, &user)))
}

/// Lets a disabled account be used again.
#[utoipa::path(
    post, path = "/users/{user_id}/enable", tag = "accounts",
    params(("user_id" = Uuid, Path, description = "The account.")),
    responses((status = 200, description = "The account as it is now.", body = User, headers(("ETag" = String))))
)]
pub(crate) async fn enable_user(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(user): Id<UserId>,
) -> Result<Living<User>, Problem> {
    let user = accounts::enable_user(state.app(), &caller, user).await?;
    Ok(Living(user.version, User::seen_by(&caller, &user)))
}

/// Lifts every lock that failed sign-ins have put on an account.
#[utoipa::path(
    post, path = "/users/{user_id}/unlock", tag = "accounts",
    params(("user_id" = Uuid, Path, description = "The account.")),
    responses((status = 200, description = "The account as it is now.", body = User, headers(("ETag" = String))))
)]
pub(crate) async fn unlock_user(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(user): Id<UserId>,
) -> Result<Living<User>, Problem> {
    let user = accounts::unlock_user(state.app(), &caller, user).await?;
    Ok(Living(user.version, User::seen_by(&caller, &user)))
}
