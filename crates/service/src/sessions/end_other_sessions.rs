//! Ends all of the caller's sessions but the current one.

use super::{sessions_of, signed_in};
use crate::{
    App,
    access::guard,
    audit::{self, Event},
};
use keystead_domain::{Caller, Result, access::Action, sessions::RevokedReason};
use serde_json::json;

/// Ends all of the caller's own sessions but the current one. Returns how many.
///
/// # Errors
/// `Unauthenticated`.
pub async fn end_other_sessions(app: &App, caller: &Caller) -> Result<u64> {
    let me = signed_in(caller)?;
    guard(caller, Action::Delete, &sessions_of(me, None))?;
    let unit = app.store.begin(caller.scope()).await?;
    let reason = RevokedReason::EndedByOwner;
    let ended = unit.sessions().revoke_all(me, caller.session_id, reason, app.now()).await?;
    if !ended.is_empty() {
        let event = Event::new(caller, "session.others_ended", "sessions")
            .subject(me)
            .data(json!({ "reason": reason, "sessions": ended }));
        audit::append(&*unit, app, caller.organization_id, vec![event]).await?;
    }
    unit.commit().await?;
    Ok(ended.len() as u64)
}
