//! Withdraws an invitation.

use crate::{
    App,
    access::{Resource, guard, guard_here, scope_in},
    audit::{self, Event},
};
use keystead_domain::{
    Caller, Error, InvitationId, OrganizationId, Result,
    access::Action,
    organizations::{Invitation, InvitationStatus},
};

/// Which invitation to withdraw.
#[derive(Clone, Debug)]
pub struct RevokeInvitation {
    /// Into which organization.
    pub organization: OrganizationId,
    /// Which.
    pub invitation: InvitationId,
    /// The version that was read; none to withdraw it whatever it has become.
    pub version: Option<i64>,
}

/// Withdraws an invitation that nobody has answered.
///
/// # Errors
/// As [`guard`]; `NotFound`; `Conflict` with code `invitation_answered`; `PreconditionFailed`.
pub async fn revoke_invitation(app: &App, caller: &Caller, input: RevokeInvitation) -> Result<Invitation> {
    let RevokeInvitation { organization, invitation: id, version } = input;
    guard_here(caller, organization)?;
    guard(caller, Action::Delete, &Resource::one("invitations", id.as_uuid(), organization))?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    let before = unit.invitations().find(organization, id).await?.ok_or_else(|| Error::not_found("invitation"))?;
    if before.status != InvitationStatus::Pending {
        return Err(Error::conflict("invitation_answered", format!("The invitation is {} already.", before.status)));
    }
    let changed = Invitation {
        status: InvitationStatus::Revoked,
        version: version.unwrap_or(before.version),
        updated_at: app.now(),
        ..before
    };
    let after = unit.invitations().update(organization, &changed).await?;
    let event = Event::new(caller, "invitation.revoked", "invitations").resource(id);
    audit::append(&*unit, app, organization, vec![event]).await?;
    unit.commit().await?;
    Ok(after)
}
