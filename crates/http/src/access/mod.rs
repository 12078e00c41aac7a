//! access
pub(crate) mod view;
