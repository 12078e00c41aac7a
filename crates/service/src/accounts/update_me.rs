//! A person changes their own account.

use super::{account, edit::Edit};
use crate::{
    App,
    access::guard,
    audit::{self, Event, changes},
    sessions::signed_in,
};
use keystead_domain::{Caller, Error, Json, Result, access::Action, accounts::User};

/// What is to change; none leaves a field as it is.
#[derive(Clone, Debug, Default)]
pub struct UpdateMe {
    /// The version that the change was made for (`If-Match`).
    pub version: i64,
    /// A new username.
    pub username: Option<String>,
    /// A new address, which is then not confirmed.
    pub email: Option<String>,
    /// A new given name; an inner none removes it.
    pub first_name: Option<Option<String>>,
    /// A new family name; an inner none removes it.
    pub last_name: Option<Option<String>>,
    /// What replaces the preferences: a JSON object of at most 32 KiB.
    pub preferences: Option<Json>,
    /// What replaces the profile data: a JSON object of at most 32 KiB.
    pub profile_data: Option<Json>,
}

/// Changes the caller's own account.
///
/// # Errors
/// `Unauthenticated`; `Invalid` for a field that breaks its rules; `PreconditionFailed` when the account has changed
/// since; `Conflict` with code `username_taken` or `email_taken`.
pub async fn update_me(app: &App, caller: &Caller, input: UpdateMe) -> Result<User> {
    let me = signed_in(caller)?;
    guard(caller, Action::Update, &account(me))?;
    let UpdateMe { version, username, email, first_name, last_name, preferences, profile_data } = input;
    let edit = Edit { username, email, first_name, last_name, preferences, profile_data, ..Edit::default() };
    let unit = app.store.begin(caller.scope()).await?;
    let before = unit.users().find_own(me).await?.ok_or_else(Error::unauthenticated)?;
    let mut user = edit.apply(&before)?;
    (user.version, user.updated_at) = (version, app.now());
    let user = unit.users().update(caller.organization_id, &user).await?;
    let event = Event::new(caller, "user.updated", "users").resource(me).subject(me).changed(changes(&before, &user)?);
    audit::append(&*unit, app, caller.organization_id, vec![event]).await?;
    unit.commit().await?;
    Ok(user)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, Trail, account, member, now};
    use keystead_domain::ErrorKind;
    use keystead_store::mocks::MockUnitOfWork;

    #[tokio::test]
    async fn the_version_of_the_change_decides() {
        let (test, trail) = (TestApp::new(), Trail::default());
        let mut unit = MockUnitOfWork::new();
        unit.users.expect_find_own().once().returning(|_| Ok(Some(account(7))));
        unit.users.expect_update().once().returning(|_, user| {
            assert_eq!((user.version, user.updated_at), (3, now()));
            Ok(User { version: 4, ..user.clone() })
        });
        trail.record(&mut unit);
        let journal = test.unit(unit).journal();
        let input = UpdateMe { version: 3, last_name: Some(Some("L".to_owned())), ..UpdateMe::default() };
        let user = update_me(&test.build(), &member(1, 7), input).await.unwrap();
        assert_eq!((user.version, user.last_name.as_deref(), journal.commits()), (4, Some("L"), 1));
        assert_eq!(trail.only().event_type, "user.updated");
    }

    #[tokio::test]
    async fn a_stale_version_changes_nothing() {
        let test = TestApp::new();
        let mut unit = MockUnitOfWork::new();
        unit.users.expect_find_own().returning(|_| Ok(Some(account(7))));
        unit.users.expect_update().returning(|_, _| Err(Error::stale()));
        let journal = test.unit(unit).journal();
        let error = update_me(&test.build(), &member(1, 7), UpdateMe::default()).await.unwrap_err();
        assert_eq!((error.kind, journal.commits()), (ErrorKind::PreconditionFailed, 0));
    }
}
