//! Organizations, and people's places in them.
//!
//! What belongs to an organization is reached by those who work in it now; an organization itself also by the
//! administrators of the platform. The transaction then works in that organization, and so does its audit event.

mod archive;
mod create;
mod get;
pub mod invitations;
mod list;
mod list_own;
pub mod members;
pub mod modules;
pub mod teams;
mod update;

pub use archive::{ArchiveOrganization, archive_organization};
pub(crate) use create::new_organization;
pub use create::{CreateOrganization, create_organization};
pub use get::get_organization;
pub use list::{ListOrganizations, list_organizations};
pub use list_own::list_own_organizations;
pub use update::{UpdateOrganization, update_organization};
