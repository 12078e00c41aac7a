//! Sessions and the refresh tokens that keep them going.

mod refresh;
mod session;

pub use refresh::{RefreshFamily, RefreshOutcome, RefreshRotation};
pub use session::{RevokedReason, Session};
