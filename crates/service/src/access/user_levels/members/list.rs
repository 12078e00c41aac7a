//! Lists who has a user level.

use super::super::{guard_level, level};
use crate::{
    App,
    access::scope_in,
    paging::{PageInput, PageOutput, Paging},
};
use keystead_domain::{
    Caller, OrganizationId, Result, UserLevelId,
    access::{Action, LevelAssignment},
};

/// Which of those that have a user level are wanted.
#[derive(Clone, Debug)]
pub struct ListLevelMembers {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Which level.
    pub level: UserLevelId,
    /// Which page.
    pub page: PageInput,
}

/// Who has a user level, in order of their identifiers.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`; `Invalid` on `cursor`.
pub async fn list_level_members(
    app: &App,
    caller: &Caller,
    input: ListLevelMembers,
) -> Result<PageOutput<LevelAssignment>> {
    let ListLevelMembers { organization, level: id, page } = input;
    guard_level(caller, Action::Read, organization, id)?;
    let paging = Paging::open(app, caller, "GET /user-levels/{id}/members", &(organization, id), &page)?;
    let unit = app.store.read(scope_in(organization, caller)).await?;
    level(&*unit, organization, id).await?;
    paging.close(app, unit.level_assignments().list(organization, id, paging.request()).await?)
}
