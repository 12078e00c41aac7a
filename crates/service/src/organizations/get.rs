//! Shows an organization.

use crate::{
    App,
    access::{Resource, guard, scope_in},
};
use keystead_domain::{Caller, Error, OrganizationId, Result, access::Action, organizations::Organization};

/// The organization that the caller works in; any other for the platform's administrators.
///
/// # Errors
/// As [`guard`]; `NotFound`.
pub async fn get_organization(app: &App, caller: &Caller, id: OrganizationId) -> Result<Organization> {
    guard(caller, Action::Read, &Resource::one("organizations", id.as_uuid(), id))?;
    let unit = app.store.glance(scope_in(id, caller)).await?;
    unit.organizations().find(id, id).await?.ok_or_else(|| Error::not_found("organization"))
}
