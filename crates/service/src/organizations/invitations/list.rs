//! Lists invitations.

use crate::{
    App,
    access::{Resource, guard, guard_here, scope_in},
    paging::{PageInput, PageOutput, Paging},
};
use keystead_domain::{
    Caller, OrganizationId, Result,
    access::Action,
    organizations::{Invitation, InvitationStatus},
};

/// Which invitations are wanted.
#[derive(Clone, Debug)]
pub struct ListInvitations {
    /// Into which organization.
    pub organization: OrganizationId,
    /// Only this status.
    pub status: Option<InvitationStatus>,
    /// Which page.
    pub page: PageInput,
}

/// The invitations into the organization, in order of their making.
///
/// # Errors
/// As [`guard`]; `Invalid` on `cursor`.
pub async fn list_invitations(app: &App, caller: &Caller, input: ListInvitations) -> Result<PageOutput<Invitation>> {
    let ListInvitations { organization, status, page } = input;
    guard_here(caller, organization)?;
    guard(caller, Action::Read, &Resource::all("invitations", organization))?;
    let paging = Paging::open(app, caller, "GET /invitations", &(organization, status), &page)?;
    let unit = app.store.glance(scope_in(organization, caller)).await?;
    paging.close(app, unit.invitations().list(organization, status, paging.request()).await?)
}
