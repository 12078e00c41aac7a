//! An administrator of the platform ends a person's sessions.

use super::sessions_of;
use crate::{
    App,
    access::guard,
    audit::{self, Event},
};
use keystead_domain::{Caller, Error, Result, Scope, SessionId, UserId, access::Action, sessions::RevokedReason};
use serde_json::json;

/// Whose sessions.
#[derive(Clone, Copy, Debug)]
pub struct RevokeSessions {
    /// Whose.
    pub user: UserId,
    /// Which one; none for all.
    pub session: Option<SessionId>,
}

/// Ends one or all of a person's sessions. Returns how many.
///
/// # Errors
/// As [`guard`]; `NotFound` when the person has no such live session.
pub async fn revoke_sessions(app: &App, caller: &Caller, input: RevokeSessions) -> Result<u64> {
    let RevokeSessions { user, session } = input;
    guard(caller, Action::Delete, &sessions_of(user, session))?;
    let (now, reason) = (app.now(), RevokedReason::EndedByAdministrator);
    let unit = app.store.begin(Scope::person(caller.organization_id, user)).await?;
    let ended = match session {
        Some(session) if unit.sessions().revoke(user, session, reason, now).await? => vec![session],
        Some(_) => return Err(Error::not_found("session")),
        None => unit.sessions().revoke_all(user, None, reason, now).await?,
    };
    if !ended.is_empty() {
        let event = Event::new(caller, "session.revoked", "sessions")
            .subject(user)
            .data(json!({ "reason": reason, "sessions": ended }));
        audit::append(&*unit, app, caller.organization_id, vec![event]).await?;
    }
    unit.commit().await?;
    Ok(ended.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, Trail, administrator, member, organization, session, user};
    use keystead_domain::{ErrorKind, PLATFORM};
    use keystead_store::mocks::MockUnitOfWork;

    #[tokio::test]
    async fn the_platforms_administrators_end_all_sessions_of_a_person() {
        let (test, trail) = (TestApp::new(), Trail::default());
        let mut unit = MockUnitOfWork::new();
        unit.sessions.expect_revoke_all().once().returning(|_, except, _, _| {
            assert_eq!(except, None);
            Ok(vec![session(1), session(2)])
        });
        trail.record(&mut unit);
        test.unit(unit);
        let input = RevokeSessions { user: user(9), session: None };
        assert_eq!(revoke_sessions(&test.build(), &administrator(PLATFORM, 1), input).await.unwrap(), 2);
        assert_eq!(trail.only().subject_user_id, Some(user(9)));
    }

    #[tokio::test]
    async fn nobody_else_does() {
        let app = TestApp::new().build();
        for caller in [member(1, 7), administrator(organization(1), 7)] {
            let input = RevokeSessions { user: user(9), session: None };
            assert_eq!(revoke_sessions(&app, &caller, input).await.unwrap_err().kind, ErrorKind::NotFound);
        }
    }
}
