//! Organizations and a person's place in them.

mod invitation;
mod membership;
mod organization;
mod team;

pub use invitation::{Invitation, InvitationStatus};
pub use membership::{Member, Membership, MembershipStatus};
pub use organization::{Isolation, Organization, OrganizationKind, OrganizationStatus};
pub use team::{Team, TeamMember};
