//! Shows an invitation.

use crate::{
    App,
    access::{Resource, guard, guard_here, scope_in},
};
use keystead_domain::{Caller, Error, InvitationId, OrganizationId, Result, access::Action, organizations::Invitation};

/// An invitation into the organization.
///
/// # Errors
/// As [`guard`]; `NotFound`.
pub async fn get_invitation(
    app: &App,
    caller: &Caller,
    organization: OrganizationId,
    id: InvitationId,
) -> Result<Invitation> {
    guard_here(caller, organization)?;
    guard(caller, Action::Read, &Resource::one("invitations", id.as_uuid(), organization))?;
    let unit = app.store.glance(scope_in(organization, caller)).await?;
    unit.invitations().find(organization, id).await?.ok_or_else(|| Error::not_found("invitation"))
}
