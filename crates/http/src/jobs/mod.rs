//! jobs
pub(crate) mod view;
