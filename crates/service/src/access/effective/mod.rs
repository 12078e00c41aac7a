//! What a person may do, all together, with the reasons.
//!
//! The lists are what the engine says of each entry when nothing is known of the request's circumstances: what rules allow
//! only under some is not in them. Whose a resource is decides within an entry.

mod entry;
#[cfg(test)]
pub(crate) mod fixtures;
mod keep;
mod list;
mod of_user;
mod own;
#[cfg(test)]
mod tests;
mod why;

pub use entry::{EffectivePermission, PermissionKind, Reach};
pub use keystead_access::listing::Door;
pub use list::EffectivePermissions;
pub use of_user::permissions_of_user;
pub use own::own_permissions;
pub use why::Why;

use crate::paging::PageInput;

/// Which of a person's permissions are wanted.
#[derive(Clone, Debug, Default)]
pub struct ListEffective {
    /// Only of this kind.
    pub kind: Option<PermissionKind>,
    /// Which page.
    pub page: PageInput,
}
