//! Roles and permissions.

mod builtin;
mod permission;
mod role;

pub use builtin::{ADMIN, BUILT_IN_ROLES, BuiltInRole, MANAGER, USER, built_in_permission_id};
pub use permission::{Action, NewPermission, Permission, PermissionScope};
pub use role::{Role, RoleAssignment};
