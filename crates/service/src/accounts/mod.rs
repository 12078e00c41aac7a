//! People's accounts.

mod create_user;
mod disable_user;
mod edit;
mod enable_user;
mod get_user;
mod list_users;
mod me;
mod new_person;
mod register;
mod unlock_user;
mod update_me;
mod update_user;

pub use create_user::{CreateUser, CreatedUser, create_user};
pub use disable_user::disable_user;
pub use enable_user::enable_user;
pub use get_user::get_user;
pub use list_users::{ListUsers, list_users};
pub use me::{Me, me};
pub(crate) use new_person::{NewPerson, new_user};
pub(crate) use register::hints;
pub use register::{Register, Registered, register};
pub use unlock_user::unlock_user;
pub use update_me::{UpdateMe, update_me};
pub use update_user::{UpdateUser, update_user};

use crate::{
    App,
    access::{Resource, guard_administration, may, may_overrule, roles::permitted_by, scope_in},
};
use keystead_domain::{Caller, Error, ErrorKind, PLATFORM, Result, RoleId, UserId, access::Action};
use keystead_store::UnitOfWork;

/// Whether the caller may read everybody's account, and so sees the whole of each. Where he works does not decide: in the
/// platform organization, too, there are people who may not.
#[must_use]
pub fn reads_everyone(caller: &Caller) -> bool {
    may(caller, Action::Read, &Resource::installation("users"))
}

/// The account of `user`, which is their own.
fn account(user: UserId) -> Resource<'static> {
    Resource::personal("users", Some(user.as_uuid()), user)
}

/// Asks again within `unit`, which sees the platform, what [`guard_account`] has asked before its caller has waited.
pub(crate) async fn guard_account_again(unit: &dyn UnitOfWork, caller: &Caller, user: UserId) -> Result<()> {
    guard_administration(caller, Action::Update, &account(user))?;
    guard_those_above(unit, caller, user).await
}

/// Asks whether the caller may change the account of `user`: anyone's, but for those of people who may do in the platform
/// what he may not. With such an account's password or address he would be that person. Who may only read this one is told
/// so.
///
/// # Errors
/// As [`guard_administration`]; `Forbidden` with code `holds_more`.
pub(crate) async fn guard_account(app: &App, caller: &Caller, user: UserId) -> Result<()> {
    match guard_administration(caller, Action::Update, &account(user)) {
        Ok(()) if !caller.kind.is_bounded() => Ok(()),
        Ok(()) => guard_those_above(&*app.store.read(scope_in(PLATFORM, caller)).await?, caller, user).await,
        Err(refused) if refused.is(ErrorKind::NotFound) => {
            let is_seen = may(caller, Action::Read, &get_user::readable(caller, user))
                && get_user::find(app, caller, user).await.is_ok();
            Err(if is_seen { Error::forbidden() } else { refused })
        }
        Err(refused) => Err(refused),
    }
}

async fn guard_those_above(unit: &dyn UnitOfWork, caller: &Caller, user: UserId) -> Result<()> {
    if !caller.kind.is_bounded() {
        return Ok(());
    }
    // Roles of a suspended membership count, too: they come back with it.
    let Some(member) = unit.memberships().find(PLATFORM, user).await? else { return Ok(()) };
    let held: Vec<RoleId> = member.roles.iter().map(|(id, _)| *id).collect();
    may_overrule(caller, &permitted_by(unit, PLATFORM, &held).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, administrator, caller, context, holding, user};
    use keystead_domain::{
        Grant, RoleId,
        access::{ADMIN, MANAGER, Permission},
    };

    /// The person 1, who may change anyone's account for the platform, and nothing else.
    fn clerk() -> Caller {
        let by = caller(PLATFORM, 1, &[ADMIN]);
        let permissions: Vec<Permission> =
            by.grants[0].permissions.iter().filter(|one| one.name() == "users:update:any").cloned().collect();
        // Who holds the built-in role there may do everything.
        let role_id = RoleId::from_uuid(uuid::Uuid::from_u128(9));
        holding(by.clone(), vec![Grant { role_id, permissions: permissions.into(), ..by.grants[0].clone() }])
    }

    #[tokio::test]
    async fn nobody_changes_the_account_of_those_above_him() {
        for (by, target, expected) in [
            (clerk(), None, None),
            (clerk(), Some(ADMIN), Some("holds_more")),
            (clerk(), Some(MANAGER), Some("holds_more")),
            (administrator(PLATFORM, 1), Some(ADMIN), None),
        ] {
            let test = TestApp::new();
            test.platform_role(9, target);
            let guarded = guard_account(&test.build(), &by, user(9)).await;
            assert_eq!(guarded.err().map(|error| error.code), expected);
        }
        // Nothing is asked about the operator.
        assert!(guard_account(&TestApp::new().build(), &Caller::operator(context()), user(9)).await.is_ok());
    }

    #[test]
    fn permissions_decide_who_reads_everyone_and_not_the_place() {
        assert!(reads_everyone(&administrator(PLATFORM, 1)) && reads_everyone(&Caller::operator(context())));
        for other in [caller(PLATFORM, 1, &[MANAGER]), caller(PLATFORM, 1, &[]), clerk()] {
            assert!(!reads_everyone(&other));
        }
    }
}
