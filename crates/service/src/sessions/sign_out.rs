//! Signing out.

use super::end_session;
use crate::App;
use keystead_domain::{Caller, Error, Result};

/// Ends the caller's current session.
///
/// # Errors
/// `Unauthenticated` without a session; `NotFound` when it has ended meanwhile.
pub async fn sign_out(app: &App, caller: &Caller) -> Result<()> {
    end_session(app, caller, caller.session_id.ok_or_else(Error::unauthenticated)?).await
}
