//! An administrator of the platform lifts the locks of an account.

use super::guard_account;
use crate::{
    App,
    audit::{self, Event},
    sessions::account_key,
};
use keystead_domain::{Caller, Error, PLATFORM, Result, Scope, UserId, accounts::User};

/// Lifts every lock that wrong passwords have put on an account, for all networks.
///
/// # Errors
/// As [`guard_administration`](crate::access::guard_administration); `NotFound`; `PreconditionFailed` when the account changes at the same moment.
pub async fn unlock_user(app: &App, caller: &Caller, user: UserId) -> Result<User> {
    guard_account(app, caller, user).await?;
    let unit = app.store.begin(Scope::person(PLATFORM, user)).await?;
    let found = unit.users().find(PLATFORM, user).await?.ok_or_else(|| Error::not_found("user"))?;
    let changed = User { failed_login_attempts: 0, locked_until: None, updated_at: app.now(), ..found };
    let changed = unit.users().update(PLATFORM, &changed).await?;
    unit.sign_in_attempts().clear(&account_key(user)).await?;
    let event = Event::new(caller, "user.unlocked", "users").resource(user).subject(user);
    audit::append(&*unit, app, PLATFORM, vec![event]).await?;
    unit.commit().await?;
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, Trail, account, administrator, now, user};
    use keystead_store::mocks::MockUnitOfWork;

    #[tokio::test]
    async fn the_account_and_every_network_are_unlocked() {
        let (test, trail) = (TestApp::new(), Trail::default());
        let mut unit = MockUnitOfWork::new();
        let locked = User { failed_login_attempts: 60, locked_until: Some(now().plus_seconds(900)), ..account(9) };
        unit.users.expect_find().return_once(move |_, _| Ok(Some(locked)));
        unit.users.expect_update().once().returning(|_, user| Ok(user.clone()));
        unit.sign_in_attempts.expect_clear().once().returning(|key| {
            assert_eq!(key, format!("user:{}", user(9)));
            Ok(())
        });
        trail.record(&mut unit);
        test.platform_role(9, None).unit(unit);
        let changed = unlock_user(&test.build(), &administrator(PLATFORM, 1), user(9)).await.unwrap();
        assert_eq!((changed.failed_login_attempts, changed.locked_until), (0, None));
        assert_eq!(trail.only().event_type, "user.unlocked");
    }
}
