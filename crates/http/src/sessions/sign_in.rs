//! `POST /sessions`: sign in.

use super::view::Session;
use crate::{
    AppState,
    accounts::view::User,
    input::{Anyone, Json},
    problem::Problem,
};
use axum::extract::State;
use keystead_service::sessions::{self, SignIn};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who one is, and how one shows it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    /// The username or the address.
    #[schema(example = "ada")]
    login: String,
    /// The password.
    #[schema(format = Password, max_length = 256)]
    password: String,
    /// What the client says about its device, shown in the list of sessions.
    #[schema(value_type = Option<Object>)]
    device_info: Option<serde_json::Value>,
}

/// A new session and its tokens. The tokens are shown here and never again.
#[derive(Serialize, ToSchema)]
pub(crate) struct SignedIn {
    /// For the `Authorization` header.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// How long the access token is good for, in seconds.
    expires_in: i64,
    /// Gives the next access token. It works once.
    refresh_token: String,
    /// The session.
    session: Session,
    /// The account.
    user: User,
}

/// Signs in with a username or an address and a password.
///
/// An unknown login, a wrong password and a locked or disabled account are answered alike, and take the same time.
#[utoipa::path(
    post, path = "/sessions", tag = "sessions", security(()), request_body = Credentials,
    responses(
        (status = 200, description = "Signed in.", body = SignedIn),
        (status = 401, description = "Login and password do not belong together, or the account cannot be used now."),
    )
)]
pub(crate) async fn sign_in(
    State(state): State<AppState>,
    Anyone(caller): Anyone,
    Json { value, .. }: Json<Credentials>,
) -> Result<axum::Json<SignedIn>, Problem> {
    let Credentials { login, password, device_info } = value;
    let done = sessions::sign_in(state.app(), &caller, SignIn { login, password, device_info }).await?;
    Ok(axum::Json(SignedIn {
        access_token: done.access_token.token.expose_secret().to_owned(),
        token_type: "Bearer",
        expires_in: done.access_token.expires_in,
        refresh_token: done.refresh_token.expose_secret().to_owned(),
        user: User::own(&done.user),
        session: Session::new(true, done.session),
    }))
}
