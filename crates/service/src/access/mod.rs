//! Who may do what: the guard that every use case asks, and the roles in force.

mod grants;
mod guard;
#[cfg(test)]
mod nobody_gains;
mod passing_on;
pub mod permissions;
pub mod roles;
mod scope;

pub(crate) use grants::GrantsCache;
pub(crate) use guard::{Held, hold};
pub use guard::{guard, guard_administration, guard_here};
pub use keystead_access::Resource;
pub use passing_on::RESOURCES;
pub(crate) use passing_on::{may_give, may_put};
pub(crate) use scope::scope_in;
