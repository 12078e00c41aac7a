//! Lists user levels.

use super::guard_levels;
use crate::{
    App,
    access::scope_in,
    paging::{PageInput, PageOutput, Paging},
};
use keystead_domain::{
    Caller, OrganizationId, Result,
    access::{Action, UserLevel},
};

/// Which user levels are wanted.
#[derive(Clone, Debug)]
pub struct ListUserLevels {
    /// Of which organization.
    pub organization: OrganizationId,
    /// Which page.
    pub page: PageInput,
}

/// The user levels of the organization, in order of their making.
///
/// # Errors
/// As [`guard`](crate::access::guard); `Invalid` on `cursor`.
pub async fn list_user_levels(app: &App, caller: &Caller, input: ListUserLevels) -> Result<PageOutput<UserLevel>> {
    let organization = input.organization;
    guard_levels(caller, Action::Read, organization)?;
    let paging = Paging::open(app, caller, "GET /user-levels", &organization, &input.page)?;
    let unit = app.store.glance(scope_in(organization, caller)).await?;
    paging.close(app, unit.user_levels().list(organization, paging.request()).await?)
}
