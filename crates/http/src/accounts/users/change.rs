//! `PATCH /users/{user_id}`.

use crate::{
    AppState,
    accounts::view::User,
    input::{Id, IfMatch, Json, Signed, given},
    openapi,
    problem::Problem,
    reply::Living,
};
use axum::extract::State;
use keystead_domain::UserId;
use keystead_service::accounts::{self, UpdateUser};
use serde::Deserialize;
use utoipa::ToSchema;

/// What the platform's administrators can change about an account. What is absent stays; null clears a name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserChange {
    /// A public name without `@`.
    #[schema(min_length = 1, max_length = 50)]
    username: Option<String>,
    /// The address.
    #[schema(format = Email, max_length = 254)]
    email: Option<String>,
    /// Given name.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    first_name: Option<Option<String>>,
    /// Family name.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    last_name: Option<Option<String>>,
    /// Selects limits.
    tier: Option<String>,
    /// What administrators note.
    #[schema(value_type = Option<Object>)]
    metadata: Option<serde_json::Value>,
}

/// Changes an account.
#[utoipa::path(
    patch, path = "/users/{user_id}", tag = "accounts", request_body = UserChange,
    params(("user_id" = Uuid, Path, description = "The account."), openapi::Revision),
    responses((status = 200, description = "The account as it is now.", body = User, headers(("ETag" = String))))
)]
pub(crate) async fn update_user(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(user): Id<UserId>,
    IfMatch(version): IfMatch,
    Json { value, .. }: Json<UserChange>,
) -> Result<Living<User>, Problem> {
    let UserChange { username, email, first_name, last_name, tier, metadata } = value;
    let input = UpdateUser { user, version, username, email, first_name, last_name, tier, metadata };
    let user = accounts::update_user(state.app(), &caller, input).await?;
    Ok(Living(user.version, User::seen_by(&caller, &user)))
}
