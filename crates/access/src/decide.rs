//! The decision itself.

use crate::{Context, Decision, Denial, Resource, Subject, everyone::held_by_everyone};
use keystead_domain::{PLATFORM, access::PermissionScope};

/// Whether `subject` may do `action` on `resource` by the roles that he comes with. Allocates nothing.
///
/// Only roles are asked; a [snapshot](crate::snapshot::Snapshot) asks everything that decides.
///
/// A permission counts when it names the resource's kind and the action, and reaches the resource:
/// - `own`: the resource names the subject as its owner;
/// - `organization`: the resource names the organization in which the subject acts, where the role was granted;
/// - `any`: the subject acts in the platform organization.
///
/// What is not known (no owner, no organization) is reached by neither of the first two. Anything else is denied.
#[must_use]
pub fn decide(subject: &Subject<'_>, action: &str, resource: &Resource<'_>, _context: &Context<'_>) -> Decision {
    let mut nearest = Denial::NoPermission;
    for grant in subject.grants {
        for permission in grant.permissions.iter() {
            if permission.resource != resource.kind || permission.action != action {
                continue;
            }
            if reaches(permission.scope, subject, resource) {
                return Decision::granted(grant.role_id, permission.id, permission.scope);
            }
            if nearest == Denial::NoPermission {
                nearest = Denial::OutOfScope { role: grant.role_id, permission: permission.id };
            }
        }
    }
    if let Some((role, permission)) = held_by_everyone(resource.kind, action) {
        if reaches(PermissionScope::Own, subject, resource) {
            return Decision::granted(role, permission, PermissionScope::Own);
        }
        if nearest == Denial::NoPermission {
            nearest = Denial::OutOfScope { role, permission };
        }
    }
    Decision::denied(nearest)
}

fn reaches(scope: PermissionScope, subject: &Subject<'_>, resource: &Resource<'_>) -> bool {
    match scope {
        PermissionScope::Own => resource.owner.is_some() && resource.owner == subject.user_id,
        PermissionScope::Organization => resource.organization_id == Some(subject.organization_id),
        PermissionScope::Any => subject.organization_id == PLATFORM,
    }
}
