//! Takes a module from an organization.

use super::guard_modules;
use crate::{
    App,
    access::scope_in,
    audit::{self, Event, changes},
};
use keystead_domain::{Caller, Error, ModuleId, OrganizationId, Result, access::Action};

/// Takes a module from an organization. What its user levels permit on what is in the module stays, and does not count.
///
/// # Errors
/// `Unauthenticated`; `Forbidden` for the organization's own people; `NotFound` when there is no such organization for the
/// caller, or it has not that module; `PreconditionFailed` when somebody else changes it meanwhile.
pub async fn remove_organization_module(
    app: &App,
    caller: &Caller,
    organization: OrganizationId,
    module: ModuleId,
) -> Result<()> {
    guard_modules(caller, Action::Delete, organization)?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    let before = unit.organization_modules().find_by_module(organization, module).await?;
    let before = before.ok_or_else(|| Error::not_found("module"))?;
    unit.organization_modules().delete(organization, before.id, before.version).await?;
    let event = Event::new(caller, "organization.module_removed", "organization_modules")
        .resource(before.id)
        .changed(changes(&before, &())?);
    audit::append(&*unit, app, organization, vec![event]).await?;
    unit.commit().await
}
