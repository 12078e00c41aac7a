//! Lists members.

use super::note_accounts_read;
use crate::{
    App,
    access::{Resource, guard, guard_here, scope_in},
    paging::{PageInput, PageOutput, Paging},
};
use keystead_domain::{Caller, OrganizationId, Result, access::Action, organizations::Member};

/// Which members are wanted.
#[derive(Clone, Debug)]
pub struct ListMembers {
    /// Of which organization.
    pub organization: OrganizationId,
    /// Which page.
    pub page: PageInput,
}

/// The members with their roles, in order of joining.
///
/// # Errors
/// As [`guard`]; `Invalid` on `cursor`.
pub async fn list_members(app: &App, caller: &Caller, input: ListMembers) -> Result<PageOutput<Member>> {
    let organization = input.organization;
    guard_here(caller, organization)?;
    guard(caller, Action::Read, &Resource::all("members", organization))?;
    let paging = Paging::open(app, caller, "GET /organizations/{id}/members", &organization, &input.page)?;
    let unit = app.store.read(scope_in(organization, caller)).await?;
    let page = unit.memberships().list(organization, paging.request()).await?;
    note_accounts_read(app, caller, &page.items);
    paging.close(app, page)
}
