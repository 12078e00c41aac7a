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
pub(crate) use new_person::{NewPerson, join_as_administrator, new_user};
pub(crate) use register::hints;
pub use register::{Register, Registered, register};
pub use unlock_user::unlock_user;
pub use update_me::{UpdateMe, update_me};
pub use update_user::{UpdateUser, update_user};

use crate::{App, access::guard_administration};
use keystead_access::Resource;
use keystead_domain::{Caller, Error, ErrorKind, Result, UserId, access::Action};

/// The account of `user`, which is their own.
fn account(user: UserId) -> Resource<'static> {
    Resource::personal("users", Some(user.as_uuid()), user)
}

/// Asks whether the caller may change anyone's account. Who may only read this one is told so.
pub(crate) async fn guard_account(app: &App, caller: &Caller, user: UserId) -> Result<()> {
    match guard_administration(caller, Action::Update, &account(user)) {
        Ok(()) => Ok(()),
        Err(refused) if refused.is(ErrorKind::NotFound) => {
            Err(if get_user(app, caller, user).await.is_ok() { Error::forbidden() } else { refused })
        }
        Err(refused) => Err(refused),
    }
}
