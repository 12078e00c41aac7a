//! `POST /accounts`: a person makes an account for themselves.

use super::view::User;
use crate::{
    AppState,
    input::{Anyone, CreateKey, Json},
    openapi,
    problem::Problem,
    reply::Created,
};
use axum::extract::State;
use keystead_service::accounts::{self, Register};
use serde::Deserialize;
use utoipa::ToSchema;

/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Registration {
    /// A public name without `@`, unique without regard to case.
    #[schema(min_length = 1, max_length = 50, example = "ada")]
    username: String,
    /// The address, unique without regard to case.
    #[schema(format = Email, max_length = 254, example = "ada@example.org")]
    email: String,
    /// Hard to guess, 10 characters or more.
    #[schema(min_length = 10, max_length = 256, format = Password)]
    password: String,
    /// Given name.
    first_name: Option<String>,
    /// Family name.
    last_name: Option<String>,
}

/// Registers an account, with an organization of its own.
#[utoipa::path(
    post, path = "/accounts", tag = "accounts", security(()), params(openapi::CreateKey), request_body = Registration,
    responses(
        (status = 201, description = "The account. Sign in to use it.", body = User, headers(("ETag" = String), ("Location" = String))),
        (status = 403, description = "Registration is closed: ask an administrator for an account."),
    )
)]
pub(crate) async fn register(
    State(state): State<AppState>,
    Anyone(caller): Anyone,
    key: CreateKey,
    Json { value, bytes }: Json<Registration>,
) -> Result<Created<User>, Problem> {
    let key = key.with(state.app(), &bytes)?;
    let Registration { username, email, password, first_name, last_name } = value;
    let input = Register { username, email, password, first_name, last_name };
    let user = accounts::register(state.app(), &caller, input, key).await?.user;
    Ok(Created { location: format!("/api/v1/users/{}", user.id), version: Some(user.version), body: User::own(&user) })
}
