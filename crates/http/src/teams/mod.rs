//! teams
pub(crate) mod view;
