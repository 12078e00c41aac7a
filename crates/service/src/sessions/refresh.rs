//! Staying signed in: a refresh token for the next one and an access token.

use super::{
    AccessToken,
    access_token::{Holder, issue_access_token},
};
use crate::{
    App,
    audit::{self, Event, sealed},
    keys::{KeyOwner, committed_data_key, current_signing_key},
};
use keystead_crypto::tokens::RefreshToken;
use keystead_domain::{
    Caller, Error, ErrorKind, PLATFORM, Result, Scope, SessionId, UserId,
    audit::{Outcome, Severity},
    sessions::{RefreshOutcome, RefreshRotation},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

/// What a client shows to stay signed in.
#[derive(Clone, Debug)]
pub struct Refresh {
    /// The latest refresh token.
    pub refresh_token: SecretString,
}

/// What it gets.
#[derive(Clone, Debug)]
pub struct Refreshed {
    /// A new access token, for the organization that the session works in now.
    pub access_token: AccessToken,
    /// The next refresh token; the presented one is used up.
    pub refresh_token: SecretString,
}

/// Exchanges a refresh token for the next one and an access token.
///
/// The immediate predecessor is answered with the same successor for a few seconds, as long as that is unused: the reply
/// may have been lost. Any older token that the server really issued ends the session: somebody else may hold a copy.
///
/// # Errors
/// `Unauthenticated` with code `invalid_refresh_token`, or `refresh_token_replayed` where the session was ended for it.
pub async fn refresh(app: &App, caller: &Caller, input: Refresh) -> Result<Refreshed> {
    let key = &app.keys.macs().refresh;
    let presented = RefreshToken::parse_and_check(input.refresh_token.expose_secret(), key).map_err(|_| {
        count("unreadable");
        invalid()
    })?;
    let next = presented.next(key, &*app.random).map_err(|_| invalid())?;
    let signing_key = current_signing_key(app).await?;
    let (user, session, now) = (presented.user(), presented.session(), app.now());
    let rotation = RefreshRotation {
        session_id: session,
        user_id: user,
        presented_generation: i32::try_from(presented.generation()).map_err(|_| invalid())?,
        presented_hash: presented.hash().to_vec(),
        next_hash: next.hash().to_vec(),
        successor_sealed: presented.seal_successor(&next, &*app.random)?,
        now,
        grace_seconds: app.settings.refresh_grace_seconds,
        idle_expires_at: now.plus_seconds(app.settings.session_idle_seconds),
    };
    // Type, outcome and organization are completed where the rotation is decided.
    let event =
        Event::new(caller, "session.refreshed", "sessions").acting(user, Some(session)).resource(session).subject(user);
    let data_key = committed_data_key(app, KeyOwner::Person(user)).await?;
    let event = sealed(app, PLATFORM, &event, data_key.as_deref())?;
    let Some(result) = app.store.rotate_refresh_token(rotation, event).await? else {
        count("over");
        record_refusal(app, caller, user, session).await?;
        return Err(invalid());
    };
    metrics::counter!("keystead_audit_events_total").increment(1);
    let refresh_token = match result.outcome {
        RefreshOutcome::Rotated => next,
        RefreshOutcome::Grace { successor_sealed } => presented.open_successor(&successor_sealed, key)?,
        RefreshOutcome::Replayed => {
            count("replayed");
            tracing::warn!(%user, %session, "a used refresh token was presented; the session was ended");
            return Err(Error::new(
                ErrorKind::Unauthenticated,
                "refresh_token_replayed",
                "This refresh token was used before, so its session has been ended: sign in again.",
            ));
        }
    };
    let holder = Holder {
        user,
        session,
        organization: result.organization_id,
        roles: result.roles,
        session_ends: result.session_ends,
    };
    let access_token = issue_access_token(app, &signing_key, holder)?;
    Ok(Refreshed { access_token, refresh_token: refresh_token.to_text() })
}

fn count(reason: &'static str) {
    metrics::counter!("keystead_refreshes_refused_total", "reason" => reason).increment(1);
}

/// Records that a token of the server's own making was presented which its session answers no longer: perhaps a thief's copy,
/// after the owner has signed out. Of a session that is not there any more, nothing tells whose organization to record it in.
async fn record_refusal(app: &App, caller: &Caller, user: UserId, session: SessionId) -> Result<()> {
    let own = Scope { organization: None, user: Some(user) };
    let mut unit = app.store.begin(own).await?;
    let Some(found) = unit.sessions().find(user, session).await? else { return Ok(()) };
    let now = app.now();
    let reason = match found.revoked_reason {
        Some(reason) => reason.as_str(),
        None if found.idle_expires_at <= now || found.expires_at <= now => "expired",
        None => "not_current",
    };
    unit.enter(Scope::person(found.organization_id, user)).await?;
    let event = Event::new(caller, "session.refresh_refused", "sessions")
        .resource(session)
        .subject(user)
        .outcome(Outcome::Denied)
        .severity(Severity::Warning)
        .data(json!({ "reason": reason }));
    audit::append(&*unit, app, found.organization_id, vec![event]).await?;
    unit.commit().await
}

fn invalid() -> Error {
    Error::new(
        ErrorKind::Unauthenticated,
        "invalid_refresh_token",
        "This refresh token is not valid, or its session has ended: sign in again.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        keys::verify_access_token,
        testing::{TestApp, Trail, anonymous, live_session, now, organization, session, user},
    };
    use keystead_domain::sessions::{Refreshed as Found, RevokedReason, Session};
    use keystead_store::mocks::MockUnitOfWork;

    /// An app whose store answers a rotation with `outcome`.
    fn app(outcome: impl Fn(&RefreshRotation) -> Option<RefreshOutcome> + Send + 'static) -> App {
        test(outcome).build()
    }

    fn test(outcome: impl Fn(&RefreshRotation) -> Option<RefreshOutcome> + Send + 'static) -> TestApp {
        let mut test = TestApp::new();
        let mut unit = MockUnitOfWork::new();
        unit.keys.expect_ensure_encryption_key().returning(|_, candidate| Ok(candidate.clone()));
        test.unit(unit);
        test.store.answers.expect_rotate_refresh_token().returning(move |rotation, event| {
            assert_eq!((rotation.user_id, rotation.session_id), (user(7), session(7)));
            assert_eq!((event.user_id, event.session_id), (Some(user(7)), Some(session(7))));
            assert!(event.client_sealed.is_some() && event.client_ip_hash.is_some());
            let found = |outcome| Found {
                outcome,
                organization_id: organization(1),
                roles: vec!["user".to_owned()],
                session_ends: now().plus_seconds(60),
            };
            Ok(outcome(&rotation).map(found))
        });
        test
    }

    fn presented(app: &App) -> RefreshToken {
        RefreshToken::issue(user(7), session(7), 4, &app.keys.macs().refresh, &*app.random)
    }

    async fn present(app: &App, token: &RefreshToken) -> Result<Refreshed> {
        refresh(app, &anonymous(), Refresh { refresh_token: token.to_text() }).await
    }

    #[tokio::test]
    async fn a_current_token_gives_the_next_one() {
        let app = app(|rotation| {
            assert_eq!((rotation.presented_generation, rotation.now), (4, now()));
            Some(RefreshOutcome::Rotated)
        });
        let answer = present(&app, &presented(&app)).await.unwrap();
        let next =
            RefreshToken::parse_and_check(answer.refresh_token.expose_secret(), &app.keys.macs().refresh).unwrap();
        assert_eq!((next.generation(), next.session()), (5, session(7)));
        let claims = verify_access_token(&app, answer.access_token.token.expose_secret()).await.unwrap();
        assert_eq!((claims.org, claims.roles.clone()), (organization(1), vec!["user".to_owned()]));
        assert_eq!(claims.exp, now().plus_seconds(60).unix_seconds(), "no token outlives its session");
    }

    #[tokio::test]
    async fn a_lost_reply_is_repeated_with_the_same_successor() {
        let sealed = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let kept = sealed.clone();
        let app = app(move |_| Some(RefreshOutcome::Grace { successor_sealed: kept.lock().unwrap().clone() }));
        let presented = presented(&app);
        let successor = presented.next(&app.keys.macs().refresh, &*app.random).unwrap();
        *sealed.lock().unwrap() = presented.seal_successor(&successor, &*app.random).unwrap();
        let answer = present(&app, &presented).await.unwrap();
        assert_eq!(answer.refresh_token.expose_secret(), successor.to_text().expose_secret());
    }

    #[tokio::test]
    async fn replays_are_refused() {
        let replayed = app(|_| Some(RefreshOutcome::Replayed));
        assert_eq!(present(&replayed, &presented(&replayed)).await.unwrap_err().code, "refresh_token_replayed");
    }

    #[tokio::test]
    async fn a_token_of_an_ended_session_is_refused_and_recorded_where_the_session_was() {
        let ended =
            Session { revoked_reason: Some(RevokedReason::SignedOut), revoked_at: Some(now()), ..live_session(7) };
        let over = Session { expires_at: now(), ..live_session(7) };
        let cases = [
            (Some(ended), Some("signed_out")),
            (Some(over), Some("expired")),
            (Some(live_session(7)), Some("not_current")),
            (None, None),
        ];
        for (found, reason) in cases {
            let (test, trail) = (test(|_| None), Trail::default());
            let mut unit = MockUnitOfWork::new();
            unit.sessions.expect_find().once().return_once(|_, _| Ok(found));
            trail.record(&mut unit);
            test.unit(unit);
            let app = test.build();
            assert_eq!(present(&app, &presented(&app)).await.unwrap_err().code, "invalid_refresh_token");
            let told: Vec<_> = trail.events().into_iter().map(|event| event.event_data["reason"].clone()).collect();
            assert_eq!(told, reason.map(|reason| json!(reason)).into_iter().collect::<Vec<_>>());
        }
    }

    #[tokio::test]
    async fn what_the_server_did_not_make_never_reaches_the_store() {
        let app = TestApp::new().build();
        let mut text = presented(&app).to_text().expose_secret().to_owned();
        text.replace_range(10..11, if &text[10..11] == "A" { "B" } else { "A" });
        for text in [text, String::new(), "ksr_".to_owned()] {
            let input = Refresh { refresh_token: SecretString::from(text) };
            assert_eq!(refresh(&app, &anonymous(), input).await.unwrap_err().code, "invalid_refresh_token");
        }
    }
}
