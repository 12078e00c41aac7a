//! An administrator of the platform changes an account.

use super::{edit::Edit, guard_account};
use crate::{
    App,
    audit::{self, Event, changes},
};
use keystead_domain::{Caller, Error, Json, Result, Scope, UserId, accounts::User};

/// What is to change; none leaves a field as it is.
#[derive(Clone, Debug)]
pub struct UpdateUser {
    /// Whose account.
    pub user: UserId,
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
    /// Another tier.
    pub tier: Option<String>,
    /// What replaces the administrators' notes: a JSON object of at most 32 KiB.
    pub metadata: Option<Json>,
}

/// Changes anyone's account. An organization's administrators cannot: a person belongs to no organization.
///
/// # Errors
/// As [`guard_administration`](crate::access::guard_administration); `NotFound`; `Invalid` for a field that breaks its rules; `PreconditionFailed` when the
/// account has changed since; `Conflict` with code `username_taken` or `email_taken`.
pub async fn update_user(app: &App, caller: &Caller, input: UpdateUser) -> Result<User> {
    let UpdateUser { user, version, username, email, first_name, last_name, tier, metadata } = input;
    guard_account(app, caller, user).await?;
    let edit = Edit { username, email, first_name, last_name, tier, metadata, ..Edit::default() };
    let unit = app.store.begin(Scope::person(caller.organization_id, user)).await?;
    let before = unit.users().find(caller.organization_id, user).await?.ok_or_else(|| Error::not_found("user"))?;
    let mut after = edit.apply(&before)?;
    (after.version, after.updated_at) = (version, app.now());
    let after = unit.users().update(caller.organization_id, &after).await?;
    let event =
        Event::new(caller, "user.updated", "users").resource(user).subject(user).changed(changes(&before, &after)?);
    audit::append(&*unit, app, caller.organization_id, vec![event]).await?;
    unit.commit().await?;
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, Trail, account, administrator, member, organization, user};
    use keystead_domain::{ErrorKind, PLATFORM};
    use keystead_store::mocks::{MockUnitOfWork, Step};

    fn input(number: u128) -> UpdateUser {
        UpdateUser {
            user: user(number),
            version: 1,
            username: None,
            email: None,
            first_name: None,
            last_name: None,
            tier: Some("gold".to_owned()),
            metadata: None,
        }
    }

    #[tokio::test]
    async fn the_platform_writes_the_persons_row() {
        let (test, trail) = (TestApp::new(), Trail::default());
        let mut unit = MockUnitOfWork::new();
        unit.users.expect_find().returning(|_, _| Ok(Some(account(9))));
        unit.users.expect_update().once().returning(|_, user| Ok(User { version: 2, ..user.clone() }));
        trail.record(&mut unit);
        let journal = test.platform_role(9, None).unit(unit).journal();
        let changed = update_user(&test.build(), &administrator(PLATFORM, 1), input(9)).await.unwrap();
        assert_eq!((changed.tier.as_str(), changed.version), ("gold", 2));
        assert_eq!(journal.steps()[2..], [Step::Begin(Scope::person(PLATFORM, user(9))), Step::Commit]);
        assert_eq!(trail.only().subject_user_id, Some(user(9)));
    }

    #[tokio::test]
    async fn nobody_gives_themselves_another_tier() {
        let app = TestApp::new().build();
        for caller in [member(1, 7), administrator(organization(1), 7)] {
            assert_eq!(update_user(&app, &caller, input(7)).await.unwrap_err().kind, ErrorKind::Forbidden);
        }
    }
}
