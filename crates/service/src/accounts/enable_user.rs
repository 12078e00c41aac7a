//! An administrator of the platform opens an account again.

use super::guard_account;
use crate::{
    App,
    audit::{self, Event},
};
use keystead_domain::{
    Caller, Error, PLATFORM, Result, Scope, UserId,
    accounts::{User, UserStatus},
};
use serde_json::json;

/// Lets an account be used (again). One that is in use stays so. The sessions that were ended stay ended.
///
/// # Errors
/// As [`guard_administration`](crate::access::guard_administration); `NotFound`; `PreconditionFailed` when the account changes at the same moment.
pub async fn enable_user(app: &App, caller: &Caller, user: UserId) -> Result<User> {
    guard_account(app, caller, user).await?;
    let unit = app.store.begin(Scope::person(PLATFORM, user)).await?;
    let found = unit.users().find(PLATFORM, user).await?.ok_or_else(|| Error::not_found("user"))?;
    if found.status == UserStatus::Active {
        return Ok(found);
    }
    let changed = User { status: UserStatus::Active, updated_at: app.now(), ..found.clone() };
    let changed = unit.users().update(PLATFORM, &changed).await?;
    let event = Event::new(caller, "user.enabled", "users")
        .resource(user)
        .subject(user)
        .data(json!({ "before": found.status }));
    audit::append(&*unit, app, PLATFORM, vec![event]).await?;
    unit.commit().await?;
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, Trail, account, administrator, user};
    use keystead_store::mocks::MockUnitOfWork;

    #[tokio::test]
    async fn a_shut_account_is_opened_and_an_open_one_left_alone() {
        for (status, writes) in [(UserStatus::Disabled, 1), (UserStatus::Active, 0)] {
            let (test, trail) = (TestApp::new(), Trail::default());
            let mut unit = MockUnitOfWork::new();
            unit.users.expect_find().returning(move |_, _| Ok(Some(User { status, ..account(9) })));
            unit.users.expect_update().times(writes).returning(|_, user| Ok(user.clone()));
            trail.record(&mut unit);
            let journal = test.platform_role(9, None).unit(unit).journal();
            let user = enable_user(&test.build(), &administrator(PLATFORM, 1), user(9)).await.unwrap();
            assert_eq!((user.status, journal.commits(), trail.events().len()), (UserStatus::Active, writes, writes));
        }
    }
}
