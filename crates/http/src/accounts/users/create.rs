//! `POST /users`: an administrator of the platform makes an account for someone.

use crate::{
    AppState,
    accounts::view::User,
    input::{CreateKey, Json, Signed},
    openapi,
    problem::Problem,
    reply::Created,
};
use axum::extract::State;
use keystead_domain::OrganizationId;
use keystead_service::accounts::{self, CreateUser};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An account for someone.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewUser {
    /// A public name without `@`, unique without regard to case.
    #[schema(min_length = 1, max_length = 50)]
    username: String,
    /// The address, unique without regard to case.
    #[schema(format = Email, max_length = 254)]
    email: String,
    /// The first password; made up and shown once when absent.
    #[schema(format = Password, min_length = 10, max_length = 256)]
    password: Option<String>,
    /// Given name.
    first_name: Option<String>,
    /// Family name.
    last_name: Option<String>,
    /// Selects limits; `free` when absent.
    tier: Option<String>,
    /// What administrators note.
    #[schema(value_type = Option<Object>)]
    metadata: Option<serde_json::Value>,
    /// Whether the person must change the password before anything else; true when absent.
    must_change_password: Option<bool>,
}

/// The new account, and what the person needs to begin.
#[derive(Serialize, ToSchema)]
pub(crate) struct CreatedUser {
    #[serde(flatten)]
    user: User,
    /// The organization that was made for the person.
    #[schema(value_type = Uuid)]
    organization_id: OrganizationId,
    /// The password that was made up. It is shown here and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
}

/// Makes an account for someone.
#[utoipa::path(
    post, path = "/users", tag = "accounts", params(openapi::CreateKey), request_body = NewUser,
    responses((status = 201, description = "The account.", body = CreatedUser, headers(("ETag" = String), ("Location" = String))))
)]
pub(crate) async fn create_user(
    State(state): State<AppState>,
    Signed(caller): Signed,
    key: CreateKey,
    Json { value, bytes }: Json<NewUser>,
) -> Result<Created<CreatedUser>, Problem> {
    let key = key.with(state.app(), &bytes)?;
    let NewUser { username, email, password, first_name, last_name, tier, metadata, must_change_password } = value;
    let must_change_password = must_change_password.unwrap_or(true);
    let input = CreateUser { username, email, password, first_name, last_name, tier, metadata, must_change_password };
    let made = accounts::create_user(state.app(), &caller, input, key).await?;
    let body = CreatedUser {
        user: User::seen_by(&caller, &made.user),
        organization_id: made.organization.id,
        password: made.password.map(|password| password.expose_secret().to_owned()),
    };
    Ok(Created { location: format!("/api/v1/users/{}", made.user.id), version: Some(made.user.version), body })
}
