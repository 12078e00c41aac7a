//! Invitations: the way into an organization for those who are asked.
//!
//! Whoever invites gets a token once, and passes it on. It lets one person in: whoever signed in with the address that was
//! invited. To anybody else, an invitation that is over, withdrawn or for another looks as if it had never been; so does one
//! whose maker could not make it any more.

mod accept;
mod addressed;
mod create;
mod decline;
mod get;
mod inviter;
mod list;
mod revoke;

pub use accept::{Accepted, accept_invitation};
pub use create::{CreateInvitation, CreatedInvitation, create_invitation};
pub use decline::decline_invitation;
pub use get::get_invitation;
pub use list::{ListInvitations, list_invitations};
pub use revoke::{RevokeInvitation, revoke_invitation};

/// What an invitation's token begins with.
pub const TOKEN_PREFIX: &str = "ksi_";
