//! organizations
pub(crate) mod view;
