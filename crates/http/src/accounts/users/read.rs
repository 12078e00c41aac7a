//! `GET /users/{user_id}`.

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

/// Shows an account.
#[utoipa::path(
    get, path = "/users/{user_id}", tag = "accounts",
    params(("user_id" = Uuid, Path, description = "The account.")),
    responses((status = 200, description = "The account.", body = User, headers(("ETag" = String))))
)]
pub(crate) async fn get_user(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(user): Id<UserId>,
) -> Result<Living<User>, Problem> {
    let user = accounts::get_user(state.app(), &caller, user).await?;
    Ok(Living(user.version, User::seen_by(&caller, &user)))
}
