//! Roles: named sets of permissions.
//!
//! An organization makes roles of its own and inherits the platform's. The built-in ones never change. Every change
//! raises the organization's access version in the same transaction, so that it is in force at once.

mod create;
mod delete;
#[cfg(test)]
pub(crate) mod fixtures;
mod get;
mod list;
mod named;
mod own;
mod permissions;
mod replace_permissions;
mod update;

pub use create::{CreateRole, create_role};
pub use delete::{DeleteRole, delete_role};
pub use get::get_role;
pub use list::{ListRoles, list_roles};
pub(crate) use named::{named_roles, permitted_by};
pub use permissions::role_permissions;
pub use replace_permissions::{ReplaceRolePermissions, replace_role_permissions};
pub use update::{UpdateRole, update_role};
