//! Who may do what: the guard that every use case asks, and the roles in force.

mod grants;
mod guard;

pub(crate) use grants::GrantsCache;
pub use guard::{guard, guard_administration, guard_here};
pub use keystead_access::Resource;
