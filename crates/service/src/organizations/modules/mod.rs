//! Which modules of the catalogue an organization has. Its members read it; who works in the platform writes it.

mod list;
mod remove;
mod replace;
mod set;

pub use list::{ListOrganizationModules, list_organization_modules};
pub use remove::remove_organization_module;
pub use replace::{WantedModule, replace_organization_modules};
pub use set::{SetOrganizationModule, set_organization_module};

use super::update::ensure_active;
use crate::access::{Resource, guard, may};
use keystead_domain::{
    Caller, Error, ErrorKind, OrganizationId, PageRequest, Result,
    access::{Action, OrganizationModule},
};
use keystead_store::UnitOfWork;

/// Asks the guard for `action` on the modules of an organization, any one for those who work in the platform.
fn guard_modules(caller: &Caller, action: Action, organization: OrganizationId) -> Result<()> {
    let asked = guard(caller, action, &Resource::all("organization_modules", organization));
    asked.map_err(|refusal| {
        if !refusal.is(ErrorKind::NotFound) {
            return refusal;
        }
        // Whoever may read them is told that he may not write them.
        let readable = may(caller, Action::Read, &Resource::all("organization_modules", organization));
        if readable { Error::forbidden() } else { Error::not_found("organization") }
    })
}

/// Refuses to change what an organization has that is not there, or is archived. The transaction works in it.
async fn ensure_there(unit: &dyn UnitOfWork, id: OrganizationId) -> Result<()> {
    let organization = unit.organizations().find(id, id).await?.ok_or_else(|| Error::not_found("organization"))?;
    ensure_active(&organization)
}

/// Everything that an organization has, page by page.
async fn all(unit: &dyn UnitOfWork, organization: OrganizationId) -> Result<Vec<OrganizationModule>> {
    let (mut found, mut request) = (Vec::new(), PageRequest::first(PageRequest::MAX));
    loop {
        let page = unit.organization_modules().list(organization, &request).await?;
        found.extend(page.items);
        match page.next {
            Some(next) => request.after = Some(next),
            None => return Ok(found),
        }
    }
}
