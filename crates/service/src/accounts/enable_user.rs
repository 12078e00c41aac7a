//! An administrator of the platform opens an account again.

use super::account;
use crate::{
    App,
    access::guard_administration,
    audit::{self, Event},
};
use keystead_domain::{
    Caller, Error, PLATFORM, Result, Scope, UserId,
    access::Action,
    accounts::{User, UserStatus},
};
use serde_json::json;

/// Lets an account be used (again). One that is in use stays so. The sessions that were ended stay ended.
///
/// # Errors
/// As [`guard_administration`]; `NotFound`; `PreconditionFailed` when the account changes at the same moment.
pub async fn enable_user(app: &App, caller: &Caller, user: UserId) -> Result<User> {
    guard_administration(caller, Action::Update, &account(user))?;
    let unit = app.store.begin(Scope::person(PLATFORM, user)).await?;
    let found = unit.users().find(PLATFORM, user).await?.ok_or_else(|| Error::not_found("user"))?;
    if found.status == UserStatus::Active {
        return Ok(found);
    }
    let changed = User { status: UserStatus::Active, updated_at: app.now(), ..found.clone() };
    let changed = unit.users().update(PLATFORM, &changed).await?;
    let event = Event::new(caller, "user.enabled", "users")
        .resource(user)
        .subject(user)
        .data(json!({ "before": found.status }));
    audit::append(&*unit, app, PLATFORM, vec![event]).await?;
    unit.commit().await?;
    Ok(changed)
}
