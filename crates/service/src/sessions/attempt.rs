//! One try of a password on an account: what stands in its way before the hash, and what after it.

use super::account_key;
use crate::{App, audit, audit::Event};
use keystead_domain::{
    Caller, OrganizationId, PLATFORM, Result, Scope, Timestamp, UserId,
    accounts::{Login, User, UserStatus},
    audit::{Outcome, Severity},
};
use keystead_store::{FailedAttempt, LoginAccount, LoginState, TakenLogin, UnitOfWork};
use serde_json::json;

/// Why a try fails. Only the audit trail says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Obstacle {
    UnknownLogin,
    NotActive,
    Locked,
    /// The password was changed while this one was hashed.
    Changed,
    WrongPassword,
}

impl Obstacle {
    /// What stands in the way whatever the password is.
    fn of(state: &LoginState, now: Timestamp) -> Option<Self> {
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
            Self::Changed => "changed_meanwhile",
            Self::WrongPassword => "wrong_password",
        }
    }
}

/// The account that a try is let through to, whose row the transaction has taken.
pub(crate) struct Admitted {
    /// As it is now.
    pub user: User,
    /// The names of its roles where the session begins.
    pub roles: Vec<String>,
}

/// A try, as it was before the hash.
pub(crate) struct Attempt {
    login: Login,
    /// Stands for the account where there is none.
    unknown_key: String,
    network: Vec<u8>,
    state: LoginState,
    before: Option<Obstacle>,
}

impl Attempt {
    /// Looks up the account of `login` and what `caller`'s network has done to it lately.
    pub(crate) async fn new(app: &App, caller: &Caller, login: Login) -> Result<Self> {
        let (macs, now) = (app.keys.macs(), app.now());
        let network = macs.network_hash(caller.context.client_ip).to_vec();
        let unknown_key = macs.unknown_account_key(&login);
        let state = app.store.find_login(&login, &unknown_key, &network, now).await?;
        let before = Obstacle::of(&state, now);
        Ok(Self { login, unknown_key, network, state, before })
    }

    /// What stood in the way before the hash.
    pub(crate) const fn obstacle(&self) -> Option<Obstacle> {
        self.before
    }
    /// The account, as it was before the hash.
    pub(crate) const fn account(&self) -> Option<&LoginAccount> {
        self.state.account.as_ref()
    }
    fn user(&self) -> Option<UserId> {
        self.account().map(|account| account.user_id)
    }
    /// Where a session would begin. Without any membership a person still has their own account and sessions; in the platform
    /// they hold no role.
    pub(crate) fn organization(&self) -> OrganizationId {
        self.account().and_then(|account| account.organization_id).unwrap_or(PLATFORM)
    }
    /// Whose rows the transaction after the hash sees.
    pub(crate) fn scope(&self) -> Scope {
        Scope { organization: Some(self.organization()), user: self.user() }
    }

    /// Says what stands in the way now that the password was hashed and turned out to match or not, or whom it lets through.
    ///
    /// Many tries may have waited for their hashes together, so it looks again, with the account's row taken: each of
    /// them sees what those before it have counted, and a password that was changed meanwhile counts no longer. The statements
    /// are the same whatever it finds.
    pub(crate) async fn judge(
        &self,
        app: &App,
        unit: &dyn UnitOfWork,
        matches: bool,
    ) -> Result<std::result::Result<Admitted, Obstacle>> {
        let now = app.now();
        let attempts = unit.sign_in_attempts();
        let taken = attempts.take_login(self.user(), &self.login, &self.unknown_key, &self.network, now).await?;
        let TakenLogin { state, user, roles } = taken;
        let obstacle = self.before.or_else(|| Obstacle::of(&state, now));
        let same = |before: &LoginAccount, now: &LoginAccount| {
            before.user_id == now.user_id && before.password_hash.expose() == now.password_hash.expose()
        };
        let unchanged = matches!((&self.state.account, &state.account), (Some(before), Some(now)) if same(before, now));
        let wrong = || (!matches).then_some(Obstacle::WrongPassword);
        Ok(match (obstacle.or((!unchanged).then_some(Obstacle::Changed)).or_else(wrong), user) {
            (None, Some(user)) => Ok(Admitted { user, roles }),
            (obstacle, _) => Err(obstacle.unwrap_or(Obstacle::UnknownLogin)),
        })
    }

    /// Counts the failure and records it as `event`, in the organization of the transaction's scope.
    pub(crate) async fn fail(&self, app: &App, unit: &dyn UnitOfWork, event: Event, obstacle: Obstacle) -> Result<()> {
        let user = self.user();
        let attempt = FailedAttempt {
            account_key: user.map_or_else(|| self.unknown_key.clone(), account_key),
            user,
            network_hash: self.network.clone(),
            now: app.now(),
            policy: app.settings.lock,
        };
        let locks = unit.sign_in_attempts().record_failure(&attempt).await?;
        let mut event = event
            .outcome(Outcome::Failure)
            .severity(if locks { Severity::Critical } else { Severity::Warning })
            .data(json!({ "reason": obstacle.as_str(), "locks": locks }));
        if let Some(user) = user {
            event = event.subject(user);
        }
        audit::append(unit, app, unit.scope().organization.unwrap_or(PLATFORM), vec![event]).await
    }

    /// Forgets the network's failures and remembers the network.
    pub(crate) async fn succeed(&self, unit: &dyn UnitOfWork, user: UserId, now: Timestamp) -> Result<()> {
        unit.sign_in_attempts().record_success(&account_key(user), &self.network, now).await
    }
}
