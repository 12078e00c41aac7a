//! An account as the API shows it.

use crate::openapi::words;
use keystead_domain::{Caller, Json, Timestamp, UserId, accounts};
use serde::Serialize;
use utoipa::ToSchema;

/// A person's account.
///
/// The person and the platform's administrators see all of it. An organization sees of its members what comes before
/// `tier`; the rest is then absent, as is what has no value.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct User {
    /// Its identifier.
    #[schema(value_type = Uuid)]
    pub(crate) id: UserId,
    /// A public name, unique without regard to case.
    username: String,
    /// The address, unique without regard to case.
    email: String,
    /// Whether the account can be used.
    #[schema(schema_with = words::user_status)]
    status: accounts::UserStatus,
    /// Given name.
    first_name: Option<String>,
    /// Family name.
    last_name: Option<String>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// Raised by every change; the `ETag`.
    pub(crate) version: i64,
    /// Selects limits.
    #[serde(skip_serializing_if = "Option::is_none")]
    tier: Option<String>,
    /// The password must be changed before anything else.
    #[serde(skip_serializing_if = "Option::is_none")]
    must_change_password: Option<bool>,
    /// Wrong passwords since the last sign-in, from anywhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    failed_login_attempts: Option<i32>,
    /// Until then, sign-in is refused from networks that the person has not signed in from before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    locked_until: Option<Timestamp>,
    /// The last successful sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    last_login_at: Option<Timestamp>,
    /// When the password was last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    password_changed_at: Option<Timestamp>,
    /// When the address was confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    email_verified_at: Option<Timestamp>,
    /// What the person's product keeps about them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    profile_data: Option<Json>,
    /// What the person prefers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    preferences: Option<Json>,
    /// What the platform's administrators note; they alone see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    metadata: Option<Json>,
}

impl User {
    /// What `caller` sees of it.
    pub(crate) fn seen_by(caller: &Caller, user: &accounts::User) -> Self {
        if caller.at_platform() {
            Self { metadata: Some(user.metadata.clone()), ..Self::own(user) }
        } else if caller.user_id == Some(user.id) {
            Self::own(user)
        } else {
            Self::member(user)
        }
    }
    /// What the person sees of their own.
    pub(crate) fn own(user: &accounts::User) -> Self {
        Self {
            tier: Some(user.tier.clone()),
            must_change_password: Some(user.must_change_password),
            failed_login_attempts: Some(user.failed_login_attempts),
            locked_until: user.locked_until,
            last_login_at: user.last_login_at,
            password_changed_at: Some(user.password_changed_at),
            email_verified_at: user.email_verified_at,
            profile_data: Some(user.profile_data.clone()),
            preferences: Some(user.preferences.clone()),
            ..Self::member(user)
        }
    }
    /// What an organization sees of a member.
    fn member(user: &accounts::User) -> Self {
        Self {
            id: user.id,
            username: user.username.as_str().to_owned(),
            email: user.email.as_str().to_owned(),
            status: user.status,
            first_name: user.first_name.clone(),
            last_name: user.last_name.clone(),
            created_at: user.created_at,
            updated_at: user.updated_at,
            version: user.version,
            tier: None,
            must_change_password: None,
            failed_login_attempts: None,
            locked_until: None,
            last_login_at: None,
            password_changed_at: None,
            email_verified_at: None,
            profile_data: None,
            preferences: None,
            metadata: None,
        }
    }
}
