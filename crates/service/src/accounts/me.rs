//! Who am I?

use crate::{App, audit, sessions::Authenticated};
use keystead_domain::{OrganizationId, SessionId, accounts::User, organizations::MembershipStatus};
use std::sync::Arc;

/// The caller, as they see themselves.
#[derive(Clone, Debug, PartialEq)]
pub struct Me {
    /// The account.
    pub user: Arc<User>,
    /// The organization that the access token names.
    pub organization_id: OrganizationId,
    /// The session.
    pub session_id: Option<SessionId>,
    /// The names of the roles held in the organization.
    pub roles: Vec<String>,
    /// The place in the organization; none when it has ended or the organization is archived.
    pub membership: Option<MembershipStatus>,
}

/// The caller's own account, which [`authenticate`](crate::sessions::authenticate) has read: no further statement. It is
/// allowed although the password must be changed.
#[must_use]
pub fn me(app: &App, authenticated: Authenticated) -> Me {
    let caller = authenticated.restricted_caller();
    let user = authenticated.user.id;
    audit::note_read(app, caller, "user.read", "users", Some(user.as_uuid()), Some(user));
    Me {
        organization_id: caller.organization_id,
        session_id: caller.session_id,
        roles: caller.grants.iter().map(|grant| grant.role.clone()).collect(),
        membership: authenticated.membership,
        user: authenticated.user,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, account, member, organization, session};

    #[test]
    fn nothing_is_asked_of_the_store() {
        let app = TestApp::new().build();
        let known = Authenticated::of(member(1, 7), account(7).into(), Some(MembershipStatus::Active));
        let me = me(&app, known);
        assert_eq!((me.user, me.organization_id), (account(7).into(), organization(1)));
        assert_eq!((me.session_id, me.roles), (Some(session(7)), vec!["user".to_owned()]));
    }
}
