//! The keys that seal, authenticate and sign.

mod check;
mod data_keys;
mod jwks;
mod keyring;
mod macs;
mod rotate;
mod signing;

pub use check::check_master_key;
pub(crate) use data_keys::{DataKeys, committed_data_key, data_key_is_committed, data_keys_by_id};
pub use data_keys::{KeyOwner, data_key};
pub use jwks::jwks;
pub use keyring::Keyring;
pub(crate) use keyring::open_keyring;
pub use macs::Macs;
pub(crate) use rotate::current_signing_key;
pub use rotate::{RotateOutput, rotate_signing_keys};
pub(crate) use signing::SigningKeys;
pub use signing::{reload_signing_keys, verify_access_token};
