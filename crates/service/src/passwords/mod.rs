//! Choosing and changing passwords.

mod change;
mod generate;
mod policy;
mod reset;

use crate::App;
use keystead_crypto::passwords::ClientPool;
use keystead_domain::Caller;

pub use change::{ChangePassword, PasswordChanged, change_password};
pub use generate::generate_password;
pub(crate) use policy::Judge;
pub use policy::check_new_password;
pub use reset::{PasswordReset, ResetPassword, reset_password};

/// The pool of threads that hash, for what comes from `caller`'s network: a flood from one network leaves room for the others.
pub(crate) fn hashing<'a>(app: &'a App, caller: &Caller) -> ClientPool<'a> {
    let network = app.keys.macs().network_hash(caller.context.client_ip);
    app.passwords.of(network.first_chunk().copied().map_or(0, u64::from_le_bytes))
}
