//! The decision engine: may this subject do this action on this resource? No I/O, and no clock of its own.
//!
//! Four sources answer: [roles] with scoped permissions, [entitlements] (modules, features, views, user levels), the
//! organization's [policy] rules and the platform's. A [`snapshot::Snapshot`] holds all that decides in one
//! organization at one version; its `decide` unites them: a denial of any source wins, then any allowance, else it is
//! denied. What is not known allows nothing: an owner or an organization that is not told matches no permission.
//!
//! [`decide`] is the part of it that needs no snapshot: the roles that a caller comes with.

mod decide;
mod decision;
pub mod entities;
pub mod entitlements;
mod everyone;
mod grid;
mod holder;
pub mod listing;
pub mod people;
pub mod platform;
pub mod policy;
mod question;
pub mod roles;
mod slots;
pub mod snapshot;
mod whose;

pub use decide::decide;
pub use decision::{Decision, Denial, Reason, RulesOf, Version};
pub use everyone::own_permissions_of_everyone;
pub use holder::Holder;
pub use keystead_domain::access::Resource;
pub use question::{Context, Subject, Target};
pub use whose::Whose;
