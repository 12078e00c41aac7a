//! How much an organization may define. Without a limit, one organization fills the store and the memory of all.

use keystead_domain::{Error, OrganizationId, Result};
use keystead_store::UnitOfWork;

/// At most so many roles of its own has an organization.
pub const MOST_ROLES: u64 = 500;
/// At most so many permissions of its own has an organization.
pub const MOST_PERMISSIONS: u64 = 1_000;

/// Asked once the new role is written.
///
/// # Errors
/// `Conflict` with code `too_many_roles`.
pub(super) async fn ensure_few_roles(unit: &dyn UnitOfWork, organization: OrganizationId) -> Result<()> {
    if unit.roles().count_own(organization).await? > MOST_ROLES {
        let message = format!("An organization has at most {MOST_ROLES} roles of its own: remove one first.");
        return Err(Error::conflict("too_many_roles", message));
    }
    Ok(())
}

/// Asked once the new permission is written.
///
/// # Errors
/// `Conflict` with code `too_many_permissions`.
pub(super) async fn ensure_few_permissions(unit: &dyn UnitOfWork, organization: OrganizationId) -> Result<()> {
    if unit.permissions().count_own(organization).await? > MOST_PERMISSIONS {
        let message =
            format!("An organization has at most {MOST_PERMISSIONS} permissions of its own: remove one first.");
        return Err(Error::conflict("too_many_permissions", message));
    }
    Ok(())
}
