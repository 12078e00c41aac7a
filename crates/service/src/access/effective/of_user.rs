//! What may somebody do?

use super::{
    ListEffective,
    list::{EffectivePermissions, list},
};
use crate::{
    App,
    access::{Resource, guard},
    audit,
};
use keystead_domain::{Caller, Error, Result, UserId, access::Action};

/// The effective permissions of a member of the caller's organization, with the reasons.
///
/// # Errors
/// As [`guard`]; `NotFound` unless it is a member; `Invalid` on `cursor`, or on `kind` when there are too many to be listed at
/// once.
pub async fn permissions_of_user(
    app: &App,
    caller: &Caller,
    user: UserId,
    input: ListEffective,
) -> Result<EffectivePermissions> {
    guard(caller, Action::Read, &Resource::one("access", user.as_uuid(), caller.organization_id))?;
    let unit = app.store.glance(caller.scope()).await?;
    let member = unit.memberships().find(caller.organization_id, user).await?;
    drop(unit);
    if member.is_none() {
        return Err(Error::not_found("member"));
    }
    let found = list(app, caller, user, &input).await?;
    audit::note_read(app, caller, "permissions.read", "access", Some(user.as_uuid()), Some(user));
    Ok(found)
}
