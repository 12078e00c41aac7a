//! Refusing a sign-in: always with the same work and the same answer.

use super::account_key;
use crate::{
    App,
    audit::{self, Event},
};
use keystead_domain::{
    Caller, Error, ErrorKind, PLATFORM, Result, Scope, Timestamp,
    accounts::UserStatus,
    audit::{Outcome, Severity},
};
use keystead_store::{FailedAttempt, LoginState};
use serde_json::json;

/// Why a sign-in is refused. Only the audit trail says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Obstacle {
    UnknownLogin,
    NotActive,
    Locked,
    WrongPassword,
}

impl Obstacle {
    /// What stands in the way whatever the password is.
    pub(super) fn of(state: &LoginState, now: Timestamp) -> Option<Self> {
        let later = |until: Option<Timestamp>| until.is_some_and(|until| until > now);
        let Some(account) = &state.account else { return Some(Self::UnknownLogin) };
        // A lock of the whole account spares the networks that its owner signs in from.
        let locked = later(state.network_locked_until) || (later(account.locked_until) && !state.network_known);
        if account.status != UserStatus::Active {
            Some(Self::NotActive)
        } else if locked {
            Some(Self::Locked)
        } else {
            None
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownLogin => "unknown_login",
            Self::NotActive => "not_active",
            Self::Locked => "locked",
            Self::WrongPassword => "wrong_password",
        }
    }
}

/// A sign-in that is refused.
pub(super) struct Refusal<'a> {
    pub(super) state: &'a LoginState,
    /// Stands for the account where there is none.
    pub(super) unknown_key: &'a str,
    pub(super) network: &'a [u8],
}

impl Refusal<'_> {
    /// Counts the failure and records it, with the same statements whatever stood in the way; gives the answer.
    ///
    /// It is recorded with the organization that the session would have begun in, or with the platform.
    pub(super) async fn record(&self, app: &App, caller: &Caller, obstacle: Obstacle) -> Result<Error> {
        let account = self.state.account.as_ref();
        let user = account.map(|account| account.user_id);
        let organization = account.and_then(|account| account.organization_id).unwrap_or(PLATFORM);
        let attempt = FailedAttempt {
            account_key: user.map_or_else(|| self.unknown_key.to_owned(), account_key),
            user,
            network_hash: self.network.to_vec(),
            now: app.now(),
            policy: app.settings.lock,
        };
        let unit = app.store.begin(Scope { organization: Some(organization), user }).await?;
        let locks = unit.sign_in_attempts().record_failure(&attempt).await?;
        let mut event = Event::new(caller, "session.refused", "sessions")
            .outcome(Outcome::Failure)
            .severity(if locks { Severity::Critical } else { Severity::Warning })
            .data(json!({ "reason": obstacle.as_str(), "locks": locks }));
        if let Some(user) = user {
            event = event.subject(user);
        }
        audit::append(&*unit, app, organization, vec![event]).await?;
        unit.commit().await?;
        metrics::counter!("keystead_sign_ins_total", "outcome" => "refused").increment(1);
        Ok(Error::new(
            ErrorKind::Unauthenticated,
            "wrong_credentials",
            "The login or the password is wrong. After too many tries, wait a quarter of an hour.",
        ))
    }
}
