//! Who is calling: from a bearer token to a caller, with one statement.

use crate::{App, keys::verify_access_token};
use keystead_domain::{
    Caller, CallerKind, Error, ErrorKind, RequestContext, Result, accounts::User, organizations::MembershipStatus,
};
use std::sync::Arc;

/// A caller whose token, session and account were checked now.
#[derive(Clone, Debug)]
pub struct Authenticated {
    caller: Caller,
    /// The account, as it is now.
    pub user: User,
    /// The place in the organization that the token names; none when it has ended or the organization is archived.
    pub membership: Option<MembershipStatus>,
    /// Whether nothing else may be done before the password is changed.
    pub must_change_password: bool,
}

impl Authenticated {
    /// The caller.
    ///
    /// # Errors
    /// `Forbidden` with code `password_change_required` when the password must be changed first.
    pub fn caller(&self) -> Result<&Caller> {
        if self.must_change_password {
            return Err(Error::new(
                ErrorKind::Forbidden,
                "password_change_required",
                "Change your password first (POST /api/v1/me/password).",
            ));
        }
        Ok(&self.caller)
    }

    /// The caller, for what is allowed although the password must be changed: reading one's own account, changing the
    /// password, signing out.
    #[must_use]
    pub const fn restricted_caller(&self) -> &Caller {
        &self.caller
    }
}

/// Finds out who is calling with the access token `token`, in one statement when the roles in force are known already.
///
/// What counts is what the store says now: the session lives, the account is active, and the roles are those held in
/// the organization that the token names. The token's own `roles` decide nothing. Where the membership has ended or is
/// suspended, or the organization is archived, there are none.
///
/// # Errors
/// `Unauthenticated`, whatever is wrong with the token or the session.
pub async fn authenticate(app: &App, token: &str, context: RequestContext) -> Result<Authenticated> {
    let claims = verify_access_token(app, token).await?;
    let now = app.now();
    let record = app.store.load_caller(claims.org, claims.sub, claims.sid, now).await?;
    let record = record.ok_or_else(Error::unauthenticated)?;
    app.activity.note(claims.sid, record.last_activity_at, now);
    let grants = if record.membership == Some(MembershipStatus::Active) {
        app.grants.held(app, claims.org, record.versions, &record.roles).await?
    } else {
        Arc::from([])
    };
    let caller = Caller {
        kind: CallerKind::User,
        user_id: Some(record.user.id),
        organization_id: claims.org,
        session_id: Some(claims.sid),
        grants,
        context,
    };
    Ok(Authenticated {
        caller,
        must_change_password: record.user.must_change_password,
        membership: record.membership,
        user: record.user,
    })
}
