//! A person's account.

mod email;
mod login;
mod password;
mod precis;
mod service_account;
mod user;
mod username;

pub use email::Email;
pub use login::Login;
pub use password::{Password, PasswordHash};
pub use service_account::{ApiKey, ServiceAccount};
pub use user::{LOCK_AFTER, NewUser, User, UserFilter, UserStatus};
pub use username::Username;
