//! Sessions and the refresh tokens that keep them going.

mod refresh;
mod session;

pub use refresh::{RefreshFamily, RefreshOutcome, RefreshRotation, Refreshed};
pub use session::{RevokedReason, Session};
