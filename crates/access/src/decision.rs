//! The answer, and why.

use keystead_domain::{PermissionId, RoleId, access::PermissionScope};

/// The answer to "may this subject do this".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whether it is allowed.
    pub allowed: bool,
    /// Why, or why not.
    pub reason: Reason,
}

/// Why a decision came out as it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A permission of a role covers it.
    Granted {
        /// The role; the built-in role `user` for what every signed-in person may do with their own.
        role: RoleId,
        /// The permission.
        permission: PermissionId,
        /// How far that permission reaches.
        scope: PermissionScope,
    },
    /// Nothing covers it.
    Denied(Denial),
}

/// Why something is not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denial {
    /// No role of the subject permits this action on this kind of resource.
    NoPermission,
    /// A role permits the action, but not on this resource: it is another's, or of another organization.
    OutOfScope {
        /// The role that comes nearest.
        role: RoleId,
        /// Its permission.
        permission: PermissionId,
    },
}

impl Decision {
    pub(crate) const fn granted(role: RoleId, permission: PermissionId, scope: PermissionScope) -> Self {
        Self { allowed: true, reason: Reason::Granted { role, permission, scope } }
    }
    pub(crate) const fn denied(denial: Denial) -> Self {
        Self { allowed: false, reason: Reason::Denied(denial) }
    }
}
