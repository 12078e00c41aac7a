//! The decision engine: may this subject do this action on this resource? No I/O.
//!
//! [`decide`] is the one question: subject, action, resource, context → [`Decision`]. What is not known allows
//! nothing: an owner or an organization that the resource does not name matches no rule.

mod decide;
mod decision;
mod everyone;
pub mod policy;
mod question;

pub use decide::decide;
pub use decision::{Decision, Denial, Reason};
pub use everyone::own_permissions_of_everyone;
pub use question::{Context, Resource, Subject};
