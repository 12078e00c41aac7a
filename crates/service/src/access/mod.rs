//! Who may do what: the guard that every use case asks, and the roles in force.

pub(crate) mod decisions;
pub mod effective;
pub mod evaluation;
pub mod explaining;
mod grants;
mod guard;
mod limits;
#[cfg(test)]
mod nobody_gains;
mod passing_on;
pub mod permissions;
pub mod policy;
pub mod previewing;
mod rights;
pub mod roles;
mod scope;
pub mod set;
pub mod user_levels;
mod version;
mod words;

pub(crate) use grants::GrantsCache;
pub(crate) use guard::{Held, hold, may};
pub use guard::{guard, guard_administration, guard_here};
pub use keystead_access::Resource;
pub use limits::{
    MOST_CELLS, MOST_LEVEL_PERMISSIONS, MOST_MATRIX_LEVELS, MOST_PERMISSIONS, MOST_ROLES, MOST_USER_LEVELS,
};
pub(crate) use passing_on::{may_give, may_overrule, may_put};
pub(crate) use rights::SnapshotRights;
pub(crate) use scope::scope_in;
pub use version::access_version;
pub use words::RESOURCES;
pub(crate) use words::{is_unknown_to_keystead, keysteads_own};
