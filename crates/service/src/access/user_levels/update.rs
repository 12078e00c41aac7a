//! Renames or describes a user level.

use super::{guard_found_level, level, lock};
use crate::{
    App,
    access::scope_in,
    audit::{self, Event, changes},
};
use keystead_domain::{
    Caller, OrganizationId, Result, UserLevelId,
    access::{Action, UserLevel},
    bounded, optional_bounded,
};

/// What is to change about a user level. What is absent stays.
#[derive(Clone, Debug)]
pub struct UpdateUserLevel {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Which.
    pub level: UserLevelId,
    /// The version that the change is made for.
    pub version: i64,
    /// Another name, up to 255 characters.
    pub name: Option<String>,
    /// Another description; none inside takes it away.
    pub description: Option<Option<String>>,
}

/// Renames or describes a user level.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`; `Invalid` on `name` or `description`; `Conflict` with code
/// `user_level_name_taken`; `PreconditionFailed`.
pub async fn update_user_level(app: &App, caller: &Caller, input: UpdateUserLevel) -> Result<UserLevel> {
    let organization = input.organization;
    let held = guard_found_level(caller, Action::Update, organization, input.level)?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    lock(&*unit, organization).await?;
    let before = level(&*unit, organization, input.level).await?;
    held.release()?;
    let mut changed = UserLevel { version: input.version, updated_at: app.now(), ..before.clone() };
    if let Some(name) = input.name {
        changed.name = bounded("name", &name, 255)?;
    }
    if let Some(description) = input.description {
        changed.description = optional_bounded("description", description.as_deref(), 2000)?;
    }
    let after = unit.user_levels().update(organization, &changed).await?;
    let event =
        Event::new(caller, "user_level.updated", "user_levels").resource(after.id).changed(changes(&before, &after)?);
    audit::append(&*unit, app, organization, vec![event]).await?;
    unit.commit().await?;
    Ok(after)
}
