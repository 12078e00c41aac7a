//! An administrator of the platform shuts an account.

use super::guard_account;
use crate::{
    App,
    audit::{self, Event},
};
use keystead_domain::{
    Caller, Error, PLATFORM, Result, Scope, UserId,
    access::ADMIN,
    accounts::{User, UserStatus},
    organizations::MembershipStatus,
    sessions::RevokedReason,
};
use keystead_store::UnitOfWork;
use serde_json::json;

/// Shuts an account and ends its sessions. One that is shut stays so.
///
/// # Errors
/// As [`guard_administration`](crate::access::guard_administration); `NotFound`; `Conflict` with code `last_administrator` for the last person who can
/// administer the platform; `PreconditionFailed` when the account changes at the same moment.
pub async fn disable_user(app: &App, caller: &Caller, user: UserId) -> Result<User> {
    guard_account(app, caller, user).await?;
    let unit = app.store.begin(Scope::person(PLATFORM, user)).await?;
    let found = unit.users().find(PLATFORM, user).await?.ok_or_else(|| Error::not_found("user"))?;
    if found.status == UserStatus::Disabled {
        return Ok(found);
    }
    keep_an_administrator(&*unit, user).await?;
    let changed = User { status: UserStatus::Disabled, updated_at: app.now(), ..found.clone() };
    // The account's row is written first: a sign-in at the same moment waits for it, and then sees the account shut.
    let changed = unit.users().update(PLATFORM, &changed).await?;
    let ended = unit.sessions().revoke_all(user, None, RevokedReason::UserDisabled, app.now()).await?;
    let event = Event::new(caller, "user.disabled", "users")
        .resource(user)
        .subject(user)
        .data(json!({ "before": found.status, "ended_sessions": ended.len() }));
    audit::append(&*unit, app, PLATFORM, vec![event]).await?;
    unit.commit().await?;
    Ok(changed)
}

async fn keep_an_administrator(unit: &dyn UnitOfWork, user: UserId) -> Result<()> {
    let member = unit.memberships().find(PLATFORM, user).await?;
    let administers = member.is_some_and(|member| {
        member.membership.status == MembershipStatus::Active && member.roles.iter().any(|(role, _)| *role == ADMIN.id)
    });
    if administers && unit.memberships().count_administrators(PLATFORM).await? <= 1 {
        return Err(Error::conflict(
            "last_administrator",
            "This is the last administrator of the platform: give the role to someone else first.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, Trail, account, administrator, member, now, organization, session, user};
    use keystead_domain::{
        ErrorKind, MembershipId,
        organizations::{Member, Membership},
    };
    use keystead_store::mocks::MockUnitOfWork;
    use uuid::Uuid;

    fn as_member(number: u128) -> Member {
        let membership = Membership {
            id: MembershipId::from_uuid(Uuid::from_u128(1)),
            organization_id: PLATFORM,
            user_id: user(number),
            status: MembershipStatus::Active,
            created_at: now(),
            updated_at: now(),
            version: 1,
        };
        Member { membership, user: account(number), roles: vec![(ADMIN.id, "admin".to_owned())] }
    }

    fn unit(administrators: Option<u64>) -> MockUnitOfWork {
        let mut unit = MockUnitOfWork::new();
        unit.users.expect_find().returning(|_, _| Ok(Some(account(9))));
        unit.memberships.expect_find().returning(move |_, _| Ok(administrators.map(|_| as_member(9))));
        unit.memberships.expect_count_administrators().returning(move |_| Ok(administrators.unwrap_or(0)));
        unit
    }

    #[tokio::test]
    async fn disabling_ends_the_sessions_in_the_same_transaction() {
        for administrators in [None, Some(2)] {
            let (test, trail) = (TestApp::new(), Trail::default());
            let mut unit = unit(administrators);
            unit.users.expect_update().once().returning(|_, user| Ok(user.clone()));
            unit.sessions.expect_revoke_all().once().returning(|_, except, reason, _| {
                assert_eq!((except, reason), (None, RevokedReason::UserDisabled));
                Ok(vec![session(1)])
            });
            trail.record(&mut unit);
            let journal = test.platform_role(9, administrators.map(|_| ADMIN)).unit(unit).journal();
            let changed = disable_user(&test.build(), &administrator(PLATFORM, 1), user(9)).await.unwrap();
            assert_eq!((changed.status, journal.commits()), (UserStatus::Disabled, 1));
            assert_eq!(trail.only().event_data["ended_sessions"], 1);
        }
    }

    #[tokio::test]
    async fn the_last_administrator_of_the_platform_stays() {
        let test = TestApp::new();
        let journal = test.platform_role(9, Some(ADMIN)).unit(unit(Some(1))).journal();
        let error = disable_user(&test.build(), &administrator(PLATFORM, 1), user(9)).await.unwrap_err();
        assert_eq!((error.code, journal.commits()), ("last_administrator", 0));
    }

    #[tokio::test]
    async fn an_organizations_administrator_never_shuts_an_account() {
        let app = TestApp::new().build();
        for (caller, expected) in [
            (administrator(organization(1), 1), ErrorKind::NotFound),
            (administrator(organization(1), 9), ErrorKind::Forbidden),
            (member(1, 9), ErrorKind::Forbidden),
        ] {
            assert_eq!(disable_user(&app, &caller, user(9)).await.unwrap_err().kind, expected);
        }
    }
}
