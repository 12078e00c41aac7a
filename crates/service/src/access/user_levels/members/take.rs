//! Takes a user level from a member.

use super::super::{guard_found_level, level, lock};
use crate::{
    App,
    access::scope_in,
    audit::{self, Event},
};
use keystead_domain::{Caller, Error, OrganizationId, Result, UserId, UserLevelId, access::Action};
use serde_json::json;

/// Takes a user level from a member.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound` when there is no such level, or the person does not have it.
pub async fn take_user_level(
    app: &App,
    caller: &Caller,
    organization: OrganizationId,
    id: UserLevelId,
    user: UserId,
) -> Result<()> {
    let held = guard_found_level(caller, Action::Update, organization, id)?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    lock(&*unit, organization).await?;
    let level = level(&*unit, organization, id).await?;
    held.release()?;
    if !unit.level_assignments().delete(organization, user, id).await? {
        return Err(Error::not_found("member"));
    }
    let event = Event::new(caller, "user_level.taken", "user_levels")
        .resource(id)
        .subject(user)
        .data(json!({ "name": level.name }));
    audit::append(&*unit, app, organization, vec![event]).await?;
    unit.commit().await
}
