//! Leaves an organization.

use super::remove::end;
use crate::{
    App,
    access::{Resource, guard, guard_here},
    sessions::signed_in,
};
use keystead_domain::{Caller, OrganizationId, Result, access::Action};

/// Ends the caller's own membership in the organization that he works in, with the roles and team places held there.
///
/// # Errors
/// `Unauthenticated` when the caller is no person; `NotFound`; `Forbidden` with code `membership_suspended`; `Conflict`
/// with code `last_administrator`.
pub async fn leave_organization(app: &App, caller: &Caller, organization: OrganizationId) -> Result<()> {
    guard_here(caller, organization)?;
    let user = signed_in(caller)?;
    guard(caller, Action::Delete, &Resource::one("members", user.as_uuid(), organization).owned_by(user))?;
    end(app, caller, organization, user, "member.left").await
}
