//! Accounts.
pub(crate) mod view;
