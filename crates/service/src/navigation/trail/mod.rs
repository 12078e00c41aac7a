//! Where a person has been: their own business, and nobody else's.

mod clear;
mod recent;
mod record;

pub use clear::clear_trail;
pub use recent::recent_trail;
pub use record::{Visit, record_trail};
