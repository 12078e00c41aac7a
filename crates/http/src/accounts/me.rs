//! `/me`: one's own account.

use super::view::User;
use crate::{
    AppState,
    input::{IfMatch, Json, Restricted, Signed, given},
    openapi::{self, words},
    problem::Problem,
    reply::Living,
};
use axum::extract::State;
use keystead_domain::{OrganizationId, SessionId, organizations::MembershipStatus};
use keystead_service::accounts::{self, UpdateMe};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One's own account, and where one works now.
#[derive(Serialize, ToSchema)]
pub(crate) struct Me {
    #[serde(flatten)]
    user: User,
    /// The organization that the access token names.
    #[schema(value_type = Uuid)]
    organization_id: OrganizationId,
    /// The session.
    #[schema(value_type = Option<Uuid>)]
    session_id: Option<SessionId>,
    /// The names of the roles held in the organization.
    roles: Vec<String>,
    /// Whether one can work in the organization; absent when one is no longer a member.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = words::membership_status, required = false)]
    membership_status: Option<MembershipStatus>,
}

/// Shows one's own account. It works also while the password must be changed first.
#[utoipa::path(
    get, path = "/me", tag = "accounts",
    responses((status = 200, description = "The account.", body = Me, headers(("ETag" = String))))
)]
pub(crate) async fn get_me(State(state): State<AppState>, Restricted(caller): Restricted) -> Living<Me> {
    let me = accounts::me(state.app(), caller);
    let body = Me {
        user: User::own(&me.user),
        organization_id: me.organization_id,
        session_id: me.session_id,
        roles: me.roles,
        membership_status: me.membership,
    };
    Living(me.user.version, body)
}

/// What one can change about oneself. What is absent stays; null clears a name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MeChange {
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
    /// What one prefers.
    #[schema(value_type = Option<Object>)]
    preferences: Option<serde_json::Value>,
    /// What one's product keeps about one.
    #[schema(value_type = Option<Object>)]
    profile_data: Option<serde_json::Value>,
}

/// Changes one's own account.
#[utoipa::path(
    patch, path = "/me", tag = "accounts", params(openapi::Revision), request_body = MeChange,
    responses((status = 200, description = "The account as it is now.", body = User, headers(("ETag" = String))))
)]
pub(crate) async fn update_me(
    State(state): State<AppState>,
    Signed(caller): Signed,
    IfMatch(version): IfMatch,
    Json { value, .. }: Json<MeChange>,
) -> Result<Living<User>, Problem> {
    let MeChange { username, email, first_name, last_name, preferences, profile_data } = value;
    let input = UpdateMe { version, username, email, first_name, last_name, preferences, profile_data };
    let user = accounts::update_me(state.app(), &caller, input).await?;
    Ok(Living(user.version, User::own(&user)))
}
