//! Shows a member.

use super::{guard_reading, member, note_accounts_read};
use crate::{App, access::scope_in};
use keystead_domain::{Caller, OrganizationId, Result, UserId, organizations::Member};

/// A person's place in the organization, with the roles.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`.
pub async fn get_member(app: &App, caller: &Caller, organization: OrganizationId, user: UserId) -> Result<Member> {
    guard_reading(caller, organization, user)?;
    let unit = app.store.read(scope_in(organization, caller)).await?;
    let member = member(&*unit, organization, user).await?;
    note_accounts_read(app, caller, std::slice::from_ref(&member));
    Ok(member)
}
