//! sessions
pub(crate) mod view;
