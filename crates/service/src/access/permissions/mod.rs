//! Permissions: what roles can permit.

mod create;
mod delete;
mod get;
mod list;
mod named;

pub use create::{CreatePermission, create_permission};
pub use delete::delete_permission;
pub use get::get_permission;
pub use list::{ListPermissions, list_permissions};
pub(crate) use named::{named_permissions, permissions_named_in};
