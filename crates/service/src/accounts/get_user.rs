//! Reads an account.

use crate::{
    App,
    access::{Resource, guard},
    audit,
};
use keystead_domain::{Caller, Error, Result, UserId, access::Action, accounts::User};

/// The account of a member of the caller's organization, of anyone from the platform, or the caller's own.
///
/// # Errors
/// `Unauthenticated`; `NotFound` when there is none that the caller may read.
pub async fn get_user(app: &App, caller: &Caller, user: UserId) -> Result<User> {
    guard(caller, Action::Read, &readable(caller, user))?;
    let found = find(app, caller, user).await?;
    audit::note_read(app, caller, "user.read", "users", Some(user.as_uuid()), Some(user));
    Ok(found)
}

/// The account as somebody asks to read it. The repository finds only what is seen from the caller's organization.
pub(super) fn readable(caller: &Caller, user: UserId) -> Resource<'static> {
    Resource::one("users", user.as_uuid(), caller.organization_id).owned_by(user)
}

/// The account, for who may read it.
pub(super) async fn find(app: &App, caller: &Caller, user: UserId) -> Result<User> {
    let unit = app.store.glance(caller.scope()).await?;
    let found = if caller.user_id == Some(user) {
        unit.users().find_own(user).await?
    } else {
        unit.users().find(caller.organization_id, user).await?
    };
    found.ok_or_else(|| Error::not_found("user"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, account, administrator, anonymous, member, organization, user};
    use keystead_domain::ErrorKind;
    use keystead_store::mocks::MockUnitOfWork;

    async fn get(caller: &Caller, member: bool) -> Result<User> {
        let test = TestApp::new();
        let mut unit = MockUnitOfWork::new();
        unit.users.expect_find().returning(move |_, _| Ok(member.then(|| account(9))));
        unit.users.expect_find_own().returning(|_| Ok(Some(account(7))));
        test.unit(unit);
        get_user(&test.build(), caller, if caller.user_id == Some(user(7)) { user(7) } else { user(9) }).await
    }

    #[tokio::test]
    async fn administrators_read_members_and_everyone_reads_themselves() {
        assert_eq!(get(&administrator(organization(1), 1), true).await.unwrap().id, user(9));
        assert_eq!(get(&member(1, 7), false).await.unwrap().id, user(7));
    }

    #[tokio::test]
    async fn others_find_nothing() {
        for (caller, is_member) in
            [(administrator(organization(1), 1), false), (member(1, 1), true), (member(1, 1), false)]
        {
            assert_eq!(get(&caller, is_member).await.unwrap_err().kind, ErrorKind::NotFound);
        }
        assert_eq!(get(&anonymous(), true).await.unwrap_err().kind, ErrorKind::Unauthenticated);
    }
}
