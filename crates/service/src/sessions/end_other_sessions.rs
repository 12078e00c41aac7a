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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, Trail, anonymous, member, session};
    use keystead_store::mocks::MockUnitOfWork;

    async fn end(others: Vec<keystead_domain::SessionId>) -> (u64, usize) {
        let (test, trail) = (TestApp::new(), Trail::default());
        let mut unit = MockUnitOfWork::new();
        unit.sessions.expect_revoke_all().once().return_once(|_, except, _, _| {
            assert_eq!(except, Some(session(7)));
            Ok(others)
        });
        trail.record(&mut unit);
        test.unit(unit);
        let ended = end_other_sessions(&test.build(), &member(1, 7)).await.unwrap();
        (ended, trail.events().len())
    }

    #[tokio::test]
    async fn the_current_session_goes_on() {
        assert_eq!(end(vec![session(1), session(2)]).await, (2, 1));
        assert_eq!(end(vec![]).await, (0, 0));
        assert!(end_other_sessions(&TestApp::new().build(), &anonymous()).await.is_err());
    }
}
