//! Lists the organizations that the caller belongs to.

use crate::{
    App,
    access::{Resource, guard},
    paging::{PageInput, PageOutput, Paging},
    sessions::signed_in,
};
use keystead_domain::{
    Caller, Result,
    access::Action,
    organizations::{Membership, Organization},
};

/// The organizations that the caller is a member of, with the membership, in order of their making.
///
/// # Errors
/// `Unauthenticated` when the caller is no person; `Invalid` on `cursor`.
pub async fn list_own_organizations(
    app: &App,
    caller: &Caller,
    page: &PageInput,
) -> Result<PageOutput<(Organization, Membership)>> {
    let user = signed_in(caller)?;
    guard(caller, Action::Read, &Resource::personal("members", None, user))?;
    let paging = Paging::open(app, caller, "GET /organizations", &"own", page)?;
    let unit = app.store.read(caller.scope()).await?;
    paging.close(app, unit.organizations().list_of_user(user, paging.request()).await?)
}
