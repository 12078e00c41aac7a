//! Sessions: signing in, staying signed in, signing out.

mod access_token;
mod activity;
mod attempt;
mod authenticate;
mod end_other_sessions;
mod end_session;
mod list_sessions;
mod new_session;
mod places;
mod refresh;
mod revoke_sessions;
mod sign_in;
mod sign_out;
mod switch_organization;

pub use access_token::AccessToken;
#[cfg(test)]
pub(crate) use access_token::{Holder, issue_access_token};
pub(crate) use activity::Activity;
pub(crate) use attempt::{Attempt, Obstacle};
pub(crate) use authenticate::caller_again;
pub use authenticate::{Authenticated, authenticate};
pub use end_other_sessions::end_other_sessions;
pub use end_session::end_session;
pub use list_sessions::{ListSessions, list_sessions};
pub(crate) use places::Places;
pub use refresh::{Refresh, Refreshed, refresh};
pub use revoke_sessions::{RevokeSessions, revoke_sessions};
pub use sign_in::{SignIn, SignedIn, sign_in};
pub use sign_out::sign_out;
pub use switch_organization::{Switched, switch_organization};

use keystead_access::Resource;
use keystead_domain::{Caller, CallerKind, Error, ErrorKind, Result, SessionId, UserId};

/// The person who is calling.
///
/// # Errors
/// `Unauthenticated` when nobody is signed in; `Forbidden` with code `for_people_only` when it is a service account.
pub(crate) fn signed_in(caller: &Caller) -> Result<UserId> {
    match caller.kind {
        CallerKind::ServiceAccount => Err(for_people_only()),
        _ => caller.user_id.ok_or_else(Error::unauthenticated),
    }
}

/// What a service account is told where only a person can be meant.
#[must_use]
pub fn for_people_only() -> Error {
    let message = "This is for people: a service account has no account, sessions or memberships of its own.";
    Error::new(ErrorKind::Forbidden, "for_people_only", message)
}

/// What an account's failed sign-ins are counted under.
pub(crate) fn account_key(user: UserId) -> String {
    format!("user:{user}")
}

/// One of `owner`'s sessions, or all of them.
fn sessions_of(owner: UserId, session: Option<SessionId>) -> Resource<'static> {
    Resource::personal("sessions", session.map(SessionId::as_uuid), owner)
}
