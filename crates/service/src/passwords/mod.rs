//! Choosing and changing passwords.

mod change;
mod generate;
mod policy;
mod reset;

pub use change::{ChangePassword, PasswordChanged, change_password};
pub use generate::generate_password;
pub(crate) use policy::Judge;
pub use policy::check_new_password;
pub use reset::{PasswordReset, ResetPassword, reset_password};
