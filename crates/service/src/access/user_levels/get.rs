//! Shows a user level.

use super::{guard_level, level};
use crate::{App, access::scope_in};
use keystead_domain::{
    Caller, OrganizationId, Result, UserLevelId,
    access::{Action, UserLevel},
};

/// A user level of the organization.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`.
pub async fn get_user_level(
    app: &App,
    caller: &Caller,
    organization: OrganizationId,
    id: UserLevelId,
) -> Result<UserLevel> {
    guard_level(caller, Action::Read, organization, id)?;
    let unit = app.store.glance(scope_in(organization, caller)).await?;
    level(&*unit, organization, id).await
}
