//! What is common to changes of a role: its name, and that it is the organization's own.

use crate::access::{Held, Resource, guard, guard_here, hold};
use keystead_domain::{
    Caller, Error, ErrorKind, OrganizationId, Result, RoleId,
    access::{Action, BUILT_IN_ROLES, Role},
};
use keystead_store::UnitOfWork;

/// A role's name: 1 to 50 characters of `[a-z0-9_-]`, not that of a built-in role.
pub(super) fn role_name(text: &str) -> Result<String> {
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    let text = text.trim();
    if text.is_empty() || text.len() > 50 || !text.chars().all(good) {
        return Err(Error::invalid("name", "must be 1 to 50 characters of a-z, 0-9, _ and -"));
    }
    // A role is also found by its identifier, so nothing that reads like one may be a name.
    if text.parse::<RoleId>().is_ok() {
        return Err(Error::invalid("name", "must not be an identifier"));
    }
    if BUILT_IN_ROLES.iter().any(|role| role.name == text) {
        return Err(Error::conflict("role_name_taken", format!("{text} is a built-in role.")));
    }
    Ok(text.to_owned())
}

/// Asks the guard for `action` on the role, which is still to be found.
pub(super) fn guard_found_role(
    caller: &Caller,
    action: Action,
    organization: OrganizationId,
    id: RoleId,
) -> Result<Held> {
    hold(guard_role(caller, action, organization, id))
}

/// Asks the guard for `action` on the role.
pub(super) fn guard_role(caller: &Caller, action: Action, organization: OrganizationId, id: RoleId) -> Result<()> {
    guard_here(caller, organization)?;
    guard(caller, action, &Resource::one("roles", id.as_uuid(), organization))
}

/// The role, which the caller must be allowed to change, and which must be the organization's own and not built in.
pub(super) async fn own_role(
    unit: &dyn UnitOfWork,
    organization: OrganizationId,
    id: RoleId,
    held: Held,
) -> Result<Role> {
    let role = unit.roles().find(organization, id).await?.ok_or_else(|| Error::not_found("role"))?;
    held.release()?;
    if role.is_builtin {
        return Err(Error::new(ErrorKind::Forbidden, "built_in_role", "Built-in roles cannot be changed."));
    }
    if role.organization_id != organization {
        return Err(Error::new(ErrorKind::Forbidden, "inherited_role", "This role belongs to the platform."));
    }
    Ok(role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_words() {
        assert_eq!(role_name(" team-makers_2 ").unwrap(), "team-makers_2");
        for bad in ["", "Admin", "two words", "ä", &"x".repeat(51), "00000000-0000-7000-8000-000000000001"] {
            assert!(role_name(bad).unwrap_err().is(ErrorKind::Invalid), "{bad}");
        }
        assert_eq!(role_name("admin").unwrap_err().code, "role_name_taken");
    }
}
