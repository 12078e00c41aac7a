//! An administrator of the platform changes an account.

use super::{account, edit::Edit};
use crate::{
    App,
    access::guard_administration,
    audit::{self, Event, changes},
};
use keystead_domain::{Caller, Error, Json, Result, Scope, UserId, access::Action, accounts::User};

/// What is to change; none leaves a field as it is.
#[derive(Clone, Debug)]
pub struct UpdateUser {
    /// Whose account.
    pub user: UserId,
    /// The version that the change was made for (`If-Match`).
    pub version: i64,
    /// A new username.
    pub username: Option<String>,
    /// A new address, which is then not confirmed.
    pub email: Option<String>,
    /// A new given name; an inner none removes it.
    pub first_name: Option<Option<String>>,
    /// A new family name; an inner none removes it.
    pub last_name: Option<Option<String>>,
    /// Another tier.
    pub tier: Option<String>,
    /// What replaces the administrators' notes: a JSON object of at most 32 KiB.
    pub metadata: Option<Json>,
}

/// Changes anyone's account. An organization's administrators cannot: a person belongs to no organization.
///
/// # Errors
/// As [`guard_administration`]; `NotFound`; `Invalid` for a field that breaks its rules; `PreconditionFailed` when the
/// account has changed since; `Conflict` with code `username_taken` or `email_taken`.
pub async fn update_user(app: &App, caller: &Caller, input: UpdateUser) -> Result<User> {
    let UpdateUser { user, version, username, email, first_name, last_name, tier, metadata } = input;
    guard_administration(caller, Action::Update, &account(user))?;
    let edit = Edit { username, email, first_name, last_name, tier, metadata, ..Edit::default() };
    let unit = app.store.begin(Scope::person(caller.organization_id, user)).await?;
    let before = unit.users().find(caller.organization_id, user).await?.ok_or_else(|| Error::not_found("user"))?;
    let mut after = edit.apply(&before)?;
    (after.version, after.updated_at) = (version, app.now());
    let after = unit.users().update(caller.organization_id, &after).await?;
    let event =
        Event::new(caller, "user.updated", "users").resource(user).subject(user).changed(changes(&before, &after)?);
    audit::append(&*unit, app, caller.organization_id, vec![event]).await?;
    unit.commit().await?;
    Ok(after)
}
