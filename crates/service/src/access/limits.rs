//! How much an organization may define. Without a limit, one organization fills the store and the memory of all.

use keystead_domain::{Error, OrganizationId, Result};
use keystead_store::UnitOfWork;

/// At most so many roles of its own has an organization.
pub const MOST_ROLES: u64 = 500;
/// At most so many permissions of its own has an organization.
pub const MOST_PERMISSIONS: u64 = 1_000;

/// At most so many user levels has an organization. With [`MOST_LEVEL_PERMISSIONS`] it bounds what is kept in memory to decide.
pub const MOST_USER_LEVELS: usize = 200;
/// At most so many permissions on views, and as many on features, has a user level.
pub const MOST_LEVEL_PERMISSIONS: usize = 500;
/// At most so many permissions of user levels are written at once.
pub const MOST_CELLS: usize = 500;
/// At most so many user levels has a page of the matrix, since each comes with everything that it permits.
pub const MOST_MATRIX_LEVELS: u16 = 20;

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

/// Asked once the new user level is written.
///
/// # Errors
/// `Conflict` with code `too_many_user_levels`.
pub(super) async fn ensure_few_user_levels(unit: &dyn UnitOfWork, organization: OrganizationId) -> Result<()> {
    if unit.user_levels().all(organization).await?.len() > MOST_USER_LEVELS {
        let message = format!("An organization has at most {MOST_USER_LEVELS} user levels: remove one first.");
        return Err(Error::conflict("too_many_user_levels", message));
    }
    Ok(())
}
