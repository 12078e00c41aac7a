//! Ends one of the caller's own sessions.

use super::{sessions_of, signed_in};
use crate::{
    App,
    access::guard,
    audit::{self, Event},
};
use keystead_domain::{Caller, Error, Result, SessionId, access::Action, sessions::RevokedReason};
use serde_json::json;

/// Ends one of the caller's own sessions. Its access tokens stop with it.
///
/// # Errors
/// `Unauthenticated`; `NotFound` when the caller has no such live session.
pub async fn end_session(app: &App, caller: &Caller, session: SessionId) -> Result<()> {
    let me = signed_in(caller)?;
    guard(caller, Action::Delete, &sessions_of(me, Some(session)))?;
    let is_current = caller.session_id == Some(session);
    let reason = if is_current { RevokedReason::SignedOut } else { RevokedReason::EndedByOwner };
    let unit = app.store.begin(caller.scope()).await?;
    if !unit.sessions().revoke(me, session, reason, app.now()).await? {
        return Err(Error::not_found("session"));
    }
    let event =
        Event::new(caller, "session.ended", "sessions").resource(session).subject(me).data(json!({ "reason": reason }));
    audit::append(&*unit, app, caller.organization_id, vec![event]).await?;
    unit.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, Trail, anonymous, member, session, user};
    use keystead_domain::ErrorKind;
    use keystead_store::mocks::MockUnitOfWork;

    async fn end(id: SessionId, reason: RevokedReason) -> serde_json::Value {
        let (test, trail) = (TestApp::new(), Trail::default());
        let mut unit = MockUnitOfWork::new();
        unit.sessions.expect_revoke().once().returning(move |owner, ended, why, _| {
            assert_eq!((owner, ended, why), (user(7), id, reason));
            Ok(true)
        });
        trail.record(&mut unit);
        test.unit(unit);
        end_session(&test.build(), &member(1, 7), id).await.unwrap();
        trail.only().event_data
    }

    #[tokio::test]
    async fn ending_the_current_session_is_signing_out() {
        assert_eq!(end(session(7), RevokedReason::SignedOut).await, json!({ "reason": "signed_out" }));
        assert_eq!(end(session(8), RevokedReason::EndedByOwner).await, json!({ "reason": "ended_by_owner" }));
    }

    #[tokio::test]
    async fn what_is_not_there_or_not_his_is_not_found() {
        let test = TestApp::new();
        let mut unit = MockUnitOfWork::new();
        unit.sessions.expect_revoke().returning(|_, _, _, _| Ok(false));
        let journal = test.unit(unit).journal();
        let app = test.build();
        let error = end_session(&app, &member(1, 7), session(8)).await.unwrap_err();
        assert_eq!((error.kind, journal.commits()), (ErrorKind::NotFound, 0));
        let error = end_session(&app, &anonymous(), session(8)).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Unauthenticated);
    }
}
