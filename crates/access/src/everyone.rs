//! What every signed-in person may do with their own, whatever organization they work in.

use keystead_domain::{
    PermissionId, RoleId,
    access::{Action, PermissionScope, USER, built_in_permission_id},
};
use std::sync::LazyLock;

/// The `own` permissions of the built-in role `user`: resource, action, identifier.
static OWN: LazyLock<Vec<(&'static str, Action, PermissionId)>> = LazyLock::new(|| {
    let own = USER.permissions.iter().filter(|(_, _, scope)| *scope == PermissionScope::Own);
    own.flat_map(|(resource, actions, scope)| {
        actions.iter().map(|action| (*resource, *action, built_in_permission_id(resource, *action, *scope)))
    })
    .collect()
});

/// The permissions with scope `own` of the built-in role `user`, as resource, action and identifier.
///
/// Every signed-in person holds them, also where the membership has ended or is suspended: else nobody could see
/// or end their own sessions.
pub fn own_permissions_of_everyone() -> impl Iterator<Item = (&'static str, Action, PermissionId)> {
    OWN.iter().copied()
}

/// The role and the permission by which everyone may do this with their own.
pub(crate) fn held_by_everyone(kind: &str, action: &str) -> Option<(RoleId, PermissionId)> {
    own_permissions_of_everyone()
        .find(|(resource, does, _)| *resource == kind && does.as_str() == action)
        .map(|(_, _, id)| (USER.id, id))
}
