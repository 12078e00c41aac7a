//! Lists entities.

use super::{KIND, check::LONGEST_TYPE};
use crate::{
    App,
    access::{policy::guarding::guard_policy, scope_in},
    paging::{PageInput, PageOutput, Paging},
};
use keystead_domain::{
    Caller, Error, OrganizationId, Result,
    access::{Action, PolicyEntity},
};

/// Which entities are wanted.
#[derive(Clone, Debug)]
pub struct ListEntities {
    /// Of which organization.
    pub organization: OrganizationId,
    /// Only those of this type.
    pub kind: Option<String>,
    /// Which page.
    pub page: PageInput,
}

/// The organization's entities, in order of their making.
///
/// # Errors
/// As [`guard`](crate::access::guard); `Invalid` on `cursor` or `type`.
pub async fn list_entities(app: &App, caller: &Caller, input: ListEntities) -> Result<PageOutput<PolicyEntity>> {
    let ListEntities { organization, kind, page } = input;
    guard_policy(caller, Action::Read, KIND, organization)?;
    if kind.as_ref().is_some_and(|kind| kind.chars().count() > LONGEST_TYPE) {
        return Err(Error::invalid("type", format!("must have at most {LONGEST_TYPE} characters")));
    }
    let paging = Paging::open(app, caller, "GET /access/entities", &(organization, &kind), &page)?;
    let unit = app.store.glance(scope_in(organization, caller)).await?;
    paging.close(app, unit.policy_entities().list(organization, kind.as_deref(), paging.request()).await?)
}
