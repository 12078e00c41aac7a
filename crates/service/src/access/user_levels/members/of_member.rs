//! Shows which user levels a member has.

use super::{super::guard_levels, ensure_member};
use crate::{App, access::scope_in};
use keystead_domain::{
    Caller, OrganizationId, Result, UserId,
    access::{Action, UserLevel},
};

/// The user levels of a member, in order of their names. An organization has so few that there are no pages.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound` when the person is no member.
pub async fn levels_of_member(
    app: &App,
    caller: &Caller,
    organization: OrganizationId,
    user: UserId,
) -> Result<Vec<UserLevel>> {
    guard_levels(caller, Action::Read, organization)?;
    let unit = app.store.read(scope_in(organization, caller)).await?;
    ensure_member(&*unit, organization, user).await?;
    unit.level_assignments().levels_of(organization, user).await
}
