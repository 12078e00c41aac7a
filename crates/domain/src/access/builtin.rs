//! The built-in roles and what they permit: the table that `docs/` prints and the seed writes.

use super::{Action, PermissionScope};
use crate::{PermissionId, RoleId};
use uuid::Uuid;

/// A role that every installation has, in the platform organization.
#[derive(Clone, Copy, Debug)]
pub struct BuiltInRole {
    /// Its fixed identifier.
    pub id: RoleId,
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub description: &'static str,
    /// What it permits: resource, actions, scope.
    pub permissions: &'static [(&'static str, &'static [Action], PermissionScope)],
}

const fn role_id(number: u128) -> RoleId {
    RoleId::from_uuid(Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0100 + number))
}

/// The fixed identifier of the built-in permission with this name.
///
/// Derived from the name (FNV-1a, 64 bits, into the random part of a UUIDv7 of the epoch), so that every
/// installation agrees and no list of numbers has to be kept.
#[must_use]
pub fn built_in_permission_id(resource: &str, action: Action, scope: PermissionScope) -> PermissionId {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in format!("{resource}:{action}:{scope}").bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    let id = 0x0000_0000_0000_7001_8000_0000_0000_0000_u128 | u128::from(hash & 0x3fff_ffff_ffff_ffff);
    PermissionId::from_uuid(Uuid::from_u128(id))
}

use Action::{Create, Delete, Evaluate, Read, Search, Update};
use PermissionScope::{Any, Organization, Own};

const ALL: &[Action] = &[Create, Read, Update, Delete];

/// Administrator: of an organization where it is granted there, of everything where it is granted in the platform.
pub const ADMIN: BuiltInRole = BuiltInRole {
    id: role_id(1),
    name: "admin",
    description: "Runs an organization: its members, teams, roles and settings. Granted in the platform organization, it runs the installation.",
    permissions: &[
        ("users", &[Read], Organization),
        ("organizations", &[Read, Update, Delete], Organization),
        ("members", ALL, Organization),
        ("invitations", ALL, Organization),
        ("teams", ALL, Organization),
        ("roles", ALL, Organization),
        ("permissions", &[Create, Read, Delete], Organization),
        ("catalogue", &[Read], Organization),
        ("organization_modules", &[Read], Organization),
        ("user_levels", ALL, Organization),
        ("policy_models", &[Read, Update, Delete], Organization),
        ("policy_rules", ALL, Organization),
        ("policy_entities", ALL, Organization),
        ("access", &[Read, Evaluate, Search], Organization),
        ("service_accounts", ALL, Organization),
        ("audit_events", &[Read], Organization),
        ("jobs", &[Read, Update], Organization),
        ("users", ALL, Any),
        ("organizations", ALL, Any),
        ("catalogue", ALL, Any),
        ("organization_modules", ALL, Any),
        ("policy_models", &[Read, Update, Delete], Any),
        ("policy_rules", ALL, Any),
        ("policy_entities", ALL, Any),
        ("user_levels", ALL, Any),
        ("sessions", &[Read, Delete], Any),
        ("audit_events", &[Read], Any),
        ("jobs", &[Read, Update], Any),
    ],
};

/// Manager: brings people in and forms teams.
pub const MANAGER: BuiltInRole = BuiltInRole {
    id: role_id(2),
    name: "manager",
    description: "Brings people into an organization and forms its teams.",
    permissions: &[
        ("users", &[Read], Organization),
        ("organizations", &[Read], Organization),
        ("members", &[Read], Organization),
        ("invitations", &[Create, Read, Delete], Organization),
        ("teams", ALL, Organization),
        ("roles", &[Read], Organization),
        ("permissions", &[Read], Organization),
        ("catalogue", &[Read], Organization),
        ("organization_modules", &[Read], Organization),
        ("user_levels", ALL, Organization),
    ],
};

/// User: what every member of an organization may do.
pub const USER: BuiltInRole = BuiltInRole {
    id: role_id(3),
    name: "user",
    description: "What every member may do: see the organization and manage what is their own.",
    permissions: &[
        ("users", &[Read, Update], Own),
        ("sessions", &[Read, Delete], Own),
        ("organizations", &[Create], Own),
        ("organizations", &[Read], Organization),
        ("members", &[Read, Delete], Own),
        ("members", &[Read], Organization),
        ("invitations", &[Read, Update], Own),
        ("teams", &[Read], Organization),
        ("roles", &[Read], Organization),
        ("permissions", &[Read], Organization),
        ("catalogue", &[Read], Organization),
        ("organization_modules", &[Read], Organization),
        ("user_levels", &[Read], Organization),
        ("audit_events", &[Read], Own),
    ],
};

/// Every built-in role.
pub const BUILT_IN_ROLES: &[BuiltInRole] = &[ADMIN, MANAGER, USER];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn permission_identifiers_do_not_collide() {
        let mut seen = HashMap::new();
        for role in BUILT_IN_ROLES {
            for (resource, actions, scope) in role.permissions {
                for action in *actions {
                    let name = format!("{resource}:{action}:{scope}");
                    let id = built_in_permission_id(resource, *action, *scope);
                    assert_eq!(seen.insert(id, name.clone()).unwrap_or_else(|| name.clone()), name);
                }
            }
        }
    }
}
