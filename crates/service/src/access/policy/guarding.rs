//! Who may read and change a policy.

use crate::access::{Held, Resource, guard, guard_here, hold};
use keystead_domain::{Caller, Error, ErrorKind, OrganizationId, PLATFORM, Result, access::Action};
use uuid::Uuid;

/// Asks the guard for `action` on all things of `kind` in the organization.
pub(in crate::access) fn guard_policy(
    caller: &Caller,
    action: Action,
    kind: &'static str,
    organization: OrganizationId,
) -> Result<()> {
    ask(caller, action, organization, &Resource::all(kind, organization))
}

/// Asks the guard for `action` on one of them, which is still to be found.
pub(super) fn guard_found(
    caller: &Caller,
    action: Action,
    kind: &'static str,
    organization: OrganizationId,
    id: Uuid,
) -> Result<Held> {
    hold(ask(caller, action, organization, &Resource::one(kind, id, organization)))
}

/// What the platform's policy says holds in every organization. So it takes a permission that reaches all of them to
/// change it: one that only reaches the platform's own things would be worth more than it says.
fn ask(caller: &Caller, action: Action, organization: OrganizationId, resource: &Resource<'_>) -> Result<()> {
    guard_here(caller, organization)?;
    if organization != PLATFORM || action == Action::Read {
        return guard(caller, action, resource);
    }
    guard(caller, Action::Read, resource)?;
    let everywhere = Resource { organization_id: None, ..*resource };
    guard(caller, action, &everywhere).map_err(|error| {
        // Who asks may read it, so it need not be hidden.
        if error.is(ErrorKind::NotFound) { Error::forbidden() } else { error }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{administrator, holding, organization};
    use keystead_domain::{Grant, RoleId, access::PermissionScope};

    #[test]
    fn the_platforms_policy_takes_a_permission_that_reaches_everywhere() {
        let asks = |caller: &Caller, action| guard_policy(caller, action, "policy_rules", caller.organization_id);
        assert!(asks(&administrator(organization(1), 7), Action::Create).is_ok());
        assert!(asks(&administrator(PLATFORM, 7), Action::Create).is_ok());
        let organizations_only = |grant: &Grant| {
            let permissions = grant.permissions.iter().filter(|held| held.scope != PermissionScope::Any).cloned();
            // Not the built-in role: who holds that in the platform may do everything.
            Grant {
                role_id: RoleId::from_uuid(Uuid::from_u128(9)),
                permissions: permissions.collect(),
                ..grant.clone()
            }
        };
        let administrator = administrator(PLATFORM, 7);
        let grants = administrator.grants.iter().map(organizations_only).collect();
        let narrow = holding(administrator, grants);
        assert!(asks(&narrow, Action::Read).is_ok());
        assert_eq!(asks(&narrow, Action::Create).unwrap_err().kind, ErrorKind::Forbidden);
        let one = guard_found(&narrow, Action::Delete, "policy_rules", PLATFORM, Uuid::from_u128(1)).unwrap();
        assert_eq!(one.release().unwrap_err().kind, ErrorKind::Forbidden);
    }
}
